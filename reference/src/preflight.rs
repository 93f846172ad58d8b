//! The [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch): when it is needed, the request that
//! it sends, and what the response grants.
//!
//! [`check_preflight_headers`] reads any container of headers:
//!
//! ```
//! use cors_reference::{preflight::{PreflightedRequest, check_preflight_headers}, request::CredentialsMode};
//! use http::{HeaderMap, HeaderValue};
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("access-control-allow-origin", HeaderValue::from_static("https://app.example"));
//! headers.insert("access-control-allow-methods", HeaderValue::from_static("PUT, DELETE"));
//!
//! let put = PreflightedRequest::new("https://app.example", CredentialsMode::Omit, "PUT", &[]);
//! assert_eq!(check_preflight_headers(&put, 204, &headers).unwrap().methods, ["PUT", "DELETE"]);
//!
//! let names = ["x-token".to_owned()];
//! let put = PreflightedRequest::new("https://app.example", CredentialsMode::Omit, "PUT", &names);
//! let step = check_preflight_headers(&put, 204, &headers).unwrap_err();
//! assert_eq!(step.reason(), "cors-preflight-fetch/7.7");
//! ```
//!
//! ```
//! # use cors_reference::{preflight::{PreflightedRequest, check_preflight_headers}, request::CredentialsMode};
//! use cors_reference::header_list::HeaderList;
//!
//! let headers = HeaderList::EMPTY.with("Access-Control-Allow-Origin", "*");
//! let put = PreflightedRequest::new("null", CredentialsMode::Omit, "PUT", &[]);
//! let step = check_preflight_headers(&put, 204, &headers).unwrap_err();
//! assert_eq!(step.reason(), "cors-preflight-fetch/7.5");
//! ```

use crate::{
    cors_check::cors_check_headers,
    extract::{extract_delta_seconds, extract_tokens},
    header_list::HeaderList,
    headers::Headers,
    request::{CredentialsMode, Request, WireRequest},
    response::Response,
    safelist::{is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
    spec::{self, Step},
};

/// The max-age in seconds of a response that gives none
/// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), step 7.9).
pub const DEFAULT_MAX_AGE: u64 = 5;

/// Returns true if [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step 12 makes a CORS-preflight fetch
/// for the request: because of its method, or because of a CORS-unsafe request-header name. The unsafe-request flag is
/// set for every `fetch()` of a script.
pub fn needs_preflight(request: &Request) -> bool {
    !is_cors_safelisted_method(&request.method) || !request.unsafe_header_names().is_empty()
}

/// Returns the request of a CORS preflight
/// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 1 to 6).
/// `unsafe_header_names` are the
/// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) of the request.
pub fn preflight_request(request: &Request, unsafe_header_names: &[String]) -> WireRequest {
    // 1. Let preflight be a new request whose method is `OPTIONS`, with request's URL list and origin.
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    // 2. Append (`Accept`, `*/*`).
    let headers = HeaderList::EMPTY.with("Accept", "*/*");
    // 3. Append (`Access-Control-Request-Method`, request's method).
    let mut headers = headers.with("Access-Control-Request-Method", &request.method);
    // 4. Let headers be the CORS-unsafe request-header names of request's header list.
    // 5. If headers is not empty, then:
    if !unsafe_header_names.is_empty() {
        // 5.1–5.2. Append (`Access-Control-Request-Headers`, the names separated by `,`).
        headers = headers.with("Access-Control-Request-Headers", &unsafe_header_names.join(","));
    }
    // Private Network Access 10.2.1.1: if target IP address space is not null, append its header.
    if request.target_address_space.is_some() {
        headers = headers.with("Access-Control-Request-Private-Network", "true");
    }
    // 6. Run HTTP-network-or-cache fetch. It appends `Origin`; its other steps do not concern a preflight.
    headers = headers.with("Origin", request.serialize_origin());
    WireRequest { method: "OPTIONS".to_owned(), url, headers, body: None }
}

/// The properties of a request that decide whether its preflight succeeds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PreflightedRequest<'a> {
    /// The [serialized request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin): the value of the
    /// preflight's `Origin` header.
    pub origin: &'a str,
    /// The credentials mode of the request. The preflight itself carries no credentials.
    pub credentials: CredentialsMode,
    /// The method of the request: the value of the preflight's `Access-Control-Request-Method` header.
    pub method: &'a str,
    /// The [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) of the
    /// request: the elements of the preflight's `Access-Control-Request-Headers` header.
    pub unsafe_header_names: &'a [String],
    /// True if the preflight has the header `Access-Control-Request-Private-Network: true`.
    pub targets_private_network: bool,
}

impl<'a> PreflightedRequest<'a> {
    /// Returns a request that targets no private network.
    pub fn new(
        origin: &'a str,
        credentials: CredentialsMode,
        method: &'a str,
        unsafe_header_names: &'a [String],
    ) -> Self {
        Self { origin, credentials, method, unsafe_header_names, targets_private_network: false }
    }

