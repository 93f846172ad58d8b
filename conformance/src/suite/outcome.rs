//! The outcomes of cases, and their counts.

use std::fmt;

use cors_policy::review::{RemarkKind, review};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{case::Case, divergence::Divergence, drive::Driven, rules::Evaluation};

/// What can come of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// No rule found anything.
    Conform,
    /// A rule found something.
    Diverge,
    /// The adapter cannot say the policy.
    Unsupported,
    /// The middleware refuses the policy.
    Rejected,
    /// A rule found something that proves nothing, or nothing was tried.
    Inconclusive,
    /// The harness failed.
    Broken,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::Conform, Self::Diverge, Self::Unsupported, Self::Rejected, Self::Inconclusive, Self::Broken];
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Conform => "conform",
            Self::Diverge => "diverge",
            Self::Unsupported => "unsupported",
            Self::Rejected => "rejected",
            Self::Inconclusive => "inconclusive",
            Self::Broken => "broken",
        })
    }
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseReport {
    /// No rule found anything.
    Conform,
    /// What rules found.
    Diverge(Vec<Divergence>),
    /// The adapter cannot say the policy, or the framework cannot carry a message, for this reason.
    Unsupported(String),
    /// The middleware refuses the policy, with this message.
    Rejected(String),
    /// A rule found something that proves nothing, or nothing was tried for this reason.
    Inconclusive(Option<String>),
    /// The harness failed, in this way.
    Broken(String),
}

/// Cases by outcome; each is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// All of them.
    pub cases: usize,
    /// No rule found anything.
    pub conform: usize,
    /// A rule found something.
    pub diverge: usize,
    /// The adapter cannot say the policy.
    pub unsupported: usize,
    /// The middleware refuses the policy.
    pub rejected: usize,
    /// A rule found something that proves nothing.
    pub inconclusive: usize,
    /// The harness failed.
    pub broken: usize,
}

impl Counts {
    /// Counts a case that ran, as its rules have it.
    pub(crate) fn add_evaluated(&mut self, evaluation: &Evaluation) {
        self.cases += 1;
        if !evaluation.findings.is_empty() {
            self.diverge += 1;
        } else if !evaluation.inconclusive.is_empty() {
            self.inconclusive += 1;
        } else {
            self.conform += 1;
        }
    }

    /// Counts a case that did not run.
    pub(crate) fn add_undriven(&mut self, driven: &Driven<'_>, case: &Case) {
        self.cases += 1;
        match driven {
            Driven::Ran(_) => {}
            Driven::Unsupported(_) => self.unsupported += 1,
            Driven::Rejected(_) if conforms_by_refusing(case) => self.conform += 1,
            Driven::Rejected(_) => self.rejected += 1,
            Driven::Broken(_) => self.broken += 1,
        }
    }

    /// Counts a case of that outcome.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.cases += 1;
        *match outcome {
            Outcome::Conform => &mut self.conform,
            Outcome::Diverge => &mut self.diverge,
            Outcome::Unsupported => &mut self.unsupported,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Inconclusive => &mut self.inconclusive,
            Outcome::Broken => &mut self.broken,
        } += 1;
    }

    /// Adds others.
    pub fn merge(&mut self, other: &Self) {
        self.cases += other.cases;
        self.conform += other.conform;
        self.diverge += other.diverge;
        self.unsupported += other.unsupported;
        self.rejected += other.rejected;
        self.inconclusive += other.inconclusive;
        self.broken += other.broken;
    }
}

/// Whether a case is about a dangerous policy alone, so that a refusal is what conforms.
pub(super) fn conforms_by_refusing(case: &Case) -> bool {
    case.visits.is_empty() && review(&case.policy).iter().any(|remark| remark.kind == RemarkKind::Danger)
}
