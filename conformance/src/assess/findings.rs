//! The findings in a recording.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::rules::{Class, Finding, Rule, Severity};

/// The finding of a rule in a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssessedFinding {
    /// The rule's id.
    pub rule: Box<str>,
    /// The rule's class.
    pub class: Class,
    /// The severity.
    pub severity: Severity,
    /// The index of the exchange that shows the finding.
    pub exchange: usize,
    /// What happened, in one sentence.
    pub message: String,
    /// The URL of the requirement.
    pub spec: String,
}

/// The most severe finding of each rule in each exchange.
#[derive(Default)]
pub(super) struct Findings(BTreeMap<(usize, &'static str), (Severity, &'static Rule, String)>);

impl Findings {
    pub(super) fn add(&mut self, exchange: usize, rule: &'static Rule, severity: Severity, message: String) {
        let entry = self.0.entry((exchange, rule.id)).or_insert_with(|| (severity, rule, message.clone()));
        if entry.0 < severity {
            *entry = (severity, rule, message);
        }
    }

    pub(super) fn add_all(&mut self, exchange: usize, findings: impl IntoIterator<Item = (&'static Rule, Finding)>) {
        for (rule, finding) in findings {
            self.add(exchange, rule, finding.severity, finding.message);
        }
    }

    pub(super) fn into_sorted(self) -> Vec<AssessedFinding> {
        let findings = self.0.into_iter().map(|((exchange, _), (severity, rule, message))| AssessedFinding {
            rule: rule.id.into(),
            class: rule.class,
            severity,
            exchange,
            message,
            spec: rule.link.to_owned(),
        });
        let mut findings: Vec<AssessedFinding> = findings.collect();
        findings.sort_by_key(|finding| (finding.exchange, Reverse(finding.severity)));
        findings
    }
}
