//! Divergences: what a rule found, with the evidence, and a fingerprint that survives new vectors.

use cors_adapters::Failure;
use cors_reference::{fetch::Kind, header_list::HeaderList, origin::Origin, request::CredentialsMode};
use serde::Serialize;

use crate::{
    drive::{Exchange, Run},
    near_miss::NearMiss,
    rules::{Class, Finding, Rule, Severity},
    vectors::Vector,
};

/// A finding of one middleware on one case.
#[derive(Debug, Clone, Serialize)]
pub struct Divergence {
    /// Adapter, rule and shape; no text of the case is in it.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's class.
    pub class: Class,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the baseline expects it.
    pub known: bool,
    /// The vector that shows it: everything that is needed to replay.
    pub case: Vector,
    /// What happened.
    pub evidence: Evidence,
}

/// What happened, up to and with the visit that diverged.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// What diverged, in a sentence.
    pub message: String,
    /// The visit that diverged, from 0.
    pub visit: usize,
    /// The step of the standard that decided what the page got, where a page asked.
    pub reason: Option<String>,
    /// The section of the standard behind it.
    pub spec: String,
    /// Every request and response, in order.
    pub exchanges: Vec<Message>,
}

/// One request and its response.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// The visit that it belongs to, from 0.
    pub visit: usize,
    /// `preflight`, `actual`, or `raw`.
    pub kind: &'static str,
    /// The request's method.
    pub method: String,
    /// The request's URL.
    pub url: String,
    /// The request's headers.
    pub request_headers: HeaderList,
    /// The response's status; none where the server failed.
    pub status: Option<u16>,
    /// The response's headers.
    pub response_headers: HeaderList,
    /// How the server failed.
    pub failure: Option<String>,
    /// How often the handler was called.
    pub handler_calls: u32,
}

impl Divergence {
    /// What a rule found of an adapter.
    pub fn new(adapter: &str, rule: &'static Rule, finding: &Finding, run: &Run<'_>, vector: &Vector) -> Self {
        let fetched = run.visits[finding.visit].fetched.as_ref();
        let exchanges = run.visits.iter().enumerate().take(finding.visit + 1);
        Self {
            fingerprint: fingerprint(adapter, rule, finding, run),
            rule: rule.id,
            class: rule.class,
            severity: finding.severity,
            known: false,
            case: vector.clone(),
            evidence: Evidence {
                message: finding.message.clone(),
                visit: finding.visit,
                reason: fetched.map(|fetched| fetched.outcome.step.reason()),
                spec: rule.link.to_owned(),
                exchanges: exchanges
                    .flat_map(|(visit, of_visit)| {
                        of_visit.exchanges.iter().map(move |exchange| message(visit, exchange))
                    })
                    .collect(),
            },
        }
    }
}

/// `adapter/rule/shape`, where the shape is the near-miss class of the origin, the credentials, preflight
/// or actual, the status class, and the layer that answered.
fn fingerprint(adapter: &str, rule: &Rule, finding: &Finding, run: &Run<'_>) -> String {
    let visit = &run.visits[finding.visit];
    let exchange = visit.exchanges.get(finding.exchange);
    let origin = match (&visit.fetched, exchange) {
        (Some(fetched), _) => Some(fetched.request.origin.serialize().to_owned()),
        (None, Some(exchange)) => {
            let origin = exchange.request.headers.get("Origin").map(|origin| origin.to_vec());
            origin.map(|origin| String::from_utf8_lossy(&origin).into_owned())
        }
        (None, None) => None,
    };
    let own = exchange.map(|exchange| Origin::of(&exchange.request.url));
    let origin = match &origin {
        Some(origin) if own.is_some_and(|own| !own.is_opaque() && own.serialize() == origin) => "same-origin",
        origin => NearMiss::of(origin.as_deref(), &run.case.policy).name(),
    };
    let credentials = match &visit.fetched {
        Some(fetched) if fetched.request.credentials == CredentialsMode::Include => "include",
        _ => "none",
    };
    let status = match exchange.map(|exchange| &exchange.observed.result) {
        Some(Ok(response)) => format!("{}xx", response.status / 100),
        _ => "failed".to_owned(),
    };
    let layer = match exchange {
        Some(exchange) if exchange.observed.handler_calls > 0 => "handler",
        _ => "middleware",
    };
    let kind = exchange.map_or("none", kind);
    format!("{adapter}/{}/{origin}.{credentials}.{kind}.{status}.{layer}", rule.id)
}

fn kind(exchange: &Exchange) -> &'static str {
    match exchange.kind {
        Some(Kind::Preflight) => "preflight",
        Some(Kind::Actual) => "actual",
        None => "raw",
    }
}

fn message(visit: usize, exchange: &Exchange) -> Message {
    let (status, response_headers, failure) = match &exchange.observed.result {
        Ok(response) => (Some(response.status), response.headers.clone(), None),
        Err(Failure::Panicked(message)) => (None, HeaderList::EMPTY, Some(format!("panicked: {message}"))),
        Err(Failure::NotRepresentable(why)) => (None, HeaderList::EMPTY, Some(why.clone())),
    };
    Message {
        visit,
        kind: kind(exchange),
        method: exchange.request.method.clone(),
        url: exchange.request.url.to_string(),
        request_headers: exchange.request.headers.clone(),
        status,
        response_headers,
        failure,
        handler_calls: exchange.observed.handler_calls,
    }
}
