//! The results of a batch of cases.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::statistics::Statistics;
use crate::{divergence::Divergence, suite::Counts};

/// The results of a batch of numbered cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The number of cases that showed each fingerprint.
    pub seen: BTreeMap<String, u64>,
    /// The number of cases with each outcome.
    pub counts: Counts,
    /// What the cases contained and how they ended.
    pub statistics: Statistics,
}

/// A divergence that no earlier case of a campaign showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberedDivergence {
    /// The number of the first case that showed the divergence.
    pub number: u64,
    /// The divergence. Its case becomes the smallest one that shows it.
    pub divergence: Divergence,
}

impl Batch {
    /// Adds the results of another batch.
    pub fn merge(&mut self, other: &Self) {
        other.seen.iter().for_each(|(fingerprint, cases)| *self.seen.entry(fingerprint.clone()).or_default() += cases);
        self.counts.merge(&other.counts);
        self.statistics.merge(&other.statistics);
    }

    /// Counts a case that ran in another process. The statistics do not include it.
    pub fn count(&mut self, divergences: &[Divergence]) {
        self.counts.cases += 1;
        let outcome = if divergences.is_empty() { &mut self.counts.conform } else { &mut self.counts.diverge };
        *outcome += 1;
        self.count_fingerprints(divergences.iter().map(|divergence| divergence.fingerprint.clone()).collect());
    }

    /// Counts the fingerprints that one case showed.
    pub(super) fn count_fingerprints(&mut self, fingerprints: BTreeSet<String>) {
        fingerprints.into_iter().for_each(|fingerprint| *self.seen.entry(fingerprint).or_default() += 1);
    }

    /// Estimates the probability that one more case shows a new fingerprint.
    ///
    /// The Good–Turing estimate is the number of fingerprints that exactly one case showed, divided by the number of cases.
    pub fn probability_of_new(&self) -> f64 {
        let once = self.seen.values().filter(|cases| **cases == 1).count();
        once as f64 / self.counts.cases.max(1) as f64
    }
}
