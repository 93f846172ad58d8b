//! Divergences: what a rule found, with the evidence, and a fingerprint that survives new vectors.

use cors_adapters::Failure;
use cors_reference::{
    fetch::RequestKind,
    header_list::HeaderList,
    origin::Origin,
    request::{CredentialsMode, WireRequest},
    response::Response,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    case::{Case, Visit, near_miss::NearMiss, vectors::Vector},
    drive::{Exchange, Run, Visitor},
    rules::{Class, Finding, Rule, Severity},
};

/// A finding of one middleware on one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    /// Adapter, rule and shape; no text of the case is in it.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: Box<str>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// The visit that it belongs to, from 0.
    pub visit: usize,
    /// What it is.
    pub kind: MessageKind,
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

/// What a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// A CORS-preflight request of a browser.
    Preflight,
    /// Another request of a browser.
    Actual,
    /// A request of a client that is no browser.
    Raw,
    /// A request that an HTTP cache answers out of what it kept.
    Cached,
}

impl MessageKind {
    fn of(kind: Option<RequestKind>) -> Self {
        match kind {
            Some(RequestKind::Preflight) => Self::Preflight,
            Some(RequestKind::Actual) => Self::Actual,
            None => Self::Raw,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Actual => "actual",
            Self::Raw => "raw",
            Self::Cached => "cached",
        }
    }
}

impl Divergence {
    /// What a rule found of an adapter.
    pub fn new(adapter: &str, rule: &'static Rule, finding: &Finding, run: &Run<'_>, vector: &Vector) -> Self {
        let fetched = run.visits.get(finding.visit).and_then(|visit| visit.fetched.as_ref());
        let exchanges = run.visits.iter().enumerate().take(finding.visit + 1);
        let exchanges = exchanges.flat_map(|(visit, of_visit)| {
            of_visit.exchanges.iter().map(move |exchange| Message::answered(visit, exchange))
        });
        let evidence = Evidence {
            message: finding.message.clone(),
            visit: finding.visit,
            reason: fetched.map(|fetched| fetched.outcome.step.reason()),
            spec: rule.link.to_owned(),
            exchanges: if finding.aside.is_empty() { exchanges.collect() } else { finding.aside.clone() },
        };
        let shape = shape_of(rule, finding, run, &vector.case);
        Self::of(adapter, rule, finding.severity, vector, &shape, evidence)
    }

    /// What the watchdog over a worker saw of an adapter: `asked` is all that it was asked, the last without an answer.
    pub fn seen_from_outside(
        adapter: &str,
        rule: &'static Rule,
        vector: &Vector,
        asked: Vec<Message>,
        message: String,
    ) -> Self {
        let visit = asked.last().map_or(0, |last| last.visit);
        let last = asked.last().cloned();
        let shape = shape(rule.class, &vector.case, visit, last.as_ref(), None);
        let evidence = Evidence { message, visit, reason: None, spec: rule.link.to_owned(), exchanges: asked };
        Self::of(adapter, rule, Severity::High, vector, &shape, evidence)
    }

    fn of(
        adapter: &str,
        rule: &'static Rule,
        severity: Severity,
        vector: &Vector,
        shape: &str,
        evidence: Evidence,
    ) -> Self {
        Self {
            fingerprint: format!("{adapter}/{}/{shape}", rule.id),
            rule: rule.id.into(),
            class: rule.class,
            severity,
            known: false,
            case: vector.clone(),
            evidence,
        }
    }
}

/// The fingerprint of what a rule found of an adapter.
pub fn fingerprint(adapter: &str, rule: &Rule, finding: &Finding, run: &Run<'_>, case: &Case) -> String {
    format!("{adapter}/{}/{}", rule.id, shape_of(rule, finding, run, case))
}

/// The shape of a finding: that of the exchange that decided; its origin is the page's, or what the request says.
fn shape_of(rule: &Rule, finding: &Finding, run: &Run<'_>, case: &Case) -> String {
    let of_visit = run.visits.get(finding.visit);
    let decisive = match finding.aside.last() {
        Some(message) => Some(message.clone()),
        None => {
            let exchange = of_visit.and_then(|visit| visit.exchanges.get(finding.exchange));
            exchange.map(|exchange| Message::answered(finding.visit, exchange))
        }
    };
    let fetched = of_visit.and_then(|visit| visit.fetched.as_ref()).filter(|_| finding.aside.is_empty());
    let origin = fetched.map(|fetched| fetched.request.origin.serialize().to_owned());
    shape(rule.class, case, finding.visit, decisive.as_ref(), origin)
}

