//! The baseline: divergences that are expected, each with a reason and a link. An entry that no longer
//! holds is an error, so that the file never says more than is true.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    divergence::Divergence,
    input::{InputError, from_json, line_of},
    suite::Report,
};

/// What a baseline entry expects.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// One fingerprint.
    fingerprint: Option<String>,
    /// Or every fingerprint of a rule.
    rule: Option<String>,
    /// Of that rule, only those of this adapter.
    adapter: Option<String>,
    /// For a rule: how many distinct fingerprints it covers.
    covers: Option<usize>,
    reason: String,
    link: String,
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
    entries: Vec<(usize, Entry)>,
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    ///
    /// Every bad entry, with file, line and field.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<InputError>> {
        let at = |error: InputError, first: usize| InputError {
            file: Some(file.to_owned()),
            line: Some(error.line.map_or(first, |line| first + line - 1)),
            ..error
        };
        let fault = |field: &str, message: &str| InputError {
            file: None,
            line: None,
            field: field.to_owned(),
            message: message.to_owned(),
        };
        let raw: File<'_> = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            vec![InputError { file: Some(file.to_owned()), line: Some(error.line()), field: String::new(), message }]
        })?;
        if raw.schema != 1 {
            return Err(vec![at(fault("schema", "not known here: 1"), 1)]);
        }
        let (mut entries, mut errors) = (Vec::new(), Vec::new());
        for raw in raw.entries {
            let line = line_of(text, raw.get());
            let checked =
                from_json::<Entry>(raw.get()).and_then(|entry| match (&entry.fingerprint, &entry.rule, entry.covers) {
                    _ if entry.reason.trim().is_empty() => Err(fault("reason", "say why this is expected")),
                    _ if entry.link.trim().is_empty() => Err(fault("link", "say where this is explained")),
                    (Some(_), None, None) | (None, Some(_), Some(_)) => Ok(entry),
                    (None, Some(_), None) => Err(fault("covers", "say how many distinct fingerprints the rule covers")),
                    _ => Err(fault("", "give a fingerprint, or a rule with what it covers")),
                });
            match checked {
                Ok(entry) => entries.push((line, entry)),
                Err(error) => errors.push(at(error, line)),
            }
        }
        if errors.is_empty() { Ok(Self { file: file.to_owned(), entries }) } else { Err(errors) }
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
        self.entries.iter().any(|(_, entry)| entry.covers(adapter, &divergence.rule, &divergence.fingerprint))
    }

    /// The entries that no longer hold: that match nothing, or another number than they say. Only a whole
    /// result can tell.
    pub fn stale(&self, report: &Report) -> Vec<InputError> {
        let mut errors = Vec::new();
        for (line, entry) in &self.entries {
            let mut found: Vec<&str> = Vec::new();
            for adapter in &report.adapters {
                let of_entry = adapter
                    .divergences
                    .iter()
                    .filter(|divergence| entry.covers(&adapter.name, &divergence.rule, &divergence.fingerprint));
                found.extend(of_entry.map(|divergence| divergence.fingerprint.as_str()));
            }
            found.sort_unstable();
            found.dedup();
            let message = match (found.len(), entry.covers) {
                (0, _) => "matches nothing: remove the entry".to_owned(),
                (found, Some(covers)) if found != covers => format!("covers {found} fingerprints, not {covers}"),
                _ => continue,
            };
            let field = entry.fingerprint.clone().or_else(|| entry.rule.clone()).unwrap_or_default();
            errors.push(InputError { file: Some(self.file.clone()), line: Some(*line), field, message });
        }
        errors
    }
}

impl Entry {
    fn covers(&self, adapter: &str, rule: &str, fingerprint: &str) -> bool {
        let is_of_rule = self.rule.as_deref() == Some(rule) && self.adapter.as_deref().is_none_or(|own| own == adapter);
        self.fingerprint.as_deref() == Some(fingerprint) || is_of_rule
    }
}
