//! The divergences of a report by fingerprint: what a reader reads once, however many cases show it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::terminal::write_message;
use crate::{
    divergence::Divergence,
    suite::{AdapterReport, Report},
};

/// The divergences of one fingerprint.
#[derive(Debug)]
pub struct Kind<'r> {
    /// The row that it is of.
    pub row: &'r AdapterReport,
    /// The one with the shortest story, which tells it best.
    pub shown: &'r Divergence,
    /// The ids of the cases that show it.
    pub cases: BTreeSet<&'r str>,
}

/// The divergences by fingerprint, the worst and the new ones first.
pub fn kinds(report: &Report) -> Vec<Kind<'_>> {
    let mut kinds: BTreeMap<&str, Kind<'_>> = BTreeMap::new();
    for row in &report.adapters {
        for divergence in &row.divergences {
            let new = || Kind { row, shown: divergence, cases: BTreeSet::new() };
            let kind = kinds.entry(&divergence.fingerprint).or_insert_with(new);
            kind.cases.insert(&divergence.case.id);
            if divergence.evidence.exchanges.len() < kind.shown.evidence.exchanges.len() {
                kind.shown = divergence;
            }
        }
    }
    let mut kinds: Vec<_> = kinds.into_values().collect();
    kinds.sort_by_key(|kind| (Reverse(kind.shown.severity), kind.shown.known));
    kinds
}

impl Kind<'_> {
    /// How many cases show it, such as `2 cases`.
    pub fn count(&self) -> String {
        match self.cases.len() {
            1 => "1 case".to_owned(),
            cases => format!("{cases} cases"),
        }
    }

    /// The command that runs the shown case again.
    pub fn replay(&self, program: &str) -> String {
        replay(program, &self.row.argument(), &self.shown.case.id)
    }
}

/// The command that runs a case again of the row that this [argument](AdapterReport::argument) chooses.
pub fn replay(program: &str, argument: &str, vector: &str) -> String {
    format!("{program} run {argument} --vector {}", word(vector))
}

/// A word for a shell, between quotes where it needs them.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+@%".contains(c);
    match text.is_empty() || !text.chars().all(is_plain) {
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => text.to_owned(),
    }
}

/// Every request and answer of a divergence, as text.
pub fn story(divergence: &Divergence) -> String {
    let mut text = Vec::new();
    for message in &divergence.evidence.exchanges {
        // Writing to memory does not fail.
        write_message(message, &mut text).unwrap_or_default();
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_is_one_command_whatever_its_words_are() {
        assert_eq!(replay("c", "--adapter poem:fn", "a/b"), "c run --adapter poem:fn --vector a/b");
        assert_eq!(replay("c", "--server 'a b'", "it's"), r"c run --server 'a b' --vector 'it'\''s'");
        assert_eq!(word("a; rm"), "'a; rm'");
    }
}
