//! The rules: what they require, and their findings in a run.
//!
//! Each class of rules has a module, and each rule is a public static there, so that other code names rules by path. At
//! least one [mutant](crate::self_check::mutants) proves that a rule can fail.

pub mod cache_unsafe;
pub mod checklist;
mod class;
mod deciding_header;
mod deviation;
mod each;
mod header_names;
pub mod hygiene;
pub mod interference;
pub mod missing_on_error;
pub mod over_grant;
pub mod private_network;
pub mod robustness;
mod rule;
pub mod under_grant;
pub mod unsafe_config;

pub use class::{Class, Severity};
pub use deviation::Deviation;
pub use rule::{Finding, Line, Rule, STATUS};

use crate::drive::Run;

/// Returns every rule, by class.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let classes = [
        over_grant::RULES,
        under_grant::RULES,
        private_network::RULES,
        cache_unsafe::RULES,
        interference::RULES,
        missing_on_error::RULES,
        unsafe_config::RULES,
        hygiene::RULES,
        robustness::RULES,
    ];
    classes.into_iter().flatten().copied()
}

/// Returns the rule with an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// The result of all rules for one run.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// Every finding, with its rule.
    pub findings: Vec<(&'static Rule, Finding)>,
    /// The rules whose findings prove nothing, because a rule that they need has a finding too.
    pub inconclusive: Vec<&'static Rule>,
}

/// Applies every rule to a run.
pub fn evaluate(run: &Run<'_>) -> Evaluation {
    let found: Vec<_> = rules().map(|rule| (rule, (rule.check)(run))).filter(|(_, found)| !found.is_empty()).collect();
    let has_finding = |rule: &Rule| found.iter().any(|(other, _)| *other == rule);
    let mut evaluation = Evaluation::default();
    for (rule, findings) in &found {
        if rule.needs.iter().any(|need| has_finding(need)) {
            evaluation.inconclusive.push(rule);
        } else {
            evaluation.findings.extend(findings.iter().map(|finding| (*rule, finding.clone())));
        }
    }
    evaluation
}
