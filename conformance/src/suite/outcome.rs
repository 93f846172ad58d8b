//! The result of one case, and the counts of outcomes.

use cors_adapters::Middleware;
use cors_policy::review::{RemarkKind, review};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixed_policy::with_fixed_policy;
use crate::{
    case::{Case, outcome::Outcome, vectors::Vector},
    divergence::Divergence,
    drive::{Message, NotRun},
    rules::{Evaluation, Rule},
};

/// The result of one case for one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CaseReport {
    /// The outcome.
    pub outcome: Outcome,
    /// The reason, unless rules decided the outcome.
    pub reason: Option<String>,
    /// The divergences. Empty unless the outcome is [`Outcome::Diverge`].
    pub divergences: Vec<Divergence>,
}

impl CaseReport {
    /// Creates the result of a case that rules did not judge.
    pub fn not_judged(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { outcome, reason: Some(reason.into()), divergences: Vec::new() }
    }

    /// Creates the result of a case that rules judged.
    pub fn judged(divergences: Vec<Divergence>, is_inconclusive: bool) -> Self {
        let outcome = match (divergences.is_empty(), is_inconclusive) {
            (false, _) => Outcome::Diverge,
            (true, true) => Outcome::Inconclusive,
            (true, false) => Outcome::Conform,
        };
        Self { outcome, reason: None, divergences }
    }

    /// Creates the result of a case that only the watchdog of a worker can observe. `asked` holds every exchange; the last
    /// one has no response.
    pub fn seen_from_outside(
        middleware: &dyn Middleware,
        rule: &'static Rule,
        vector: &Vector,
        asked: Vec<Message>,
        message: String,
    ) -> Self {
        let vector = with_fixed_policy(middleware, vector);
        let name = middleware.describe().name;
        Self::judged(vec![Divergence::seen_from_outside(name, rule, &vector, asked, message)], false)
    }

    /// Creates the result of a case that did not run.
    pub(super) fn not_run(NotRun { outcome, reason }: NotRun, case: &Case) -> Self {
        match outcome_of_not_run(outcome, case) {
            Outcome::Conform => Self::judged(Vec::new(), false),
            outcome => Self::not_judged(outcome, reason),
        }
    }
}

/// Returns the outcome of a case that did not run. A case that is only about a dangerous policy conforms if the middleware
/// rejects the policy.
fn outcome_of_not_run(outcome: Outcome, case: &Case) -> Outcome {
    let is_dangerous = || review(&case.policy).iter().any(|remark| remark.kind == RemarkKind::Danger);
    match outcome {
        Outcome::Rejected if case.visits.is_empty() && is_dangerous() => Outcome::Conform,
        outcome => outcome,
    }
}

/// The numbers of cases by outcome. Each case counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// All cases.
    pub cases: usize,
    /// Cases without a finding.
    pub conform: usize,
    /// Cases with a finding.
    pub diverge: usize,
    /// Cases whose policy the adapter cannot express.
    pub unsupported: usize,
    /// Cases whose policy the middleware rejects.
    pub rejected: usize,
    /// Cases whose findings prove nothing, or that were not tried.
    pub inconclusive: usize,
    /// Cases for which the harness failed.
    pub broken: usize,
}

impl Counts {
    /// Counts a case with this outcome.
    pub fn add(&mut self, outcome: Outcome) {
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

    /// Counts a case that ran.
    pub(crate) fn add_evaluated(&mut self, evaluation: &Evaluation) {
        self.add(match (evaluation.findings.is_empty(), evaluation.inconclusive.is_empty()) {
            (false, _) => Outcome::Diverge,
            (true, false) => Outcome::Inconclusive,
            (true, true) => Outcome::Conform,
        });
    }

    /// Counts a case that did not run.
    pub(crate) fn add_not_run(&mut self, not_run: &NotRun, case: &Case) {
        self.add(outcome_of_not_run(not_run.outcome, case));
    }

    /// Adds other counts.
    pub fn merge(&mut self, other: &Self) {
        let Self { cases, conform, diverge, unsupported, rejected, inconclusive, broken } = other;
        self.cases += cases;
        self.conform += conform;
        self.diverge += diverge;
        self.unsupported += unsupported;
        self.rejected += rejected;
        self.inconclusive += inconclusive;
        self.broken += broken;
    }
}
