//! The [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch): when it is needed,
//! the request it sends, and what its answer grants.

use crate::{
    agent::Deviation,
    cors_check::cors_check,
    extract::extract_tokens,
    header_list::HeaderList,
    request::{CredentialsMode, Request, WireRequest},
    response::Response,
    safelist::{is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
    spec::{self, Step},
};

/// Whether [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step 12 makes a
/// CORS-preflight fetch: by the method, or by a CORS-unsafe request-header name. A script's `fetch()`
/// always sets the unsafe-request flag.
pub fn needs_preflight(request: &Request) -> bool {
    !is_cors_safelisted_method(&request.method) || !request.unsafe_header_names().is_empty()
}

/// The preflight's request ([steps 1 to 5](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)).
pub fn preflight_request(request: &Request) -> WireRequest {
    // 2. Append (`Accept`, `*/*`).
    // 3. Append (`Access-Control-Request-Method`, request's method).
    let mut list = HeaderList::EMPTY.with("Accept", "*/*").with("Access-Control-Request-Method", &request.method);
    // 4. Let headers be the CORS-unsafe request-header names.
    let headers = request.unsafe_header_names();
    // 5. If headers is not empty, append them joined by `,`.
    if !headers.is_empty() {
        list = list.with("Access-Control-Request-Headers", &headers.join(","));
    }
    // Private Network Access, 10.2.1.1: if target IP address space is not null, set its header.
    if request.target_address_space.is_some() {
        list = list.with("Access-Control-Request-Private-Network", "true");
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
pub fn check_preflight_response<'a>(request: &Request, response: &'a Response) -> Result<Grant<'a>, &'static Step> {
    let grant = extract_grant(request, response)?;
    grant.allow(request)?;
    Ok(grant)
}

/// What a preflight's answer grants to whoever it is: step 7 but for 7.5 to 7.7, and step 8.
pub(crate) fn extract_grant<'a>(request: &Request, response: &'a Response) -> Result<Grant<'a>, &'static Step> {
    // 7. If a CORS check returns success and response's status is an ok status, then:
    let is_own = request.origin.is_of(request.current_url());
    if !(is_own && request.agent.has(Deviation::PreflightsToOwnOriginPass)) {
        cors_check(request, response)?;
    }
    if !response.has_ok_status() {
        // 8. Otherwise, return a network error.
        return Err(&spec::PREFLIGHT_8);
    }
    // Private Network Access, 10.3.1.3: if allow is not `true`, return a network error.
    let allow = response.headers.get("Access-Control-Allow-Private-Network");
    if request.target_address_space.is_some() && !allow.is_some_and(|allow| allow == *"true") {
        return Err(&spec::PNA_10_3_1_3);
    }
    // 7.1–7.3. Extract both lists; if either is failure, return a network error.
    let extract = |name| extract_tokens(name, &response.headers).map_err(|_| &spec::PREFLIGHT_7_3);
    let methods = extract("Access-Control-Allow-Methods")?;
    let header_names = extract("Access-Control-Allow-Headers")?;
    Ok(Grant {
        // 7.4. The use-CORS-preflight flag is for upload listeners and streams, which `fetch()` of a text is not.
        methods: methods.unwrap_or_default(),
        header_names: header_names.unwrap_or_default(),
        // 7.8–7.10. Let max-age be extracted, 5 if failure or null, and limited.
        max_age: request.agent.max_age(response),
        // 7.12–7.16. Filling the cache is the caller's.
    })
}

impl Grant<'_> {
    /// Whether the request may be sent: steps 7.5 to 7.7.
    pub(crate) fn allow(&self, request: &Request) -> Result<(), &'static Step> {
        let wildcard_counts = request.credentials != CredentialsMode::Include;
        // 7.5. If request's method is not allowed, return a network error.
        let is_allowed = self.methods.contains(&request.method.as_str())
            || is_cors_safelisted_method(&request.method)
            || (wildcard_counts && self.methods.contains(&"*"));
        if !is_allowed {
            return Err(&spec::PREFLIGHT_7_5);
        }
        let lists = |name: &str| self.header_names.iter().any(|item| item.eq_ignore_ascii_case(name));
        let has_wildcard = wildcard_counts && self.header_names.contains(&"*");
        // 7.6. A CORS non-wildcard request-header name must be listed.
        if !(has_wildcard && request.agent.has(Deviation::WildcardCoversAuthorization))
            && non_wildcard_names(&request.headers).any(|name| !lists(name))
        {
            return Err(&spec::PREFLIGHT_7_6);
        }
        // 7.7. For each unsafeName: it is listed, or `*` is.
        if !has_wildcard && !request.unsafe_header_names().iter().all(|name| lists(name)) {
            return Err(&spec::PREFLIGHT_7_7);
        }
        Ok(())
    }
}

fn non_wildcard_names(headers: &HeaderList) -> impl Iterator<Item = &str> {
    headers.iter().map(|(name, _)| name.as_str()).filter(|name| is_cors_non_wildcard_request_header_name(name))
}
