//! The example of a difference: a case, and what it shows with either of the two.

use cors_adapters::Middleware;
use cors_reference::fetch::{self, Verdict};
use serde::Serialize;

use super::{
    Key, What,
    runs::{application_headers, differences, shape},
};
use crate::{
    case::Case,
    divergence::Message,
    drive::{Driven, Run, VisitRun, drive},
    rules::rule,
};

/// A case that shows a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The case: everything that is needed to replay.
    pub case: Case,
    /// The visit that shows it, from 0.
    pub visit: usize,
    /// With A.
    pub a: Shown,
    /// With B.
    pub b: Shown,
}

/// What a case shows with one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// What happens, in a sentence.
    pub says: String,
    /// The requests and answers that show it.
    pub exchanges: Vec<Message>,
}

impl Example {
    /// What makes it small: few visits, few exchanges, then a short text.
    pub fn size(&self) -> (usize, usize, usize) {
        let exchanges = self.a.exchanges.len() + self.b.exchanges.len();
        (self.case.visits.len(), exchanges, serde_json::to_string(&self.case).map_or(0, |json| json.len()))
    }

    /// The example that a case is of a difference.
    pub(super) fn new(a: &dyn Middleware, b: &dyn Middleware, case: &Case, (kind, of_shape): &Key) -> Self {
        let (a, b) = (drive(a, case), drive(b, case));
        let visit = match (&a, &b) {
            (Driven::Ran(a), Driven::Ran(b)) => {
                let found = differences(a, b).into_iter();
                found.filter(|found| found.kind == *kind).find(|found| shape(a, b, found) == *of_shape)
            }
            _ => None,
        };
        let visit = visit.map_or(0, |found| found.visit);
        let shown = |driven| Shown::of(driven, visit, kind.what);
        Self { case: case.clone(), visit, a: shown(&a), b: shown(&b) }
    }
}

impl Shown {
    fn of(driven: &Driven<'_>, visit: usize, what: What) -> Self {
        let says = |says: String| Self { says, exchanges: Vec::new() };
        match driven {
            Driven::Rejected(message) => says(format!("refuses it: {message}")),
            Driven::Unsupported(why) | Driven::Broken(why) => says(why.clone()),
            Driven::Ran(run) if what == What::CachedAnswer => Self::of_cache(run),
            Driven::Ran(run) => match run.visits.get(visit) {
                Some(of_visit) if what != What::Server => {
                    // A preflight is kept, or not, by what was answered before.
                    let first = if what == What::KeptPreflight { 0 } else { visit };
                    let visits = run.visits.iter().enumerate().take(visit + 1).skip(first);
                    let exchanges = visits.flat_map(|(index, of_visit)| {
                        of_visit.exchanges.iter().map(move |exchange| Message::answered(index, exchange))
                    });
                    Self { says: what_happens(run, of_visit, what), exchanges: exchanges.collect() }
                }
                _ => says("serves it".to_owned()),
            },
        }
    }

    fn of_cache(run: &Run<'_>) -> Self {
        let rules = ["cache-unsafe/shared-grants", "cache-unsafe/shared-refuses"].into_iter().filter_map(rule);
        match rules.flat_map(|rule| (rule.check)(run)).next() {
            Some(finding) => Self { says: finding.message, exchanges: finding.aside },
            None => {
                let exchanges = run.visitors.iter().filter_map(Message::of_visitor).collect();
                Self {
                    says: "Behind a shared cache every visitor gets what it gets without one.".to_owned(),
                    exchanges,
                }
            }
        }
    }
}

fn what_happens(run: &Run<'_>, visit: &VisitRun<'_>, what: What) -> String {
    let is_preflight = |kind: Option<fetch::Kind>| kind == Some(fetch::Kind::Preflight);
    let got = match &visit.fetched {
        Some(fetched) => match fetched.outcome.verdict {
            Verdict::Readable => format!("the page reads the answer, status {}", fetched.outcome.status.unwrap_or(0)),
            Verdict::Opaque => "the page gets an opaque answer".to_owned(),
            Verdict::OpaqueRedirect => "the page gets an opaque redirect".to_owned(),
            Verdict::NetworkError => format!("network error: {}", fetched.outcome.explanation),
        },
        None => match visit.exchanges.first().map(|exchange| &exchange.observed.result) {
            Some(Ok(response)) => format!("the client is answered {}", response.status),
            _ => "the server fails".to_owned(),
        },
    };
    let last = visit.exchanges.last();
    match what {
        What::Answer | What::CachedAnswer | What::Server | What::Reply => got,
        What::Request if last.is_some_and(|last| is_preflight(last.kind)) => format!("the request is not sent; {got}"),
        What::Request => format!("the request is sent; {got}"),
        What::OwnAnswer => {
            let answers =
                last.and_then(|last| last.observed.result.as_ref().ok().zip(last.control.result.as_ref().ok()));
            match answers {
                Some((observed, control)) if observed.status == control.status && observed.body != control.body => {
                    format!("{got}, with another body than the application's")
                }
                Some((_, control)) => format!("{got}; the application sends {}", control.status),
                None => got,
            }
        }
        What::Header => {
            let reads = |name: &str| {
                visit.fetched.as_ref().is_some_and(|fetched| fetched.outcome.readable_headers.contains(name))
            };
            let mut names: Vec<String> =
                application_headers(run.case).map(|name| name.to_lowercase().as_str().to_owned()).collect();
            names.retain(|name| reads(name));
            names.sort_unstable();
            names.dedup();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            format!("of the application's headers the page reads {names}")
        }
        What::Application | What::Preflight => {
            let mut of_kind = visit.exchanges.iter().filter(|exchange| match (what, exchange.kind) {
                (_, None) => true,
                (What::Preflight, kind) => is_preflight(kind),
                (_, kind) => !is_preflight(kind),
            });
            let is_called = of_kind.any(|exchange| exchange.observed.handler_calls > 0);
            format!("the application is {}called; {got}", if is_called { "" } else { "not " })
        }
        What::KeptPreflight if visit.exchanges.iter().any(|exchange| is_preflight(exchange.kind)) => {
            format!("the preflight is sent again; {got}")
        }
        What::KeptPreflight => format!("no preflight is sent; {got}"),
    }
}
