//! The results of a middleware in front of a browser.

use cors_conformance::case::Case;
use cors_reference::agent::Deviation;

use super::grants::Mismatch;
use crate::browsers::compare::{Agreement, Comparison};

/// The result of a group of cases with one policy.
pub(crate) struct GroupResult {
    pub(super) name: &'static str,
    pub(super) cases: usize,
    pub(super) outcome: GroupOutcome,
}

/// The outcome of a group.
pub(super) enum GroupOutcome {
    /// The cases ran.
    Ran(Vec<CaseResult>),
    /// The middleware cannot express the policy, for this reason.
    Unsupported(String),
    /// The middleware refuses the policy, with this message.
    Rejected(String),
}

/// The result of a case.
pub(crate) struct CaseResult {
    pub(super) case: Case,
    pub(crate) comparison: Comparison,
    /// The mismatches with the policy, except those that a known deviation of the browser causes.
    pub(super) mismatches: Vec<Mismatch>,
    /// The mismatches with the policy that a known deviation of the browser causes.
    pub(super) by_deviation: Vec<Mismatch>,
    /// The deviations that cause them.
    pub(super) deviations: Vec<Deviation>,
    /// True if the intent of every fetch is unspecified.
    pub(super) is_unspecified: bool,
}

impl CaseResult {
    /// Returns true if the browser disagrees with the model, or the page gets more or less than the policy permits.
    pub(crate) fn is_finding(&self) -> bool {
        self.comparison.agreement == Agreement::Disagree || !self.mismatches.is_empty()
    }
}
