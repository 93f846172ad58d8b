//! What recorded exchanges suggest and cannot prove: all of it at low severity.

use cors_policy::{
    AllowList, Policy,
    intent::{Exposure, Intent, exposure, intent},
    review::{RemarkKind, review},
};
use cors_reference::{
    extract::extract_tokens,
    header_list::HeaderList,
    origin::Origin,
    request::{Request, RequestInit, WireRequest},
    response::Response,
};

use super::Found;
use crate::{
    drive::{fetch_of, is_cors_header, vary},
    rules::{Rule, Severity, cache_unsafe, interference, robustness, under_grant, unsafe_config},
};

/// A suspected violation of a rule, with its message.
type Suspicion = (&'static Rule, String);

/// Looks at each exchange, at pairs of them, and at the policy.
pub(super) fn judge(policy: &Policy, exchanges: &[(WireRequest, Response)], found: &mut Found) {
    let mut suspect =
        |exchange: usize, rule: &'static Rule, message: String| found.add(exchange, rule, Severity::Low, message);
    for remark in review(policy).into_iter().filter(|remark| remark.kind == RemarkKind::Danger) {
        if let Some(rule) = unsafe_config::of_danger(remark.id) {
            suspect(0, rule, format!("{}: {}", remark.field, remark.message));
        }
    }
    for (index, (request, response)) in exchanges.iter().enumerate() {
        for (rule, message) in of_one(policy, request, response) {
            suspect(index, rule, message);
        }
        for (rule, message) in of_text(policy, request, response) {
            suspect(index, rule, message);
        }
        if let Some(message) = unexposed(policy, request, response) {
            suspect(index, &under_grant::EXPOSED_HEADER, message);
        }
        for (other, answer) in &exchanges[..index] {
            for (rule, message) in of_two((other, answer), (request, response)) {
                suspect(index, rule, message);
            }
        }
    }
}

/// What a request suggests that no preflight or other origin explains.
fn of_one(policy: &Policy, request: &WireRequest, response: &Response) -> Vec<Suspicion> {
    let is_refused = matches!(response.status, 400 | 403);
    let origin = request.headers.get("Origin").map(|origin| origin.to_vec());
    let own = Origin::of(&request.url);
    if request.method == "OPTIONS" && !request.is_cors_preflight() {
        const OF_PREFLIGHTS: [&str; 3] =
            ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"];
        let answered = OF_PREFLIGHTS.into_iter().find(|name| response.headers.contains(name));
        let why = match answered {
            Some(name) => format!("it has {name}"),
            None if is_refused => format!("{} refuses it", response.status),
            None => return Vec::new(),
        };
        return vec![(
            &interference::PLAIN_OPTIONS,
            format!("This OPTIONS is no preflight, and is answered as one: {why}."),
        )];
    }
    if request.is_cors_preflight() {
        return Vec::new();
    }
    let status = response.status;
    let page = origin.as_ref().and_then(|origin| String::from_utf8(origin.clone()).ok()?.parse::<Origin>().ok());
    let init = RequestInit { method: request.method.clone(), ..RequestInit::default() };
    let asked = page.and_then(|page| Request::new(&page, request.url.as_str(), &init).ok());
    let is_own = origin.as_deref() == Some(own.serialize().as_bytes());
    let is_permitted = !is_own && asked.is_some_and(|asked| intent(policy, &asked) == Intent::Permit);
    let is_answered = response.headers.contains("Access-Control-Allow-Origin");
    match origin {
        None if is_refused => {
            vec![(&interference::NO_ORIGIN, format!("A request without Origin is answered {status}."))]
        }
        Some(_) if is_own && (is_refused || status == 401) => {
            vec![(&interference::SAME_ORIGIN, format!("The server's own page is answered {status}."))]
        }
        Some(_) if is_permitted && status >= 300 && status != 304 && !is_answered => {
            let mut suspicions =
                vec![(&under_grant::ORIGIN, format!("A permitted page is answered {status}, perhaps for its origin."))];
            if is_refused {
                let message = format!("A permitted page is answered {status}.");
                suspicions.push((&interference::PERMITTED_REQUEST, message));
            }
            suspicions
        }
        // Of what a permitted page is not told, `missing-on-error` tells.
        _ if status < 100 || (status == 500 && !is_permitted) => {
            vec![(&robustness::SERVER_ERROR, format!("A request is answered {status} that CORS has nothing to grant."))]
        }
        _ => Vec::new(),
    }
}

/// What the text of an answer suggests of how the server is configured.
fn of_text(policy: &Policy, request: &WireRequest, response: &Response) -> Vec<Suspicion> {
    let is = |headers: &HeaderList, name: &'static str, wanted: &str| {
        headers.get(name).is_some_and(|value| value == *wanted)
    };
    let mut suspicions = Vec::new();
    let has_credentials = is(&response.headers, "Access-Control-Allow-Credentials", "true");
    if has_credentials && is(&response.headers, "Access-Control-Allow-Origin", "*") {
        let message = "The server allows `*` beside credentials.".to_owned();
        suspicions.push((&unsafe_config::WILDCARD_WITH_CREDENTIALS, message));
    }
    let lists_null = policy.origins.list().iter().any(|pattern| pattern.as_str() == "null");
    let is_list = matches!(policy.origins, AllowList::List(_));
    if is_list && !lists_null && is(&response.headers, "Access-Control-Allow-Origin", "null") {
        suspicions.push((&unsafe_config::NULL_ORIGIN, "The server allows `null`.".to_owned()));
    }
    if !request.is_cors_preflight() {
        return suspicions;
    }
    for (asked, allowed, is_mirrored) in [
        ("Access-Control-Request-Headers", "Access-Control-Allow-Headers", policy.request_headers == AllowList::Mirror),
        ("Access-Control-Request-Method", "Access-Control-Allow-Methods", policy.methods == AllowList::Mirror),
    ] {
        let varies = vary(&response.headers).iter().any(|member| member == "*" || member.eq_ignore_ascii_case(asked));
        if is_mirrored && request.headers.contains(asked) && response.headers.contains(allowed) && !varies {
            let message = format!("{allowed} follows {asked}, and Vary does not say so.");
            suspicions.push((&cache_unsafe::PREFLIGHT, message));
        }
    }
    let is_silent = !response.headers.iter().any(|(name, _)| is_cors_header(name.as_str()));
    let asks_for_a_permitted_page = fetch_of(request).is_some_and(|asked| intent(policy, &asked) == Intent::Permit);
    if is_silent && response.has_ok_status() && asks_for_a_permitted_page {
        let message = "A preflight is answered as if it were any OPTIONS request.".to_owned();
        suspicions.push((&interference::PREFLIGHT_REACHES_HANDLER, message));
    }
    suspicions
}

