//! Rules: each a small pure function over a case as it ran. A rule names what it is about, the sentence
//! behind it, and the rules without which it proves nothing; at least one mutant exists to trip it.

use std::fmt;

use cors_adapters::Failure;
use cors_reference::{intent::Intent, origin::Origin, origin_set::OriginSet, policy::Wish, response::Response};
use serde::{Deserialize, Serialize};

use crate::drive::{Exchange, Fetched, Run, VisitRun};

mod interference;
mod missing_on_error;
mod over_grant;
mod robustness;
mod under_grant;

pub use robustness::{ABORT, HANG};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// `class/what`; its name for good.
    pub id: &'static str,
    /// The class of its divergences.
    pub class: Class,
    /// What it says, in one sentence.
    pub says: &'static str,
    /// The sentence of the standard or of the security checklist behind it.
    pub quote: &'static str,
    /// Where that sentence stands.
    pub link: &'static str,
    /// Rules that must hold in the same case, else this one proves nothing.
    pub needs: &'static [&'static str],
    /// What it finds.
    pub check: fn(&Run<'_>) -> Vec<Finding>,
}

/// What a rule found in one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The visit, from 0.
    pub visit: usize,
    /// The exchange of that visit that decided, from 0.
    pub exchange: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What happened, in one sentence.
    pub message: String,
}

/// A divergence class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The page gets what the policy denies.
    OverGrant,
    /// The page is refused what the policy permits.
    UnderGrant,
    /// The middleware harms what is not CORS.
    Interference,
    /// Right on success, wrong on another status.
    MissingOnError,
    /// A panic, a hang, a process that ends, or an answer that is no HTTP.
    Robustness,
}

impl Class {
    /// Every class that has a rule.
    pub const ALL: [Self; 5] =
        [Self::OverGrant, Self::UnderGrant, Self::Interference, Self::MissingOnError, Self::Robustness];
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OverGrant => "over-grant",
            Self::UnderGrant => "under-grant",
            Self::Interference => "interference",
            Self::MissingOnError => "missing-on-error",
            Self::Robustness => "robustness",
        })
    }
}

/// How bad a divergence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It works in a browser.
    Low,
    /// Something permitted does not work, or something else is harmed.
    Medium,
    /// A page gets what it should not.
    High,
    /// The same, with the user's credentials.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [over_grant::RULES, under_grant::RULES, interference::RULES, missing_on_error::RULES, robustness::RULES]
        .into_iter()
        .flatten()
}

/// The rule of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// What the rules made of a run.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// Every finding, with its rule.
    pub findings: Vec<(&'static Rule, Finding)>,
    /// The rules that found something and yet prove nothing, since one that they need diverged.
    pub inconclusive: Vec<&'static Rule>,
}

/// Applies every rule.
pub fn evaluate(run: &Run<'_>) -> Evaluation {
    let found: Vec<_> = rules().map(|rule| (rule, (rule.check)(run))).filter(|(_, found)| !found.is_empty()).collect();
    let mut evaluation = Evaluation::default();
    for (rule, findings) in &found {
        if rule.needs.iter().any(|need| found.iter().any(|(other, _)| other.id == *need)) {
            evaluation.inconclusive.push(rule);
        } else {
            evaluation.findings.extend(findings.iter().map(|finding| (*rule, finding.clone())));
        }
    }
    evaluation
}

/// Applies `check` to every fetch across origins that used the CORS protocol.
fn each_cors_fetch(
    run: &Run<'_>,
    check: impl Fn(&VisitRun<'_>, &Fetched) -> Option<(usize, Severity, String)>,
) -> Vec<Finding> {
    let visits = run.visits.iter().enumerate().filter_map(|(index, visit)| {
        let fetched = visit.fetched.as_ref().filter(|fetched| !is_same_origin(fetched))?;
        let (exchange, severity, message) = check(visit, fetched)?;
        Some(Finding { visit: index, exchange, severity, message })
    });
    visits.collect()
}

/// Applies `check` to every exchange that both the server and its control answered.
fn each_answer(
    run: &Run<'_>,
    check: impl Fn(&VisitRun<'_>, &Exchange, &Response, &Response) -> Option<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, of_visit) in run.visits.iter().enumerate() {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            let (Ok(observed), Ok(control)) = (&of_exchange.observed.result, &of_exchange.control.result) else {
                continue;
            };
            if let Some(message) = check(of_visit, of_exchange, observed, control) {
                findings.push(Finding { visit, exchange, severity: Severity::Medium, message });
            }
        }
    }
    findings
}

fn is_same_origin(fetched: &Fetched) -> bool {
    fetched.request.origin.is_same_origin(&Origin::of(fetched.request.current_url()))
}

/// Whether the policy lets the origin of a request read; without `Origin` there is nothing to refuse.
fn may_read(run: &Run<'_>, exchange: &Exchange) -> bool {
    let Some(origin) = exchange.request.headers.get("Origin").map(|origin| origin.to_vec()) else { return true };
    match &run.case.policy.origins {
        Wish::Any | Wish::Mirror => true,
        Wish::List(patterns) => OriginSet::new(patterns).contains(&origin),
    }
}

/// Whether a request names the server's own origin as its `Origin`.
fn is_from_own_origin(exchange: &Exchange) -> bool {
    let own = Origin::of(&exchange.request.url);
    exchange.request.headers.get("Origin").is_some_and(|origin| !own.is_opaque() && origin == *own.serialize())
}

fn has_panicked(exchange: &Exchange) -> bool {
    matches!(exchange.observed.result, Err(Failure::Panicked(_)))
}

fn is_permitted(fetched: &Fetched) -> bool {
    fetched.intent == Intent::Permit
}
