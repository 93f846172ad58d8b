//! Rules: each a small pure function over a case as it ran. A rule names what it is about, the sentence
//! behind it, and the rules without which it proves nothing; at least one mutant exists to trip it.

use cors_adapters::Failure;
use cors_policy::{AllowList, intent::Intent};
use cors_reference::{origin::Origin, response::Response};

use crate::{
    divergence::Message,
    drive::{Exchange, Fetched, Run, VisitRun},
};

mod asked;
mod cache_unsafe;
pub mod checklist;
mod class;
mod hygiene;
mod interference;
mod missing_on_error;
mod over_grant;
mod private_network;
mod robustness;
mod text;
mod under_grant;
mod unsafe_config;

pub(crate) use asked::{fetch_of, fetch_of_with, is_hostile};
pub(crate) use cache_unsafe::is_served_right;
pub use class::{Class, Severity};
pub use robustness::{ABORT, ALLOCATIONS, HANG, TIME};
pub(crate) use text::vary;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// `class/what`; its name for good.
    pub id: &'static str,
    /// The class of its divergences.
    pub class: Class,
    /// How bad they are, where nothing about a case makes them better or worse.
    pub severity: Severity,
    /// What it says, in one sentence.
    pub says: &'static str,
    /// What an attacker gets, or what breaks, where it does not hold.
    pub why: &'static str,
    /// The sentence of the standard or of the security checklist behind it.
    pub quote: &'static str,
    /// Where that sentence stands.
    pub link: &'static str,
    /// How a middleware is mended, or configured.
    pub mend: &'static str,
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
    /// The requests and answers that show it, where they are not the visit's own.
    pub aside: Vec<Message>,
}

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [
        over_grant::RULES,
        under_grant::RULES,
        private_network::RULES,
        cache_unsafe::RULES,
        interference::RULES,
        missing_on_error::RULES,
        unsafe_config::RULES,
        hygiene::RULES,
        robustness::RULES,
    ]
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
        Some(Finding { visit: index, exchange, severity, message, aside: Vec::new() })
    });
    visits.collect()
}

/// Applies `check` to every exchange that both the server and its control answered.
fn each_answer(
    run: &Run<'_>,
    severity: Severity,
    check: impl Fn(&VisitRun<'_>, &Exchange, &Response, &Response) -> Option<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, of_visit) in run.visits.iter().enumerate() {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            let (Ok(observed), Ok(control)) = (&of_exchange.observed.result, &of_exchange.control.result) else {
                continue;
            };
            if let Some(message) = check(of_visit, of_exchange, observed, control) {
                findings.push(Finding { visit, exchange, severity, message, aside: Vec::new() });
            }
        }
    }
    findings
}

/// Applies `check` to every answer of the middleware; what the application says of CORS by itself is not its.
fn each_response(
    run: &Run<'_>,
    severity: Severity,
    check: impl Fn(&Exchange, &Response) -> Option<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, of_visit) in run.visits.iter().enumerate() {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            let Ok(observed) = &of_exchange.observed.result else { continue };
            if of_exchange.is_the_applications() {
                continue;
            }
            if let Some(message) = check(of_exchange, observed) {
                findings.push(Finding { visit, exchange, severity, message, aside: Vec::new() });
            }
        }
    }
    findings
}

/// Whether a response header is one of the CORS protocol, or means to be.
pub(crate) fn is_of_cors(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

const PREFIX: &str = "Access-Control-";

fn is_same_origin(fetched: &Fetched) -> bool {
    fetched.request.origin.is_of(fetched.request.current_url())
}

/// Whether the policy lets the origin of a request read; without `Origin` there is nothing to refuse.
pub(crate) fn may_read(run: &Run<'_>, exchange: &Exchange) -> bool {
    let Some(origin) = exchange.request.headers.get("Origin").map(|origin| origin.to_vec()) else { return true };
    match &run.case.policy.origins {
        AllowList::Any => true,
        // What is no origin is nobody's.
        AllowList::Mirror => str::from_utf8(&origin).is_ok_and(|origin| origin.parse::<Origin>().is_ok()),
        AllowList::List(_) => run.case.policy.origins.lists(&origin),
    }
}

/// Whether a request names the server's own origin as its `Origin`.
pub(crate) fn is_from_own_origin(exchange: &Exchange) -> bool {
    exchange.request.headers.get("Origin").is_some_and(|origin| {
        let own = Origin::of(&exchange.request.url);
        !own.is_opaque() && origin == *own.serialize()
    })
}

/// Where there is no answer, what a page does not get of it is no finding more.
const ANSWERED: &[&str] = &["robustness/panic", "robustness/abort", "robustness/hang"];

fn has_panicked(exchange: &Exchange) -> bool {
    matches!(exchange.observed.result, Err(Failure::Panicked(_)))
}

fn is_permitted(fetched: &Fetched) -> bool {
    fetched.intent == Intent::Permit
}
