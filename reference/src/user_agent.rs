//! The user agent that runs the algorithms.

use std::{borrow::Cow, fmt::Debug};

use url::Url;

use crate::{
    cors_check::cors_check,
    cross_origin_resource_policy::{EmbedderPolicy, cross_origin_resource_policy_check},
    header_list::HeaderList,
    http_cache::CacheOptions,
    location_url::{LocationError, location_url},
    origin::Origin,
    origin_header::append_a_request_origin_header,
    preflight::{Grant, PreflightedRequest, check_preflight_headers},
    preflight_cache::{CacheMatches, PreflightCache},
    request::{Mode, Request, includes_credentials},
    response::Response,
    safelist::{
        cors_unsafe_request_header_names, is_cors_safelisted_method, is_forbidden_request_header,
        is_no_cors_safelisted_request_header,
    },
    spec::Step,
};

/// A user agent: the parts of the algorithms that implementations differ in.
///
/// Every default method is the standard's own algorithm or condition, and [`Standard`] overrides none of them.
pub trait UserAgent: CacheMatches + Sized {
    /// The state that the user agent keeps between the requests of one fetch. The standard needs none.
    type Memory: Clone + Debug + Default;

    /// Returns true if a header is a
    /// [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header).
    fn is_forbidden_request_header(&self, name: &str, value: &[u8]) -> bool {
        is_forbidden_request_header(name, value)
    }

    /// Returns true if a header is a
    /// [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
    fn is_no_cors_safelisted_request_header(&self, name: &str, value: &[u8]) -> bool {
        is_no_cors_safelisted_request_header(name, value)
    }

    /// Returns the
    /// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names).
    fn cors_unsafe_request_header_names(&self, headers: &HeaderList) -> Vec<String> {
        cors_unsafe_request_header_names(headers)
    }

    /// Changes the header list of a request that a script made. The standard changes nothing.
    fn prepare_header_list(&self, _headers: &mut HeaderList) {}

    /// Starts a fetch.
    fn start(&self, _memory: &mut Self::Memory, _request: &Request) {}

    /// Returns true if [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step 12 runs HTTP fetch with
    /// makeCORSPreflight, for a request with the unsafe-request flag. `made_before` is true if it did so for an earlier
    /// URL of this fetch.
    fn makes_cors_preflight(&self, _memory: &mut Self::Memory, request: &Request, _made_before: bool) -> bool {
        !is_cors_safelisted_method(&request.method)
            || !self.cors_unsafe_request_header_names(&request.headers).is_empty()
    }

