//! A baseline file, with the lines of its entries.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::entry::Entry;
use crate::{
    divergence::Divergence,
    input::{InputError, from_json, line_of},
    suite::Report,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    schema: u32,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

/// A baseline file.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) entries: Vec<EntryText>,
}

/// An entry with its text and the line on which it starts.
#[derive(Debug, Clone)]
pub(super) struct EntryText {
    pub(super) line: usize,
    pub(super) text: String,
    pub(super) entry: Entry,
}

impl Baseline {
    /// Reads a baseline file; `file` is its name.
    ///
    /// # Errors
    ///
    /// Returns an error for every bad entry, with the file, the line and the field.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<InputError>> {
        let baseline = Self::read_unfinished(file, text)?;
        let unexplained: Vec<_> = baseline.unexplained().collect();
        if unexplained.is_empty() { Ok(baseline) } else { Err(unexplained) }
    }

    /// Reads a baseline file whose reasons and links may still be missing; `file` is its name.
    ///
    /// # Errors
    ///
    /// Returns an error for every bad entry, with the file, the line and the field.
    pub fn read_unfinished(file: &str, text: &str) -> Result<Self, Vec<InputError>> {
        let at = |error: InputError, first: usize| InputError {
            file: Some(file.to_owned()),
            line: Some(error.line.map_or(first, |line| first + line - 1)),
            ..error
        };
        let raw: File<'_> = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            vec![InputError { file: Some(file.to_owned()), line: Some(error.line()), field: String::new(), message }]
        })?;
        if raw.schema != 1 {
            let message = format!("version {} of the format is not supported, only version 1", raw.schema);
            return Err(vec![at(InputError::of("schema", message), 1)]);
        }
        let (mut entries, mut errors, mut lines) = (Vec::new(), Vec::new(), HashMap::new());
        for raw in raw.entries {
            let line = line_of(text, raw.get());
            let checked = from_json::<Entry>(raw.get()).and_then(|entry| {
                entry.validate()?;
                match lines.insert((entry.fingerprint.clone(), entry.rule.clone(), entry.adapter.clone()), line) {
                    None => Ok(entry),
                    Some(earlier) => {
                        Err(InputError::of(entry.name(), format!("the entry on line {earlier} expects the same")))
                    }
                }
            });
            match checked {
                Ok(entry) => entries.push(EntryText { line, text: raw.get().to_owned(), entry }),
                Err(error) => errors.push(at(error, line)),
            }
        }
        match errors.is_empty() {
            true => Ok(Self { file: file.to_owned(), text: text.to_owned(), entries }),
            false => Err(errors),
        }
    }

    /// Returns a baseline without entries for a file that does not exist yet.
    pub fn empty(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// Returns an error for each entry without a reason or a link.
    pub(super) fn unexplained(&self) -> impl Iterator<Item = InputError> {
        self.entries.iter().filter_map(|EntryText { line, entry, .. }| {
            let error = entry.check_explanation().err()?;
            Some(InputError { file: Some(self.file.clone()), line: Some(*line), ..error })
        })
    }

    /// Marks the divergences that the baseline expects.
    pub fn apply(&self, report: &mut Report) {
        for adapter in &mut report.adapters {
            for divergence in &mut adapter.divergences {
                divergence.known = self.expects(&adapter.name, divergence);
            }
        }
    }

    /// Returns true if the baseline expects a divergence of the adapter.
    pub fn expects(&self, adapter: &str, divergence: &Divergence) -> bool {
        self.entries.iter().any(|EntryText { entry, .. }| entry.expects(adapter, divergence))
    }

    /// Returns an error for each entry that matches no divergence, or covers another number of fingerprints than it states.
    ///
    /// Entries about adapters with incomplete results are not checked.
    pub fn stale(&self, report: &Report) -> Vec<InputError> {
        let stale = self.entries.iter().filter_map(|EntryText { line, entry, .. }| {
            let found = entry.is_decided_by(report).then(|| entry.expected_fingerprints(report).len())?;
            let message = match (found, entry.covers) {
                (0, _) => "matches no divergence: remove the entry".to_owned(),
                (found, Some(covers)) if found != covers => format!("covers {found} fingerprints, not {covers}"),
                _ => return None,
            };
            let field = entry.name().to_owned();
            Some(InputError { file: Some(self.file.clone()), line: Some(*line), field, message })
        });
        stale.collect()
    }
}
