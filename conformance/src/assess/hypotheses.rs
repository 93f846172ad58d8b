//! One recorded exchange, judged by the rules for every fetch that could have sent its request.

use cors_adapters::{Observation, handler::Handler};
use cors_policy::{
    AllowList, Policy,
    intent::{Denied, Intent},
    origin_set::OriginPattern,
};
use cors_reference::{
    fetch::RequestKind,
    origin::Origin,
    request::{CredentialsMode, WireRequest},
    response::Response,
};

use super::{findings::Findings, possible_fetches::possible_fetches};
use crate::{
    case::{Case, RawRequest, Visit},
    drive::{Exchange, Fetched, Run, VisitRun, Visitor, Who, is_cors_header, visitors_of},
    rules::{Class, Severity, evaluate, over_grant},
};

/// Judges the exchange with index `index`.
pub(super) fn judge(
    policy: &Policy,
    index: usize,
    request: &WireRequest,
    response: &Response,
    findings: &mut Findings,
) {
    let case = case(policy, request, response);
    let kind = if request.is_cors_preflight() { RequestKind::Preflight } else { RequestKind::Actual };
    let fetches = possible_fetches(policy, request, response).into_iter();
    let mut hypotheses: Vec<_> = fetches.map(|fetched| (Some(kind), Some(fetched))).collect();
    // If no cross-origin fetch could have sent the request, only its text and that of the response are judged.
    if hypotheses.is_empty() {
        hypotheses.push((None, None));
    }
    for (kind, fetched) in hypotheses {
        let control = observation(response_without_middleware(request, response));
        let exchange = Exchange::new(kind, request.clone(), observation(response.clone()), control);
        let denied = fetched.as_ref().and_then(|fetched| match &fetched.intent {
            Intent::Deny(Denied::RequestHeader(name)) => Some(name.as_str().to_owned()),
            _ => None,
        });
        let visitors = visitors(policy, fetched.as_ref(), &exchange, response);
        let visit = VisitRun { visit: &case.visits[0], fetched, exchanges: vec![exchange], costs: Vec::new() };
        let run = Run { case: &case, visits: vec![visit], warnings: Vec::new(), visitors, fresh: None };
        let mut of_fetch = evaluate(&run).findings;
        for (rule, finding) in &mut of_fetch {
            // A preflight does not contain the value that decides whether such a header needs to be listed.
            let depends_on_value = **rule == over_grant::REQUEST_HEADER
                && denied.as_deref().is_some_and(|name| over_grant::HEADERS_WITH_SAFELISTED_VALUES.contains(&name));
            let depends_on_cache = rule.class == Class::CacheUnsafe && !proves_cache_harm(policy, request);
            if depends_on_value || depends_on_cache {
                finding.severity = Severity::Low;
            }
        }
        findings.add_all(index, of_fetch);
    }
}

/// Returns true if one response proves that a cache harms another visitor: caches store the response, and no server of the
/// policy can send the same response to everyone.
fn proves_cache_harm(policy: &Policy, request: &WireRequest) -> bool {
    let can_be_static = match &policy.origins {
        AllowList::Any => true,
        AllowList::Mirror => false,
        AllowList::List(patterns) => patterns.len() == 1 && patterns.iter().all(OriginPattern::is_exact),
    };
    request.method == "GET" && request.headers.contains("Origin") && !can_be_static
}

/// Returns the visitors that could share a cache: other visitors, without responses, and then the recorded one.
fn visitors(policy: &Policy, fetched: Option<&Fetched>, exchange: &Exchange, response: &Response) -> Vec<Visitor> {
    if exchange.request.method == "OPTIONS" {
        return Vec::new();
    }
    // The other visitors have one credentials mode. A fetch in the other mode is not comparable with them.
    let others_include_credentials = policy.credentials && policy.origins != AllowList::Any;
    let includes_credentials = |fetched: &Fetched| fetched.request.credentials == CredentialsMode::Include;
    if fetched.is_some_and(|fetched| includes_credentials(fetched) != others_include_credentials) {
        return Vec::new();
    }
    let request = WireRequest { method: "GET".to_owned(), ..exchange.request.clone() };
    let origin = fetched.map(|fetched| &fetched.request.origin);
    let is_other = |visitor: &Visitor| match &visitor.who {
        Who::Page(page, _) => Some(&page.origin) != origin,
        Who::NoOrigin => origin.is_some(),
    };
    let mut visitors: Vec<Visitor> =
        visitors_of(policy, &request.url, &request.headers).into_iter().filter(is_other).collect();
    let who = match fetched {
        Some(fetched) => Who::Page(Box::new(fetched.request.clone()), fetched.intent.clone()),
        // A cache also stores the response to a same-origin page or a raw client.
        None => Who::NoOrigin,
    };
    visitors.push(Visitor { who, request, response: Some(response.clone()), handler_calls: 0 });
    visitors
}

/// Returns an estimate of the application's response without the middleware: the recorded one without CORS headers. The
/// status is 200 if the middleware may have changed it, for a preflight or an `Origin` that is not an origin.
fn response_without_middleware(request: &WireRequest, response: &Response) -> Response {
    let has_invalid_origin = request
        .headers
        .get("Origin")
        .is_some_and(|origin| String::from_utf8(origin.to_vec()).is_ok_and(|origin| origin.parse::<Origin>().is_err()));
    let others = response.headers.iter().filter(|(name, _)| !is_cors_header(name.as_str()));
    let headers = others.map(|(name, value)| (name.clone(), value.clone())).collect();
    let status = if request.is_cors_preflight() || has_invalid_origin { 200 } else { response.status };
    Response { status, headers, body: Vec::new() }
}

/// Returns the case that represents the exchange.
fn case(policy: &Policy, request: &WireRequest, response: &Response) -> Case {
    let handler = Handler { headers: response_without_middleware(request, response).headers, ..Handler::default() };
    let raw = RawRequest {
        method: request.method.clone(),
        url: request.url.to_string(),
        headers: request.headers.clone(),
        grow: None,
    };
    Case { policy: policy.clone(), handler, visits: vec![Visit::Raw(raw)] }
}

/// Returns the observation of a recorded response. The number of handler calls was not recorded.
fn observation(response: Response) -> Observation {
    Observation { result: Ok(response), handler_calls: 0 }
}