    /// Returns the request that a CORS-preflight fetch is run for.
    fn preflighted<'r>(&self, _memory: &Self::Memory, request: &'r Request) -> Cow<'r, Request> {
        Cow::Borrowed(request)
    }

    /// Returns true if the CORS-preflight cache makes a preflight unnecessary
    /// ([HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch), step 4.1).
    fn is_cached(&self, _memory: &Self::Memory, cache: &mut PreflightCache, request: &Request, now_ms: u64) -> bool {
        cache.covers(self, request, &self.cors_unsafe_request_header_names(&request.headers), now_ms)
    }

    /// Checks the response to a preflight
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7 and 8).
    ///
    /// # Errors
    ///
    /// Returns the step that returned a network error.
    fn check_preflight_response<'r>(
        &self,
        request: &Request,
        response: &'r Response,
    ) -> Result<Grant<'r>, &'static Step> {
        let unsafe_header_names = self.cors_unsafe_request_header_names(&request.headers);
        let request = PreflightedRequest::of(request, &unsafe_header_names);
        check_preflight_headers(&request, response.status, &response.headers)
    }

    /// Stores a grant in the CORS-preflight cache
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7.12 to 7.15).
    fn store_grant(&self, cache: &mut PreflightCache, request: &Request, grant: &Grant<'_>, now_ms: u64) {
        cache.store(self, request, grant, now_ms);
    }

    /// Handles the response to a preflight that
    /// [`check_preflight_response`](Self::check_preflight_response) refuses. The standard does nothing before main
    /// fetch clears cache entries.
    fn refuse_preflight(
        &self,
        _memory: &mut Self::Memory,
        _cache: &mut PreflightCache,
        _request: &Request,
        _response: &Response,
        _now_ms: u64,
    ) {
    }

    /// [Clears cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear) after a network error.
    /// `is_preflight` is true if the request that was sent last is a preflight.
    fn clear_cache_entries(
        &self,
        _memory: &Self::Memory,
        cache: &mut PreflightCache,
        request: &Request,
        _is_preflight: bool,
    ) {
        cache.clear(request);
    }

    /// [Appends a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header).
    fn append_a_request_origin_header(
        &self,
        _memory: &Self::Memory,
        request: &Request,
        headers: HeaderList,
    ) -> HeaderList {
        append_a_request_origin_header(request, headers)
    }

    /// Returns the options of the HTTP cache.
    fn http_cache_options(&self) -> CacheOptions {
        CacheOptions::default()
    }

    /// Returns true if [HTTP-network fetch](https://fetch.spec.whatwg.org/#concept-http-network-fetch) step 8.5 makes a
    /// network error of the response: if a value is not a [header
    /// value](https://fetch.spec.whatwg.org/#header-value), or if the status is never final.
    fn is_malformed(&self, response: &Response) -> bool {
        response.status < 200 || response.headers.iter().any(|(_, value)| !value.is_header_value())
    }

    /// Runs the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).
    ///
    /// # Errors
    ///
    /// Returns the step that returned failure. On success, returns the step that returned success.
    fn cors_check(&self, request: &Request, response: &Response) -> Result<&'static Step, &'static Step> {
        cors_check(request, response)
    }

    /// Runs the
    /// [cross-origin resource policy check](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check).
    ///
    /// # Errors
    ///
    /// Returns the step that returned blocked.
    fn cross_origin_resource_policy_check(
        &self,
        request: &Request,
        response: &Response,
        embedder_policy: EmbedderPolicy,
    ) -> Result<(), &'static Step> {
        cross_origin_resource_policy_check(request, response, embedder_policy)
    }

    /// Returns true if the status is a [redirect status](https://fetch.spec.whatwg.org/#redirect-status).
    fn is_redirect(&self, _request: &Request, response: &Response) -> bool {
        response.has_redirect_status()
    }

    /// Checks a redirect in redirect mode "manual", which is not followed. The standard refuses none.
    ///
    /// # Errors
    ///
    /// Returns the step that returned a network error.
    fn check_unfollowed_redirect(&self, _request: &Request, _response: &Response) -> Result<(), &'static Step> {
        Ok(())
    }

    /// Returns the [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url), or `None` if there is
    /// none.
    ///
    /// # Errors
    ///
    /// Returns [`LocationError`] if the location URL is failure.
    fn location_url(&self, request: &Request, response: &Response) -> Result<Option<Url>, LocationError> {
        location_url(request, response)
    }

    /// Returns true if [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step 9 refuses
    /// the location: in mode "cors", a URL of another origin than the page's that includes credentials.
    fn refuses_credentials_in_location(&self, request: &Request, location: &Url) -> bool {
        request.mode == Mode::Cors
            && includes_credentials(location)
            && !request.origin.is_same_origin(&Origin::of(location))
    }

    /// Returns true if [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step 12 makes
    /// the request a `GET`: a `POST` after 301 or 302, and any method but `GET` and `HEAD` after 303.
    fn redirect_becomes_get(&self, request: &Request, status: u16, _location: &Url) -> bool {
        match status {
            301 | 302 => request.method == "POST",
            303 => !matches!(request.method.as_str(), "GET" | "HEAD"),
            _ => false,
        }
    }

    /// Follows a redirect, before the request changes.
    fn redirect(&self, _memory: &mut Self::Memory, _request: &mut Request, _location: &Url, _becomes_get: bool) {}
}

/// The user agent that does what the standard requires, and imposes no limit on max-age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Standard;

impl CacheMatches for Standard {}

impl UserAgent for Standard {
    type Memory = ();
}
