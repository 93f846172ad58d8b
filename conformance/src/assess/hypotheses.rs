//! The fetches that could have sent a recorded request, each judged by the rules.

use cors_adapters::handler::Handler;
use cors_policy::{
    AllowList, Policy,
    intent::{Denied, Intent, intent},
    origin_set::OriginPattern,
};
use cors_reference::{
    agent::STANDARD,
    cors_check::cors_check,
    explain::explain,
    fetch::{Browser, Fetch, Next, Outcome, RequestKind, Verdict},
    header_list::HeaderList,
    origin::Origin,
    preflight::check_preflight_response,
    request::{CredentialsMode, RedirectMode, Request, RequestInit, WireRequest},
    response::Response,
    spec,
};

use super::{Found, observed};
use crate::{
    case::{Case, RawRequest, Visit},
    drive::{Exchange, Fetched, Run, VisitRun, Visitor, Who, fetch_of_with, is_cors_header, visitors_of},
    rules::{Class, Severity, evaluate, over_grant},
};

const MODES: [CredentialsMode; 2] = [CredentialsMode::Omit, CredentialsMode::Include];
/// Request headers whose value decides whether they need listing; a preflight does not tell it.
const SOME_SAFELISTED: [&str; 5] = ["accept", "accept-language", "content-language", "content-type", "range"];
const NOT_PROVEN: &str = "A preflight may have refused the method; it was not recorded.";

/// Judges one exchange for every fetch that could have sent its request.
pub(super) fn judge(policy: &Policy, index: usize, request: &WireRequest, response: &Response, found: &mut Found) {
    let case = case(policy, request, response);
    let exchange = |kind| {
        let control = observed(without_middleware(request, response));
        Exchange::new(kind, request.clone(), observed(response.clone()), control)
    };
    let mut fetches = Vec::new();
    for credentials in MODES {
        if request.is_cors_preflight() {
            fetches.extend(preflighted(policy, exchange(Some(RequestKind::Preflight)), credentials, response));
        } else {
            fetches.extend(actual(policy, exchange(Some(RequestKind::Actual)), credentials, response));
        }
    }
    // One that no page could have sent, or that CORS is not about, is judged by its text.
    if fetches.is_empty() {
        fetches.push((None, exchange(None)));
    }
    for (fetched, exchange) in fetches {
        let is_about_a_value = fetched.as_ref().is_some_and(|fetched| match &fetched.intent {
            Intent::Deny(Denied::RequestHeader(name)) => SOME_SAFELISTED.contains(&name.as_str()),
            _ => false,
        });
        let visitors = visitors(policy, fetched.as_ref(), &exchange, response);
        let visit = VisitRun { visit: &case.visits[0], fetched, exchanges: vec![exchange], costs: Vec::new() };
        let run = Run { case: &case, visits: vec![visit], warnings: Vec::new(), visitors, fresh: None };
        let mut findings = evaluate(&run).findings;
        if is_about_a_value {
            for (_, finding) in findings.iter_mut().filter(|(rule, _)| **rule == over_grant::REQUEST_HEADER) {
                finding.severity = Severity::Low;
            }
        }
        if !is_certain_of_caches(policy, request) {
            for (_, finding) in findings.iter_mut().filter(|(rule, _)| rule.class == Class::CacheUnsafe) {
                finding.severity = Severity::Low;
            }
        }
        found.add_findings(index, findings);
    }
}

/// Whether one answer proves that another visitor is harmed: caches keep it, and no server of the policy could answer
/// everyone alike, so that only `Vary` keeps its answers apart.
fn is_certain_of_caches(policy: &Policy, request: &WireRequest) -> bool {
    let is_static = match &policy.origins {
        AllowList::Any => true,
        AllowList::Mirror => false,
        AllowList::List(patterns) => patterns.len() == 1 && patterns.iter().all(OriginPattern::is_exact),
    };
    request.method == "GET" && request.headers.contains("Origin") && !is_static
}

/// A fetch whose preflight was recorded: it is sent on, or not.
fn preflighted(
    policy: &Policy,
    exchange: Exchange,
    credentials: CredentialsMode,
    response: &Response,
) -> Option<(Option<Fetched>, Exchange)> {
    let request = fetch_of_with(&exchange.request, credentials)?;
    let intent = intent(policy, &request);
    let judged = match intent {
        // A denied origin that passes the CORS check has passed what it should not, whatever else the answer lacks.
        Intent::Deny(Denied::Origin) if response.has_ok_status() => cors_check(&request, response),
        _ => check_preflight_response(&request, response).map(|_| &spec::CORS_CHECK_5),
    };
    let (Ok(step) | Err(step)) = judged;
    let outcome = Outcome {
        verdict: Verdict::NetworkError,
        step,
        explanation: explain(step, Some(&request), Some(response)),
        status: None,
        timing_allowed: false,
        readable_headers: HeaderList::EMPTY,
    };
    // What is sent on is no network error; how it ends was not recorded.
    let outcome = if judged.is_ok() { Outcome { verdict: Verdict::Opaque, ..outcome } } else { outcome };
    let passed_preflight = judged.is_ok();
    Some((Some(Fetched { request, intent, passed_preflight, outcome }), exchange))
}

