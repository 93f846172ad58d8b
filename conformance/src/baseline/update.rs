//! Bringing a baseline up to date with a report.

use std::{collections::BTreeSet, fmt};

use super::{
    entry::Entry,
    file::{Baseline, EntryText},
};
use crate::{input::InputError, suite::Report};

/// The result of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// The new text of the file. The text is unchanged if there are no changes.
    pub text: String,
    /// The changes, in the order of the file.
    pub changes: Vec<Change>,
    /// An error for each entry without a reason or a link.
    pub unexplained: Vec<InputError>,
}

/// A change to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The entry matched no divergence and was removed.
    Removed {
        /// The fingerprint or the rule.
        name: String,
    },
    /// The number of fingerprints that the entry covers was corrected.
    Corrected {
        /// The rule.
        name: String,
        /// The number in the old entry.
        from: usize,
        /// The number in the new entry.
        to: usize,
    },
    /// The entry was added.
    Added {
        /// The fingerprint.
        name: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed { name } => write!(f, "removed {name}: it matches no divergence"),
            Self::Corrected { name, from, to } => {
                write!(f, "corrected {name}: it covers {to} fingerprints, not {from}")
            }
            Self::Added { name } => write!(f, "added {name}"),
        }
    }
}

impl Baseline {
    /// Returns the baseline, updated with a report.
    ///
    /// Correct entries keep their place and their text. So do entries about adapters with incomplete results. Entries that
    /// match nothing are removed, and the number in `covers` is corrected. An entry for each unexpected fingerprint is added at
    /// the end, without a reason and a link.
    pub fn update(&self, report: &Report) -> Update {
        let (mut changes, mut entries) = (Vec::new(), Vec::new());
        for EntryText { text, entry, .. } in &self.entries {
            let found = entry.expected_fingerprints(report).len();
            let name = entry.name().to_owned();
            match entry.covers {
                _ if !entry.is_decided_by(report) => entries.push(text.clone()),
                _ if found == 0 => changes.push(Change::Removed { name }),
                Some(covers) if covers != found => {
                    changes.push(Change::Corrected { name, from: covers, to: found });
                    entries.push(entry_line(&Entry { covers: Some(found), ..entry.clone() }));
                }
                _ => entries.push(text.clone()),
            }
        }
        let rows = report.adapters.iter().flat_map(|row| row.divergences.iter().map(move |found| (row, found)));
        let unexpected = rows.filter(|(row, found)| !self.expects(&row.name, found));
        for fingerprint in unexpected.map(|(_, found)| &found.fingerprint).collect::<BTreeSet<_>>() {
            changes.push(Change::Added { name: fingerprint.clone() });
            entries.push(entry_line(&Entry { fingerprint: Some(fingerprint.clone()), ..Entry::default() }));
        }
        let text = if changes.is_empty() && !self.text.is_empty() { self.text.clone() } else { file_text(&entries) };
        let updated = Self::read_unfinished(&self.file, &text).unwrap_or_default();
        Update { text, changes, unexplained: updated.unexplained().collect() }
    }
}

fn file_text(entries: &[String]) -> String {
    if entries.is_empty() {
        return "{\n  \"schema\": 1,\n  \"entries\": []\n}\n".to_owned();
    }
    let entries: Vec<String> = entries.iter().map(|entry| format!("    {entry}")).collect();
    format!("{{\n  \"schema\": 1,\n  \"entries\": [\n{}\n  ]\n}}\n", entries.join(",\n"))
}

/// Returns an entry as JSON on one line, with spaces after colons and commas.
fn entry_line(entry: &Entry) -> String {
    let Entry { fingerprint, rule, adapter, covers, reason, link } = entry;
    let text = |name: &'static str, value: &Option<String>| value.clone().map(|value| (name, value.into()));
    let fields: [Option<(&str, serde_json::Value)>; 6] = [
        text("fingerprint", fingerprint),
        text("rule", rule),
        text("adapter", adapter),
        covers.map(|covers| ("covers", covers.into())),
        Some(("reason", reason.as_str().into())),
        Some(("link", link.as_str().into())),
    ];
    let fields: Vec<String> =
        fields.into_iter().flatten().map(|(name, value)| format!("\"{name}\": {value}")).collect();
    format!("{{{}}}", fields.join(", "))
}
