//! Divergences: findings with their evidence, and a fingerprint that new vectors do not change.

mod fingerprint;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::fingerprint::fingerprint;
use crate::{
    case::{
        Case,
        vectors::{Expected, Vector},
    },
    drive::{Message, Place, Run},
    rules::{Class, Finding, Rule, Severity, rule},
};

/// A finding for one middleware and one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    /// The adapter, the rule and the shape of the finding. It contains no text of the case.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: Box<str>,
    /// The rule's class.
    pub class: Class,
    /// How bad it is.
    pub severity: Severity,
    /// True if the baseline expects it.
    pub known: bool,
    /// The vector that shows it. It holds everything that a replay needs.
    pub case: Vector,
    /// What happened.
    pub evidence: Evidence,
}

/// What happened, up to and including the visit that diverged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Evidence {
    /// What diverged, in one sentence.
    pub message: String,
    /// The visit that diverged, from 0.
    pub visit: usize,
    /// The step of the standard that ended the fetch, such as `cors-check/4`. `null` if no page made a fetch.
    pub reason: Option<String>,
    /// The URL of the sentence that the rule is based on.
    pub spec: String,
    /// Every request with its response, in order.
    pub exchanges: Vec<Message>,
    /// The line of a response that decided. Missing if no single line decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisive: Option<Decisive>,
}

/// The line of a response that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Decisive {
    /// The index of the exchange in `exchanges`.
    pub exchange: usize,
    /// The name of a response header in lower case, which can be missing in the response; or `status`.
    pub line: String,
}

impl Divergence {
    /// Creates a divergence from a finding in a run of `vector` against an adapter.
    pub fn new(adapter: &str, rule: &'static Rule, finding: &Finding, run: &Run<'_>, vector: &Vector) -> Self {
        let visit = finding.place.visit;
        let fetched = run.visits.get(visit).and_then(|visit_run| visit_run.fetched.as_ref());
        let up_to_visit = || run.exchanges().take_while(|(place, _)| place.visit <= visit);
        let index_of = |place: Place| up_to_visit().position(|(own, _)| own == place);
        let decided_at = |place: Place| match finding.shown_by.len() {
            0 => index_of(place),
            shown => Some(shown - 1),
        };
        let evidence = Evidence {
            message: finding.message.clone(),
            visit,
            reason: fetched.map(|fetched| fetched.outcome.step.reason()),
            spec: rule.link.to_owned(),
            exchanges: if finding.shown_by.is_empty() {
                up_to_visit().map(|(place, exchange)| Message::answered(place.visit, exchange)).collect()
            } else {
                finding.shown_by.clone()
            },
            decisive: finding
                .line
                .as_ref()
                .and_then(|line| Some(Decisive { exchange: decided_at(line.place)?, line: line.name.clone() })),
        };
        let fingerprint = fingerprint(adapter, rule, finding, run, &vector.case);
        Self::with_fingerprint(fingerprint, rule, finding.severity, vector, evidence)
    }

    /// Creates a divergence that only the watchdog of a worker can observe. `asked` holds every exchange of the adapter; the
    /// last one has no response.
    pub fn seen_from_outside(
        adapter: &str,
        rule: &'static Rule,
        vector: &Vector,
        asked: Vec<Message>,
        message: String,
    ) -> Self {
        let visit = asked.last().map_or(0, |last| last.visit);
        let fingerprint = fingerprint::of_last_message(adapter, rule, &vector.case, visit, asked.last());
        let evidence =
            Evidence { message, visit, reason: None, spec: rule.link.to_owned(), exchanges: asked, decisive: None };
        Self::with_fingerprint(fingerprint, rule, Severity::High, vector, evidence)
    }

    fn with_fingerprint(
        fingerprint: String,
        rule: &'static Rule,
        severity: Severity,
        vector: &Vector,
        evidence: Evidence,
    ) -> Self {
        Self {
            fingerprint,
            rule: rule.id.into(),
            class: rule.class,
            severity,
            known: false,
            case: vector.clone(),
            evidence,
        }
    }

    /// Returns a vector that shows this divergence with another case, such as a smaller one. The vector expects what the
    /// policy intends.
    #[must_use]
    pub fn to_vector(&self, case: Case) -> Vector {
        Vector {
            id: format!("found/{}", self.fingerprint.replace(['/', ':', '.'], "-")),
            says: self.evidence.message.clone(),
            spec: self.evidence.spec.clone(),
            quote: rule(&self.rule).map_or("", |rule| rule.quote).to_owned(),
            expect: case.visits.iter().map(|visit| Expected::of(visit, &case.policy)).collect(),
            case,
        }
    }
}
