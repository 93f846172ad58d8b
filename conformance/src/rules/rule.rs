//! Rules and their findings.

use super::class::{Class, Severity};
use crate::drive::{Message, Place, Run};

/// A rule: a small pure function over a case as it ran, with the sentence that it is based on.
#[derive(Debug)]
pub struct Rule {
    /// The rule's permanent name, `class/name`.
    pub id: &'static str,
    /// The class of its findings.
    pub class: Class,
    /// The usual severity of its findings. A case can raise or lower it.
    pub severity: Severity,
    /// What the rule requires, in one sentence.
    pub requirement: &'static str,
    /// What an attacker gains, or what breaks, if a middleware violates the rule.
    pub why: &'static str,
    /// The sentence of a standard or of the security checklist that the rule is based on.
    pub quote: &'static str,
    /// The URL of that sentence.
    pub link: &'static str,
    /// How to fix or configure a middleware that violates the rule.
    pub fix: &'static str,
    /// The rules that must hold in the same case. If one of them has a finding, this rule is inconclusive.
    pub needs: &'static [&'static Rule],
    /// Returns the findings of the rule in a run.
    pub check: fn(&Run<'_>) -> Vec<Finding>,
}

impl PartialEq for Rule {
    /// Compares the ids, which are unique.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

/// A violation of a rule in one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The exchange that shows the finding. Its fingerprint describes this exchange.
    pub place: Place,
    /// The severity.
    pub severity: Severity,
    /// What happened, in one sentence.
    pub message: String,
    /// The line of a response that decided. `None` if no single line decided.
    pub line: Option<Line>,
    /// The exchanges that show the finding, if they are not the exchanges of the visit. The last one decided.
    pub shown_by: Vec<Message>,
}

/// A line of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The exchange with the response.
    pub place: Place,
    /// A header name in lower case, or [`STATUS`].
    pub name: String,
}

/// The name of the status line in [`Line::name`].
pub const STATUS: &str = "status";

impl Finding {
    /// Creates a finding that the exchange at `place` shows.
    pub fn new(place: Place, severity: Severity, message: impl Into<String>) -> Self {
        Self { place, severity, message: message.into(), line: None, shown_by: Vec::new() }
    }

    /// Names the response header that decided, whether it is present or missing.
    #[must_use]
    pub fn at_header(self, name: &str) -> Self {
        let place = self.place;
        self.at_header_of(place, name)
    }

    /// Names the header that decided of the response at another place.
    #[must_use]
    pub fn at_header_of(self, place: Place, name: &str) -> Self {
        Self { line: Some(Line { place, name: name.to_ascii_lowercase() }), ..self }
    }

    /// States that the response's status decided.
    #[must_use]
    pub fn at_status(self) -> Self {
        let place = self.place;
        self.at_header_of(place, STATUS)
    }

    /// Replaces the exchanges of the visit as evidence.
    #[must_use]
    pub fn shown_by(self, shown_by: Vec<Message>) -> Self {
        Self { shown_by, ..self }
    }
}