/// A fetch whose own answer was recorded. Whether it needed a preflight, that one passed.
fn actual(
    policy: &Policy,
    exchange: Exchange,
    credentials: CredentialsMode,
    response: &Response,
) -> Option<(Option<Fetched>, Exchange)> {
    let sent = &exchange.request;
    let origin = String::from_utf8(sent.headers.get("Origin")?.to_vec()).ok()?;
    let origin: Origin = origin.parse().ok()?;
    let is_own = origin.is_of(&sent.url);
    // What a 304 does not say, the stored response does.
    if is_own || (response.status == 304 && !response.headers.contains("Access-Control-Allow-Origin")) {
        return None;
    }
    let init = RequestInit {
        method: sent.method.clone(),
        credentials,
        redirect: RedirectMode::Manual,
        ..RequestInit::default()
    };
    let request = Request::new(&origin, sent.url.as_str(), &init).ok()?;
    let intent = match intent(policy, &request) {
        Intent::Deny(Denied::Method) => Intent::Unspecified(NOT_PROVEN),
        intent => intent,
    };
    let mut browser = Browser { agent: STANDARD, ..Browser::default() };
    let mut fetch = Fetch::start(&mut browser, &origin, sent.url.as_str(), &init, 0);
    while let Next::Send(_) = fetch.next() {
        match fetch.sent().last() {
            Some((RequestKind::Preflight, _)) => fetch.receive(&mut browser, &permissive(&request)),
            _ => fetch.receive(&mut browser, response),
        }
    }
    let was_sent = fetch.sent().iter().any(|(kind, _)| *kind == RequestKind::Actual);
    let mut outcome = fetch.into_outcome().filter(|_| was_sent)?;
    if outcome.verdict == Verdict::OpaqueRedirect && matches!(intent, Intent::Deny(_)) {
        // A page that should not passed the CORS check, and is led on.
        outcome.verdict = Verdict::Readable;
    }
    Some((Some(Fetched { request, intent, passed_preflight: false, outcome }), exchange))
}

/// An answer that lets a preflight pass.
fn permissive(request: &Request) -> Response {
    Response::new(204)
        .with("Access-Control-Allow-Origin", request.origin.serialize())
        .with("Access-Control-Allow-Credentials", "true")
        .with("Access-Control-Allow-Methods", &request.method)
}

/// Who else might ask for what was recorded, and be served it by a cache.
fn visitors(policy: &Policy, fetched: Option<&Fetched>, exchange: &Exchange, response: &Response) -> Vec<Visitor> {
    if exchange.request.method == "OPTIONS" {
        return Vec::new();
    }
    let sent = WireRequest { method: "GET".to_owned(), ..exchange.request.clone() };
    let origin = fetched.map(|fetched| fetched.request.origin.clone());
    let is_other = |visitor: &Visitor| match &visitor.who {
        Who::Page(page, _) => Some(&page.origin) != origin.as_ref(),
        Who::NoOrigin => origin.is_some(),
    };
    // The other visitors ask in one mode; what is wrong in the other one is no cache's fault.
    let is_their_mode = |fetched: &Fetched| {
        (fetched.request.credentials == CredentialsMode::Include)
            == (policy.credentials && policy.origins != AllowList::Any)
    };
    if !fetched.is_none_or(is_their_mode) {
        return Vec::new();
    }
    let mut visitors: Vec<Visitor> =
        visitors_of(policy, &sent.url, &sent.headers).into_iter().filter(is_other).collect();
    let who = match fetched {
        Some(fetched) => Who::Page(Box::new(fetched.request.clone()), fetched.intent.clone()),
        // A same-origin page, or a raw client: what it gets is not judged, and is kept all the same.
        None => Who::NoOrigin,
    };
    let response = Some(response.clone());
    visitors.push(Visitor { who, request: sent, response, handler_calls: 0 });
    visitors
}

/// What the application alone would have answered, as far as that can be told: the same without the middleware's
/// headers, and to a preflight nothing that was wrong.
fn without_middleware(request: &WireRequest, response: &Response) -> Response {
    let has_odd_origin = request
        .headers
        .get("Origin")
        .is_some_and(|origin| String::from_utf8(origin.to_vec()).is_ok_and(|origin| origin.parse::<Origin>().is_err()));
    let others = response.headers.iter().filter(|(name, _)| !is_cors_header(name.as_str()));
    let headers = others.map(|(name, value)| (name.clone(), value.clone())).collect();
    let status = if request.is_cors_preflight() || has_odd_origin { 200 } else { response.status };
    Response { status, headers, body: Vec::new() }
}

/// The case as which a recording is judged.
fn case(policy: &Policy, request: &WireRequest, response: &Response) -> Case {
    let handler = Handler { headers: without_middleware(request, response).headers, ..Handler::default() };
    let raw = RawRequest {
        method: request.method.clone(),
        url: request.url.to_string(),
        headers: request.headers.clone(),
        grow: None,
    };
    Case { policy: policy.clone(), handler, visits: vec![Visit::Raw(raw)] }
}
