//! The divergences of a report, grouped by fingerprint.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::replay;
use crate::{
    divergence::Divergence,
    suite::{AdapterReport, Report},
};

/// The divergences that share a fingerprint.
#[derive(Debug)]
#[non_exhaustive]
pub struct FingerprintGroup<'r> {
    /// The adapter that the divergences belong to.
    pub adapter: &'r AdapterReport,
    /// The divergence with the fewest exchanges.
    pub example: &'r Divergence,
    /// The ids of the cases that show this fingerprint.
    pub cases: BTreeSet<&'r str>,
}

/// Groups the divergences of a report by fingerprint.
///
/// The most severe groups come first; within a severity, the groups outside the baseline come first.
pub fn group_by_fingerprint(report: &Report) -> Vec<FingerprintGroup<'_>> {
    let mut groups: BTreeMap<&str, FingerprintGroup<'_>> = BTreeMap::new();
    for adapter in &report.adapters {
        for divergence in &adapter.divergences {
            let new = || FingerprintGroup { adapter, example: divergence, cases: BTreeSet::new() };
            let group = groups.entry(&divergence.fingerprint).or_insert_with(new);
            group.cases.insert(&divergence.case.id);
            if divergence.evidence.exchanges.len() < group.example.evidence.exchanges.len() {
                group.example = divergence;
            }
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| (Reverse(group.example.severity), group.example.known));
    groups
}

impl FingerprintGroup<'_> {
    /// Returns the number of cases with its noun, such as `2 cases`.
    pub fn case_count(&self) -> String {
        match self.cases.len() {
            1 => "1 case".to_owned(),
            cases => format!("{cases} cases"),
        }
    }

    /// Returns the command that runs the example again.
    pub fn replay_command(&self, program: &str) -> String {
        replay::command(program, self.adapter, &self.example.case.id)
    }
}
