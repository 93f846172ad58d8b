//! A baseline brought up to date with a report: what holds stays as a person wrote it.

use std::{collections::BTreeSet, fmt};

use super::{Baseline, Entry, Written};
use crate::{input::InputError, suite::Report};

/// A baseline brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The text of the file; the same, where nothing changed.
    pub text: String,
    /// What was done, in the order of the file.
    pub changes: Vec<Change>,
    /// The entries that wait for a person: those that have no reason or no link.
    pub unsaid: Vec<InputError>,
}

/// What was done to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It matched nothing, and is gone.
    Dropped {
        /// Its fingerprint or rule.
        name: String,
    },
    /// It covers another number of fingerprints.
    Corrected {
        /// Its rule.
        name: String,
        /// How many it said.
        from: usize,
        /// How many it covers.
        to: usize,
    },
    /// It is new.
    Added {
        /// Its fingerprint.
        name: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dropped { name } => write!(f, "dropped {name}: it matches nothing"),
            Self::Corrected { name, from, to } => {
                write!(f, "corrected {name}: it covers {to} fingerprints, not {from}")
            }
            Self::Added { name } => write!(f, "added {name}"),
        }
    }
}

impl Baseline {
    /// The baseline brought up to date with a report. Entries that hold keep their place and their words, and so do those
    /// that the report tells nothing of; those that match nothing are dropped, `covers` is corrected, and what is new is
    /// added at the end, without the reason and the link that a person is to write.
    pub fn update(&self, report: &Report) -> Update {
        let (mut changes, mut entries) = (Vec::new(), Vec::new());
        for Written { text, entry, .. } in &self.entries {
            let found = entry.found(report).len();
            let name = entry.name().to_owned();
            match entry.covers {
                _ if !entry.is_told_by(report) => entries.push(text.clone()),
                _ if found == 0 => changes.push(Change::Dropped { name }),
                Some(covers) if covers != found => {
                    changes.push(Change::Corrected { name, from: covers, to: found });
                    entries.push(on_one_line(&Entry { covers: Some(found), ..entry.clone() }));
                }
                _ => entries.push(text.clone()),
            }
        }
        let rows = report.adapters.iter().flat_map(|row| row.divergences.iter().map(move |found| (row, found)));
        let new = rows.filter(|(row, found)| !self.expects(&row.name, found));
        for fingerprint in new.map(|(_, found)| &found.fingerprint).collect::<BTreeSet<_>>() {
            changes.push(Change::Added { name: fingerprint.clone() });
            entries.push(on_one_line(&Entry { fingerprint: Some(fingerprint.clone()), ..Entry::default() }));
        }
        let text = if changes.is_empty() && !self.text.is_empty() { self.text.clone() } else { file_of(&entries) };
        let written = Self::read_unfinished(&self.file, &text).unwrap_or_default();
        Update { text, changes, unsaid: written.unsaid().collect() }
    }
}

fn file_of(entries: &[String]) -> String {
    if entries.is_empty() {
        return "{\n  \"schema\": 1,\n  \"entries\": []\n}\n".to_owned();
    }
    let entries: Vec<String> = entries.iter().map(|entry| format!("    {entry}")).collect();
    format!("{{\n  \"schema\": 1,\n  \"entries\": [\n{}\n  ]\n}}\n", entries.join(",\n"))
}

/// An entry as people write it: on one line, with spaces.
fn on_one_line(entry: &Entry) -> String {
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