/// The near-miss class of the origin, the credentials, preflight or actual, the status class, and the layer that
/// answered; of hygiene, preflight or actual alone, and of caches the origin alone.
fn shape(class: Class, case: &Case, visit: usize, decisive: Option<&Message>, origin: Option<String>) -> String {
    if case.visits.is_empty() {
        return "policy".to_owned();
    }
    if class == Class::Hygiene {
        // Its text is judged, whoever it is for.
        let is_preflight = decisive.is_some_and(|message| message.is_cors_preflight());
        return if is_preflight { "preflight" } else { "actual" }.to_owned();
    }
    let origin = origin.or_else(|| {
        let origin = decisive?.request_headers.get("Origin")?;
        Some(String::from_utf8_lossy(&origin.to_vec()).into_owned())
    });
    let own = decisive.and_then(|message| Url::parse(&message.url).ok()).map(|url| Origin::of(&url));
    let origin = match &origin {
        Some(origin) if own.is_some_and(|own| !own.is_opaque() && own.serialize() == origin) => "same-origin",
        origin => NearMiss::of(origin.as_deref(), &case.policy).name(),
    };
    if class == Class::CacheUnsafe {
        return format!("{origin}.cached");
    }
    let credentials = match case.visits.get(visit) {
        Some(Visit::Fetch(fetch)) if fetch.request.credentials == CredentialsMode::Include => "include",
        _ => "none",
    };
    let status = decisive.and_then(|message| message.status);
    let status = status.map_or_else(|| "failed".to_owned(), |status| format!("{}xx", status / 100));
    let layer = match decisive {
        Some(message) if message.handler_calls > 0 => "handler",
        _ => "middleware",
    };
    let kind = decisive.map_or("none", |message| message.kind.name());
    format!("{origin}.{credentials}.{kind}.{status}.{layer}")
}

impl Message {
    fn is_cors_preflight(&self) -> bool {
        let has = |name| self.request_headers.contains(name);
        self.method == "OPTIONS" && has("Origin") && has("Access-Control-Request-Method")
    }

    /// A request that has no answer yet.
    pub fn asked(visit: usize, kind: Option<RequestKind>, request: &WireRequest) -> Self {
        Self {
            visit,
            kind: MessageKind::of(kind),
            method: request.method.clone(),
            url: request.url.to_string(),
            request_headers: request.headers.clone(),
            status: None,
            response_headers: HeaderList::EMPTY,
            failure: None,
            handler_calls: 0,
        }
    }

    /// What a visitor asks and is answered, whom no case names.
    pub fn of(request: &WireRequest, response: &Response) -> Self {
        let kind = if request.is_cors_preflight() { RequestKind::Preflight } else { RequestKind::Actual };
        let status = Some(response.status);
        Self { status, response_headers: response.headers.clone(), ..Self::asked(0, Some(kind), request) }
    }

    /// What one of a case's other visitors asks, and is answered.
    pub fn of_visitor(visitor: &Visitor) -> Option<Self> {
        let message = Self::of(&visitor.request, visitor.response.as_ref()?);
        Some(Self { handler_calls: visitor.handler_calls, ..message })
    }

    /// The same, where a cache answers.
    pub fn from_cache(request: &WireRequest, response: &Response) -> Self {
        Self { kind: MessageKind::Cached, ..Self::of(request, response) }
    }

    /// A request and its answer.
    pub fn answered(visit: usize, exchange: &Exchange) -> Self {
        let mut message = Self::asked(visit, exchange.kind, &exchange.request);
        message.handler_calls = exchange.observed.handler_calls;
        match &exchange.observed.result {
            Ok(response) => {
                message.status = Some(response.status);
                message.response_headers = response.headers.clone();
            }
            Err(Failure::Panicked(why)) => message.failure = Some(format!("panicked: {why}")),
            Err(Failure::Malformed(why)) => message.failure = Some(format!("no HTTP: {why}")),
            Err(Failure::NotRepresentable(why) | Failure::Ended(why) | Failure::Hung(why)) => {
                message.failure = Some(why.clone());
            }
        }
        message
    }
}