    /// Returns the properties of a request.
    pub fn of(request: &'a Request, unsafe_header_names: &'a [String]) -> Self {
        Self {
            targets_private_network: request.target_address_space.is_some(),
            ..Self::new(request.serialize_origin(), request.credentials, &request.method, unsafe_header_names)
        }
    }
}

/// What a successful preflight grants. The CORS-preflight cache stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Grant<'a> {
    /// The elements of `Access-Control-Allow-Methods`.
    pub methods: Vec<&'a str>,
    /// The elements of `Access-Control-Allow-Headers`.
    pub header_names: Vec<&'a str>,
    /// The number of seconds for which the grant may be cached.
    pub max_age: u64,
}

/// Checks the response to a preflight. See [`check_preflight_headers`].
///
/// # Errors
///
/// Returns the step that returned a network error. If that is the CORS check, returns the step of the check.
pub fn check_preflight_response<'a>(request: &Request, response: &'a Response) -> Result<Grant<'a>, &'static Step> {
    let unsafe_header_names = request.unsafe_header_names();
    let request = PreflightedRequest::of(request, &unsafe_header_names);
    check_preflight_headers(&request, response.status, &response.headers)
}

/// Checks the status and the headers of the response to a preflight
/// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7 and 8).
///
/// # Errors
///
/// Returns the step that returned a network error. If that is the CORS check, returns the step of the check.
pub fn check_preflight_headers<'a, H: Headers>(
    request: &PreflightedRequest<'_>,
    status: u16,
    headers: &'a H,
) -> Result<Grant<'a>, &'static Step> {
    // 7. If a CORS check returns success and response's status is an ok status, then run `check_grant`.
    cors_check_headers(request.origin, request.credentials, headers)?;
    if (200..=299).contains(&status) {
        return check_grant(request, headers);
    }
    // 8. Otherwise, return a network error.
    Err(&spec::PREFLIGHT_8)
}

/// Runs steps 7.1 to 7.16 of [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).
pub(crate) fn check_grant<'a, H: Headers>(
    request: &PreflightedRequest<'_>,
    headers: &'a H,
) -> Result<Grant<'a>, &'static Step> {
    // Private Network Access 10.3.1.3: if allow is not `true`, then return a network error.
    let allow = headers.get("Access-Control-Allow-Private-Network");
    if request.targets_private_network && allow.is_none_or(|allow| allow != *"true") {
        return Err(&spec::PNA_10_3_1_3);
    }
    // 7.1. Let methods be the result of extracting `Access-Control-Allow-Methods`.
    let methods = extract_tokens("Access-Control-Allow-Methods", headers);
    // 7.2. Let headerNames be the result of extracting `Access-Control-Allow-Headers`.
    let header_names = extract_tokens("Access-Control-Allow-Headers", headers);
    // 7.3. If either is failure, then return a network error.
    let (Ok(methods), Ok(header_names)) = (methods, header_names) else {
        return Err(&spec::PREFLIGHT_7_3);
    };
    // 7.4. Not modelled: the use-CORS-preflight flag, which streams and upload listeners set.
    let (methods, header_names) = (methods.unwrap_or_default(), header_names.unwrap_or_default());
    let includes_credentials = request.credentials == CredentialsMode::Include;
    // 7.5. If the method is not in methods, is not CORS-safelisted, and no `*` in methods counts, then return a
    // network error.
    if !methods.contains(&request.method)
        && !is_cors_safelisted_method(request.method)
        && (includes_credentials || !methods.contains(&"*"))
    {
        return Err(&spec::PREFLIGHT_7_5);
    }
    let is_listed = |name: &String| header_names.iter().any(|item| item.eq_ignore_ascii_case(name));
    // 7.6. If a CORS non-wildcard request-header name is not in headerNames, then return a network error. Such a name
    // is always a CORS-unsafe request-header name.
    let is_non_wildcard = |name: &&String| is_cors_non_wildcard_request_header_name(name);
    if !request.unsafe_header_names.iter().filter(is_non_wildcard).all(is_listed) {
        return Err(&spec::PREFLIGHT_7_6);
    }
    // 7.7. For each unsafeName: if it is not in headerNames and no `*` in headerNames counts, then return a network
    // error.
    let has_wildcard = !includes_credentials && header_names.contains(&"*");
    if !has_wildcard && !request.unsafe_header_names.iter().all(is_listed) {
        return Err(&spec::PREFLIGHT_7_7);
    }
    // 7.8. Let max-age be the result of extracting `Access-Control-Max-Age`.
    let max_age = extract_delta_seconds("Access-Control-Max-Age", headers);
    // 7.9. If max-age is failure or null, then set max-age to 5.
    let max_age = max_age.ok().flatten().unwrap_or(DEFAULT_MAX_AGE);
    // 7.10. The standard itself imposes no limit on max-age.
    // 7.11–7.15. The user agent has a cache; `PreflightCache::store` fills it.
    // 7.16. Return response, as what it grants.
    Ok(Grant { methods, header_names, max_age })
}
