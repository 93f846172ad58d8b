//! Findings that recorded exchanges suggest but do not prove. All have severity low.

use cors_policy::{
    AllowList, Policy,
    intent::{Exposure, Intent, exposure, intent},
    review::{RemarkKind, review},
};
use cors_reference::{
    extract::extract_tokens,
    header::HeaderName,
    header_list::HeaderList,
    origin::Origin,
    request::{Request, RequestInit, WireRequest},
    response::Response,
};

use super::findings::Findings;
use crate::{
    drive::{fetch_of, is_cors_header, vary},
    rules::{Rule, Severity, cache_unsafe, interference, robustness, under_grant, unsafe_config},
};

/// A suspected violation of a rule, with its message.
type Suspicion = (&'static Rule, String);

/// Judges the policy, each exchange, and each pair of exchanges.
pub(super) fn judge(policy: &Policy, exchanges: &[(WireRequest, Response)], findings: &mut Findings) {
    let mut add = |exchange: usize, (rule, message): Suspicion| findings.add(exchange, rule, Severity::Low, message);
    for remark in review(policy).into_iter().filter(|remark| remark.kind == RemarkKind::Danger) {
        if let Some(rule) = unsafe_config::of_danger(remark.id) {
            add(0, (rule, format!("{}: {}", remark.field, remark.message)));
        }
    }
    for (index, (request, response)) in exchanges.iter().enumerate() {
        let of_exchange = of_status(policy, request, response)
            .into_iter()
            .chain(of_headers(policy, request, response))
            .chain(unexposed_header(policy, request, response));
        of_exchange.for_each(|suspicion| add(index, suspicion));
        for (earlier_request, earlier_response) in &exchanges[..index] {
            let pair = [(earlier_request, earlier_response), (request, response)];
            of_pair(pair).into_iter().for_each(|suspicion| add(index, suspicion));
        }
    }
}

/// Returns the suspicions that the status of a response raises.
fn of_status(policy: &Policy, request: &WireRequest, response: &Response) -> Vec<Suspicion> {
    let is_refused = matches!(response.status, 400 | 403);
    if request.method == "OPTIONS" && !request.is_cors_preflight() {
        return of_plain_options(response, is_refused).into_iter().collect();
    }
    if request.is_cors_preflight() {
        return Vec::new();
    }
    let status = response.status;
    let origin = request.headers.get("Origin").map(|origin| origin.to_vec());
    let is_own = origin.as_deref() == Some(Origin::of(&request.url).serialize().as_bytes());
    let page = origin.as_ref().and_then(|origin| str::from_utf8(origin).ok()?.parse::<Origin>().ok());
    let init = RequestInit { method: request.method.clone(), ..RequestInit::default() };
    let fetch = page.and_then(|page| Request::new(&page, request.url.as_str(), &init).ok());
    let is_permitted = !is_own && fetch.is_some_and(|fetch| intent(policy, &fetch) == Intent::Permit);
    let has_allow_origin = response.headers.contains("Access-Control-Allow-Origin");
    match origin {
        None if is_refused => {
            vec![(&interference::NO_ORIGIN, format!("The response to a request without Origin has status {status}."))]
        }
        Some(_) if is_own && (is_refused || status == 401) => {
            vec![(&interference::SAME_ORIGIN, format!("The response to the server's own page has status {status}."))]
        }
        Some(_) if is_permitted && status >= 300 && status != 304 && !has_allow_origin => {
            let message =
                format!("The response to a permitted page has status {status}, possibly because of its origin.");
            let mut suspicions = vec![(&under_grant::ORIGIN, message)];
            if is_refused {
                let message = format!("The response to a permitted page has status {status}.");
                suspicions.push((&interference::PERMITTED_REQUEST, message));
            }
            suspicions
        }
        // If a permitted page gets status 500 without CORS headers, the rules `missing-on-error` apply.
        _ if status < 100 || (status == 500 && !is_permitted) => {
            let message = format!("The response to a request to which CORS grants nothing has status {status}.");
            vec![(&robustness::SERVER_ERROR, message)]
        }
        _ => Vec::new(),
    }
}

/// Returns the suspicion that a server treats a plain `OPTIONS` request as a preflight.
fn of_plain_options(response: &Response, is_refused: bool) -> Option<Suspicion> {
    const PREFLIGHT_HEADERS: [&str; 3] =
        ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"];
    let evidence = match PREFLIGHT_HEADERS.into_iter().find(|name| response.headers.contains(name)) {
        Some(name) => format!("it has {name}"),
        None if is_refused => format!("it has status {}", response.status),
        None => return None,
    };
    let message =
        format!("The OPTIONS request is not a preflight, but the response is that to a preflight: {evidence}.");
    Some((&interference::PLAIN_OPTIONS, message))
}

/// Returns the suspicions that the headers of a response raise about the configuration of the server.
fn of_headers(policy: &Policy, request: &WireRequest, response: &Response) -> Vec<Suspicion> {
    let is = |name: &'static str, wanted: &str| response.headers.get(name).is_some_and(|value| value == *wanted);
    let mut suspicions: Vec<Suspicion> = Vec::new();
    if is("Access-Control-Allow-Credentials", "true") && is("Access-Control-Allow-Origin", "*") {
        let message = "The server allows the origin `*` with credentials.".to_owned();
        suspicions.push((&unsafe_config::WILDCARD_WITH_CREDENTIALS, message));
    }
    let lists_null = policy.origins.list().iter().any(|pattern| pattern.as_str() == "null");
    let is_list = matches!(policy.origins, AllowList::List(_));
    if is_list && !lists_null && is("Access-Control-Allow-Origin", "null") {
        suspicions.push((&unsafe_config::NULL_ORIGIN, "The server allows the origin `null`.".to_owned()));
    }
    if request.is_cors_preflight() {
        suspicions.extend(of_preflight_headers(policy, request, response));
    }
    suspicions
}

fn of_preflight_headers(policy: &Policy, request: &WireRequest, response: &Response) -> Vec<Suspicion> {
    let mut suspicions: Vec<Suspicion> = Vec::new();
    for (asked, allowed, is_mirrored) in [
        ("Access-Control-Request-Headers", "Access-Control-Allow-Headers", policy.request_headers == AllowList::Mirror),
        ("Access-Control-Request-Method", "Access-Control-Allow-Methods", policy.methods == AllowList::Mirror),
    ] {
        let varies = vary(&response.headers).iter().any(|member| member == "*" || member.eq_ignore_ascii_case(asked));
        if is_mirrored && request.headers.contains(asked) && response.headers.contains(allowed) && !varies {
            let message = format!("{allowed} depends on {asked}, but Vary does not list {asked}.");
            suspicions.push((&cache_unsafe::PREFLIGHT, message));
        }
    }
    let has_no_cors_header = !response.headers.iter().any(|(name, _)| is_cors_header(name.as_str()));
    let is_permitted = || fetch_of(request).is_some_and(|fetch| intent(policy, &fetch) == Intent::Permit);
    if has_no_cors_header && response.has_ok_status() && is_permitted() {
        let message = "The response to a preflight is that to any OPTIONS request.".to_owned();
        suspicions.push((&interference::PREFLIGHT_REACHES_HANDLER, message));
    }
    suspicions
}

/// Returns the suspicion that a header name is not exposed to a permitted page, even though the response does not have the
/// header.
fn unexposed_header(policy: &Policy, request: &WireRequest, response: &Response) -> Option<Suspicion> {
    let AllowList::List(names) = &policy.exposed_headers else { return None };
    let origin = String::from_utf8(request.headers.get("Origin")?.to_vec()).ok()?;
    let fetch = Request::new(&origin.parse().ok()?, request.url.as_str(), &RequestInit::default()).ok()?;
    let allowed = response.headers.get("Access-Control-Allow-Origin")?.to_vec();
    let is_read = allowed == b"*" || allowed == origin.as_bytes();
    if request.is_cors_preflight() || !is_read || intent(policy, &fetch) != Intent::Permit {
        return None;
    }
    let exposed = extract_tokens("Access-Control-Expose-Headers", &response.headers).ok()?.unwrap_or_default();
    let is_missing = |name: &&HeaderName| {
        let is_listed = exposed.iter().any(|own| *own == "*" || own.eq_ignore_ascii_case(name.as_str()));
        !is_listed
            && exposure(&Policy::default(), &fetch, name) == Exposure::Hidden
            && exposure(policy, &fetch, name) == Exposure::Readable
    };
    let name = names.iter().find(is_missing)?;
    let message = format!("The response does not expose {name}, but the policy does.");
    Some((&under_grant::EXPOSED_HEADER, message))
}

/// Returns the suspicions that two exchanges raise together, if both have the same method and URL.
fn of_pair([(earlier, first), (later, second)]: [(&WireRequest, &Response); 2]) -> Vec<Suspicion> {
    let mut suspicions: Vec<Suspicion> = Vec::new();
    if earlier.method != later.method || earlier.url != later.url || first.status != second.status {
        return suspicions;
    }
    if let Some(member) = lost_vary_member(first, second).or_else(|| lost_vary_member(second, first)) {
        let message = format!("Only one of two responses has `{member}` in Vary.");
        suspicions.push((&interference::VARY, message));
    }
    if cors_request_headers(earlier) == cors_request_headers(later) && cors_headers(first) != cors_headers(second) {
        let message = "Two equal requests get different CORS headers.".to_owned();
        suspicions.push((&robustness::STATE, message));
    }
    suspicions
}

/// Returns a member of `Vary` that only the response `from` has. Request headers of the CORS protocol do not count.
fn lost_vary_member(from: &Response, to: &Response) -> Option<String> {
    let kept = vary(&to.headers);
    let is_lost = |member: &String| !kept.contains(member) && !kept.iter().any(|kept| kept == "*");
    let is_of_cors = |member: &String| member == "origin" || member.starts_with("access-control-request-");
    vary(&from.headers).into_iter().filter(|member| !is_of_cors(member)).find(is_lost)
}

/// Returns the CORS headers of a response, sorted by name.
fn cors_headers(response: &Response) -> Vec<(HeaderName, String)> {
    let headers = response.headers.iter().filter(|(name, _)| is_cors_header(name.as_str()));
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_lowercase(), value.isomorphic_decode())).collect();
    headers.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
    headers
}

/// Returns the values of the request headers that decide a CORS response.
fn cors_request_headers(request: &WireRequest) -> [Option<Vec<u8>>; 3] {
    let value = |headers: &HeaderList, name: &'static str| headers.get(name).map(|value| value.to_vec());
    ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]
        .map(|name| value(&request.headers, name))
}