/// A name that the policy exposes and the answer to a permitted page does not, though nothing of that name is there.
fn unexposed(policy: &Policy, request: &WireRequest, response: &Response) -> Option<String> {
    let AllowList::List(names) = &policy.exposed_headers else { return None };
    let origin = String::from_utf8(request.headers.get("Origin")?.to_vec()).ok()?;
    let asked = Request::new(&origin.parse().ok()?, request.url.as_str(), &RequestInit::default()).ok()?;
    let allows = response.headers.get("Access-Control-Allow-Origin")?.to_vec();
    let is_read = allows == b"*" || allows == origin.as_bytes();
    if request.is_cors_preflight() || !is_read || intent(policy, &asked) != Intent::Permit {
        return None;
    }
    let exposed = extract_tokens("Access-Control-Expose-Headers", &response.headers).ok()?.unwrap_or_default();
    let is_left_out = |name: &&cors_reference::header::HeaderName| {
        let is_listed = exposed.iter().any(|own| *own == "*" || own.eq_ignore_ascii_case(name.as_str()));
        !is_listed
            && exposure(&Policy::default(), &asked, name) == Exposure::Hidden
            && exposure(policy, &asked, name) == Exposure::Readable
    };
    names.iter().find(is_left_out).map(|name| format!("The answer does not expose {name}, which the policy does."))
}

/// What two answers suggest of what stands between them.
fn of_two((one, first): (&WireRequest, &Response), (other, second): (&WireRequest, &Response)) -> Vec<Suspicion> {
    let mut suspicions = Vec::new();
    if one.method != other.method || one.url != other.url {
        return suspicions;
    }
    if first.status == second.status {
        let lost = |from: &Response, to: &Response| {
            let kept = vary(&to.headers);
            let is_lost = |member: &String| !kept.contains(member) && !kept.iter().any(|kept| kept == "*");
            vary(&from.headers).into_iter().filter(|member| !is_of_the_protocol(member)).find(is_lost)
        };
        if let Some(member) = lost(first, second).or_else(|| lost(second, first)) {
            suspicions
                .push((&interference::VARY, format!("`{member}` of Vary is in one answer and not in the other.")));
        }
    }
    let of_cors = |response: &Response| -> Vec<_> {
        let headers = response.headers.iter().filter(|(name, _)| is_cors_header(name.as_str()));
        let mut headers: Vec<_> =
            headers.map(|(name, value)| (name.to_lowercase(), value.isomorphic_decode())).collect();
        headers.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
        headers
    };
    let asks = |headers: &HeaderList| -> Vec<_> {
        ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]
            .map(|name| headers.get(name).map(|value| value.to_vec()))
            .to_vec()
    };
    if asks(&one.headers) == asks(&other.headers) && first.status == second.status && of_cors(first) != of_cors(second)
    {
        suspicions.push((&robustness::STATE, "The same question has another answer than before.".to_owned()));
    }
    suspicions
}

fn is_of_the_protocol(member: &str) -> bool {
    member == "origin" || member.starts_with("access-control-request-")
}
