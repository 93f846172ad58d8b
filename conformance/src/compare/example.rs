//! The example of a difference: a case, and what happens with each of the two middlewares.

use cors_adapters::Middleware;
use cors_reference::fetch::{self, Verdict};
use serde::Serialize;

use super::{
    answers::application_headers,
    kind::{Aspect, Key},
    runs::differences,
    shape::shape,
};
use crate::{
    case::{Case, outcome::Outcome},
    drive::{Exchange, Message, NotRun, Run, VisitRun, drive},
    rules::cache_unsafe,
};

/// A case that shows a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Example {
    /// The case.
    pub case: Case,
    /// The index of the visit that shows the difference.
    pub visit: usize,
    /// What happens with A.
    pub a: SideExample,
    /// What happens with B.
    pub b: SideExample,
}

/// What happens in a case with one of the two middlewares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideExample {
    /// What happens, as a clause.
    #[serde(rename = "says")]
    pub summary: String,
    /// The requests and responses that show it.
    pub exchanges: Vec<Message>,
}

impl Example {
    /// Builds the example of the difference `key` from a case that shows it.
    pub(super) fn new(a: &dyn Middleware, b: &dyn Middleware, case: &Case, key: &Key) -> Self {
        let (a, b) = (drive(a, case), drive(b, case));
        let visit = match (&a, &b) {
            (Ok(a), Ok(b)) => {
                let of_kind = differences(a, b).into_iter().filter(|difference| difference.kind == key.kind);
                let mut of_key = of_kind.filter(|difference| shape(a, b, difference) == key.shape);
                of_key.next().map_or(0, |difference| difference.visit)
            }
            _ => 0,
        };
        let aspect = key.kind.aspect;
        let (a, b) = (SideExample::new(&a, visit, aspect), SideExample::new(&b, visit, aspect));
        Self { case: case.clone(), visit, a, b }
    }

    /// Returns the size, by which examples are compared: visits, then exchanges, then the length of the case's JSON.
    pub fn size(&self) -> (usize, usize, usize) {
        let exchanges = self.a.exchanges.len() + self.b.exchanges.len();
        (self.case.visits.len(), exchanges, serde_json::to_string(&self.case).map_or(0, |json| json.len()))
    }
}

impl SideExample {
    fn new(run: &Result<Run<'_>, NotRun>, visit: usize, aspect: Aspect) -> Self {
        match run {
            Err(NotRun { outcome: Outcome::Rejected, reason: message }) => {
                Self::without_exchanges(format!("refuses the policy: {message}"))
            }
            Err(NotRun { reason, .. }) => Self::without_exchanges(reason.clone()),
            Ok(run) if aspect == Aspect::CachedAnswer => Self::behind_cache(run),
            Ok(run) => match run.visits.get(visit) {
                Some(visit_run) if aspect != Aspect::Server => {
                    // Earlier visits decide whether a preflight is in the browser's cache.
                    let first = if aspect == Aspect::KeptPreflight { 0 } else { visit };
                    let visits = run.visits.iter().enumerate().take(visit + 1).skip(first);
                    let exchanges = visits.flat_map(|(index, visit)| {
                        visit.exchanges.iter().map(move |exchange| Message::answered(index, exchange))
                    });
                    Self { summary: summary(run, visit_run, aspect), exchanges: exchanges.collect() }
                }
                _ => Self::without_exchanges("serves the policy".to_owned()),
            },
        }
    }

    fn without_exchanges(summary: String) -> Self {
        Self { summary, exchanges: Vec::new() }
    }

    fn behind_cache(run: &Run<'_>) -> Self {
        let rules = [&cache_unsafe::SHARED_GRANTS, &cache_unsafe::SHARED_REFUSES].into_iter();
        match rules.flat_map(|rule| (rule.check)(run)).next() {
            Some(finding) => Self { summary: finding.message, exchanges: finding.shown_by },
            None => Self {
                summary: "A shared cache does not change what any visitor gets.".to_owned(),
                exchanges: run.visitors.iter().filter_map(Message::of_visitor).collect(),
            },
        }
    }
}

/// Describes what happens in a visit, as far as `aspect` is concerned.
fn summary(run: &Run<'_>, visit: &VisitRun<'_>, aspect: Aspect) -> String {
    let result = result(visit);
    let is_preflight = |exchange: &Exchange| exchange.kind == Some(fetch::RequestKind::Preflight);
    let last = visit.exchanges.last();
    match aspect {
        Aspect::Answer | Aspect::CachedAnswer | Aspect::Server | Aspect::Reply => result,
        Aspect::Request if last.is_some_and(is_preflight) => format!("the request is not sent; {result}"),
        Aspect::Request => format!("the request is sent; {result}"),
        Aspect::OwnAnswer => last.and_then(own_response).map_or(result.clone(), |own| format!("{result}{own}")),
        Aspect::Header => {
            format!("the page reads these headers of the application: {}", readable_application_headers(run, visit))
        }
        Aspect::Application | Aspect::Preflight => {
            let is_relevant = |exchange: &&Exchange| {
                exchange.kind.is_none() || is_preflight(exchange) == (aspect == Aspect::Preflight)
            };
            let is_called =
                visit.exchanges.iter().filter(is_relevant).any(|exchange| exchange.observed.handler_calls > 0);
            format!("the application is {}called; {result}", if is_called { "" } else { "not " })
        }
        Aspect::KeptPreflight if visit.exchanges.iter().any(is_preflight) => {
            format!("the preflight is sent again; {result}")
        }
        Aspect::KeptPreflight => format!("no preflight is sent; {result}"),
    }
}

/// Describes what the page or the client gets.
fn result(visit: &VisitRun<'_>) -> String {
    match &visit.fetched {
        Some(fetched) => match fetched.outcome.verdict {
            Verdict::Readable => format!("the page reads the response, status {}", fetched.outcome.status.unwrap_or(0)),
            Verdict::Opaque => "the page gets an opaque response".to_owned(),
            Verdict::OpaqueRedirect => "the page gets an opaque redirect".to_owned(),
            Verdict::NetworkError => format!("network error: {}", fetched.outcome.explanation),
        },
        None => match visit.exchanges.first().map(|exchange| &exchange.observed.result) {
            Some(Ok(response)) => format!("the client gets status {}", response.status),
            _ => "the server fails".to_owned(),
        },
    }
}

/// Describes how the response differs from the application's own, as a suffix of a clause.
fn own_response(exchange: &Exchange) -> Option<String> {
    let (observed, control) = (exchange.observed.result.as_ref().ok()?, exchange.control.result.as_ref().ok()?);
    Some(match observed.status == control.status && observed.body != control.body {
        true => ", but the body is not the application's".to_owned(),
        false => format!("; the application sends {}", control.status),
    })
}

/// Returns the names of the application's headers that the page reads, or `none`.
fn readable_application_headers(run: &Run<'_>, visit: &VisitRun<'_>) -> String {
    let readable = visit.fetched.as_ref().map(|fetched| &fetched.outcome.readable_headers);
    let names = application_headers(run.case).map(|name| name.to_lowercase().as_str().to_owned());
    let mut names: Vec<String> =
        names.filter(|name| readable.is_some_and(|readable| readable.contains(name))).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
