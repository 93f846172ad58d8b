//! The [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch): when it is needed,
//! the request it sends, and what its answer grants.

use crate::{
    agent::Agent,
    cors_check::cors_check,
    extract::{extract_delta_seconds, extract_tokens},
    header_list::HeaderList,
    request::{CredentialsMode, Request, WireRequest},
    response::Response,
    safelist::{cors_unsafe_request_header_names, is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
    spec::{self, Step},
};

/// The max-age of an answer that gives none, in seconds
/// ([step 7.9](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)).
pub const DEFAULT_MAX_AGE: u64 = 5;

/// Whether [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step 12 makes a
/// CORS-preflight fetch: by the method, or by a CORS-unsafe request-header name. A script's `fetch()`
/// always sets the unsafe-request flag.
pub fn needs_preflight(request: &Request) -> bool {
    !is_cors_safelisted_method(&request.method) || !cors_unsafe_request_header_names(&request.headers).is_empty()
}

/// The preflight's request ([steps 1 to 5](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)).
pub fn preflight_request(request: &Request) -> WireRequest {
    // 2. Append (`Accept`, `*/*`).
    // 3. Append (`Access-Control-Request-Method`, request's method).
    let mut list = HeaderList::EMPTY.with("Accept", "*/*").with("Access-Control-Request-Method", &request.method);
    // 4. Let headers be the CORS-unsafe request-header names.
    let headers = cors_unsafe_request_header_names(&request.headers);
    // 5. If headers is not empty, append them joined by `,`.
    if !headers.is_empty() {
        list = list.with("Access-Control-Request-Headers", &headers.join(","));
    }
    // 6. HTTP-network-or-cache fetch appends the request's `Origin`.
    list = list.with("Origin", request.serialize_origin());
    // 1. A new request whose method is `OPTIONS`, with request's URL and origin.
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    WireRequest { method: "OPTIONS".to_owned(), url, headers: list, body: None }
}

/// What a successful preflight grants, to be kept in the CORS-preflight cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant<'a> {
    /// The items of `Access-Control-Allow-Methods`.
    pub methods: Vec<&'a str>,
    /// The items of `Access-Control-Allow-Headers`.
    pub header_names: Vec<&'a str>,
    /// For how many seconds.
    pub max_age: u64,
}

/// Judges a preflight's answer ([steps 7 and 8](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)).
///
/// # Errors
///
/// The step that returned a network error; where that was the CORS check, the check's own step.
pub fn check_preflight_response<'a>(
    request: &Request,
    response: &'a Response,
    agent: &Agent,
) -> Result<Grant<'a>, &'static Step> {
    // 7. If a CORS check returns success and response's status is an ok status, then:
    cors_check(request, response)?;
    if !response.has_ok_status() {
        // 8. Otherwise, return a network error.
        return Err(&spec::PREFLIGHT_8);
    }
    // 7.1–7.3. Extract both lists; if either is failure, return a network error.
    let extract = |name| extract_tokens(name, &response.headers).map_err(|_| &spec::PREFLIGHT_7_3);
    let methods = extract("Access-Control-Allow-Methods")?;
    let header_names = extract("Access-Control-Allow-Headers")?;
    // 7.4. The use-CORS-preflight flag is for upload listeners and streams, which `fetch()` of a text is not.
    let methods = methods.unwrap_or_default();
    let header_names = header_names.unwrap_or_default();
    let wildcard_counts = request.credentials != CredentialsMode::Include;
    // 7.5. If request's method is not allowed, return a network error.
    let is_allowed = methods.contains(&request.method.as_str())
        || is_cors_safelisted_method(&request.method)
        || (wildcard_counts && methods.contains(&"*"));
    if !is_allowed {
        return Err(&spec::PREFLIGHT_7_5);
    }
    let lists = |name: &str| header_names.iter().any(|item| item.eq_ignore_ascii_case(name));
    let has_wildcard = wildcard_counts && header_names.contains(&"*");
    // 7.6. A CORS non-wildcard request-header name must be listed.
    if !(agent.wildcard_covers_authorization && has_wildcard)
        && non_wildcard_names(&request.headers).any(|name| !lists(name))
    {
        return Err(&spec::PREFLIGHT_7_6);
    }
    // 7.7. For each unsafeName: it is listed, or `*` is.
    if !has_wildcard && !cors_unsafe_request_header_names(&request.headers).iter().all(|name| lists(name)) {
        return Err(&spec::PREFLIGHT_7_7);
    }
    // 7.8–7.10. Let max-age be extracted, 5 if failure or null, and limited.
    let max_age = match extract_delta_seconds("Access-Control-Max-Age", &response.headers) {
        Ok(Some(seconds)) => seconds,
        Err(_) if agent.negative_max_age_is_zero && is_negative(&response.headers) => 0,
        Ok(None) | Err(_) => DEFAULT_MAX_AGE,
    };
    let max_age = max_age.min(agent.max_age_limit.unwrap_or(u64::MAX));
    // 7.12–7.16. Filling the cache is the caller's.
    Ok(Grant { methods, header_names, max_age })
}

fn non_wildcard_names(headers: &HeaderList) -> impl Iterator<Item = &str> {
    headers.iter().map(|(name, _)| name.as_str()).filter(|name| is_cors_non_wildcard_request_header_name(name))
}

fn is_negative(headers: &HeaderList) -> bool {
    let mut values = headers.named("Access-Control-Max-Age").map(|(_, value)| value.as_bytes());
    values.next().and_then(|value| value.strip_prefix(b"-")).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
}
