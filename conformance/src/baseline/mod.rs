//! The baseline: divergences that are expected, each with a reason and a link. An entry that no longer
//! holds is an error, so that the file never says more than is true.

use std::collections::{BTreeSet, HashMap};

use cors_adapters::registry;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;

mod update;

pub use update::{Change, Update};

use crate::{
    divergence::Divergence,
    input::{InputError, from_json, line_of},
    suite::{AdapterReport, Report},
};

/// A baseline file, as its schema has it.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "BaselineFile", deny_unknown_fields)]
#[allow(dead_code, reason = "the source of the JSON Schema")]
pub struct BaselineFile {
    /// The version of this format: 1.
    pub schema: u32,
    /// What is expected.
    pub entries: Vec<Entry>,
}

/// What a baseline entry expects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// One fingerprint.
    pub fingerprint: Option<String>,
    /// Or every fingerprint of a rule.
    pub rule: Option<String>,
    /// Of that rule, only those of this adapter.
    pub adapter: Option<String>,
    /// For a rule: how many distinct fingerprints it covers.
    pub covers: Option<usize>,
    /// Why it is expected.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// Where that is explained.
    #[schemars(length(min = 1))]
    pub link: String,
}

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
    file: String,
    text: String,
    entries: Vec<Written>,
}

/// An entry, with the line that it begins on and its text.
#[derive(Debug, Clone)]
struct Written {
    line: usize,
    text: String,
    entry: Entry,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    ///
    /// Every bad entry, with file, line and field.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<InputError>> {
        let baseline = Self::read_unfinished(file, text)?;
        let unsaid: Vec<_> = baseline.unsaid().collect();
        if unsaid.is_empty() { Ok(baseline) } else { Err(unsaid) }
    }

    /// Reads a baseline file whose reasons and links may wait for a person who writes them.
    ///
    /// # Errors
    ///
    /// Every bad entry, with file, line and field.
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
            return Err(vec![at(InputError::of("schema", "not known here: 1".to_owned()), 1)]);
        }
        let (mut entries, mut errors, mut lines) = (Vec::new(), Vec::new(), HashMap::new());
        for raw in raw.entries {
            let line = line_of(text, raw.get());
            let checked = from_json::<Entry>(raw.get()).and_then(|entry| {
                entry.check()?;
                match lines.insert((entry.fingerprint.clone(), entry.rule.clone(), entry.adapter.clone()), line) {
                    None => Ok(entry),
                    Some(before) => Err(InputError::of(entry.name(), format!("line {before} expects the same"))),
                }
            });
            match checked {
                Ok(entry) => entries.push(Written { line, text: raw.get().to_owned(), entry }),
                Err(error) => errors.push(at(error, line)),
            }
        }
        match errors.is_empty() {
            true => Ok(Self { file: file.to_owned(), text: text.to_owned(), entries }),
            false => Err(errors),
        }
    }

    /// A baseline that expects nothing, of a file that is not there yet.
    pub fn empty(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// The entries without a reason or a link.
    fn unsaid(&self) -> impl Iterator<Item = InputError> {
        self.entries.iter().filter_map(|written| {
            let Entry { reason, link, .. } = &written.entry;
            let (field, message) = match () {
                () if reason.trim().is_empty() => ("reason", "say why this is expected"),
                () if link.trim().is_empty() => ("link", "say where this is explained"),
                () => return None,
            };
            let error = InputError::of(field, message.to_owned());
            Some(InputError { file: Some(self.file.clone()), line: Some(written.line), ..error })
        })
    }

    /// Marks the divergences that are expected.
    pub fn apply(&self, report: &mut Report) {
        for adapter in &mut report.adapters {
            for divergence in &mut adapter.divergences {
                divergence.known = self.expects(&adapter.name, divergence);
            }
        }
    }

    /// Whether a divergence of that adapter is expected.
    pub fn expects(&self, adapter: &str, divergence: &Divergence) -> bool {
        self.entries.iter().any(|written| written.entry.covers(adapter, divergence))
    }

    /// The entries that no longer hold: that match nothing, or another number than they say. Only of a middleware whose
    /// result is whole can that be told.
    pub fn stale(&self, report: &Report) -> Vec<InputError> {
        let told = self.entries.iter().filter_map(|Written { line, entry, .. }| {
            let found = entry.is_told_by(report).then(|| entry.found(report).len())?;
            let message = match (found, entry.covers) {
                (0, _) => "matches nothing: remove the entry".to_owned(),
                (found, Some(covers)) if found != covers => format!("covers {found} fingerprints, not {covers}"),
                _ => return None,
            };
            let field = entry.name().to_owned();
            Some(InputError { file: Some(self.file.clone()), line: Some(*line), field, message })
        });
        told.collect()
    }
}

impl Entry {
    fn name(&self) -> &str {
        self.fingerprint.as_deref().or(self.rule.as_deref()).unwrap_or_default()
    }

    fn check(&self) -> Result<(), InputError> {
        let fault = |field: &str, message: &str| Err(InputError::of(field, message.to_owned()));
        match (&self.fingerprint, &self.rule, self.covers) {
            (Some(_), None, None) | (None, Some(_), Some(_)) => Ok(()),
            (None, Some(_), None) => fault("covers", "say how many distinct fingerprints the rule covers"),
            _ => fault("", "give a fingerprint, or a rule with what it covers"),
        }
    }

    fn covers(&self, adapter: &str, divergence: &Divergence) -> bool {
        let is_of_rule = self.rule.as_deref() == Some(&*divergence.rule);
        let is_own = self.adapter.as_deref().is_none_or(|own| own == adapter);
        self.fingerprint.as_deref() == Some(&divergence.fingerprint) || is_of_rule && is_own
    }

    /// The fingerprints that it covers.
    fn found<'r>(&self, report: &'r Report) -> BTreeSet<&'r str> {
        let of_row =
            |row: &'r AdapterReport| row.divergences.iter().filter(|divergence| self.covers(&row.name, divergence));
        report.adapters.iter().flat_map(of_row).map(|divergence| divergence.fingerprint.as_str()).collect()
    }

    /// Whether a report has all that it may cover: its adapter's row whole, or every row where it is of no one of them.
    fn is_told_by(&self, report: &Report) -> bool {
        let is_whole = |row: &AdapterReport| row.part.is_whole() && row.counts.broken == 0 && row.ended.is_none();
        let row = |name: &str| report.adapters.iter().find(|row| row.name == name);
        let of_fingerprint = self.fingerprint.as_deref().and_then(|fingerprint| fingerprint.split('/').next());
        let own = self.adapter.as_deref().or(of_fingerprint);
        if let Some(row) = own.and_then(row) {
            return is_whole(row);
        }
        let has_all = registry::middlewares().all(|middleware| row(middleware.describe().name).is_some());
        // A run of someone's own server has no other row, and their rules mean it.
        let is_own = || {
            own.is_none() && report.adapters.iter().all(|row| crate::self_check::registry::named(&row.name).is_none())
        };
        (has_all || is_own()) && report.adapters.iter().all(is_whole)
    }
}
