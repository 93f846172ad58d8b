//! [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch) and
//! [HTTP-network fetch](https://fetch.spec.whatwg.org/#http-network-fetch).

use std::borrow::Cow;

use super::{browser::Browser, params::FetchParams};
use crate::{
    http_cache::Reuse,
    request::{Request, WireRequest},
    response::Response,
    spec::{self, Step},
    user_agent::UserAgent,
};

/// The source of the response to a request.
pub(super) enum NetworkOrCache {
    /// The request goes out.
    Network(WireRequest),
    /// The stored response is the result.
    Cache(Response),
}

/// Runs [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) up to the
/// request that step 11.2 sends.
pub(super) fn http_network_or_cache_fetch<U: UserAgent>(
    browser: &mut Browser<U>,
    params: &FetchParams<U::Memory>,
) -> NetworkOrCache {
    // 1. Let request be fetchParams's request.
    let request = &params.request;
    // 2–7. These are variables of the steps below.
    // 8. Run these steps:
    // 8.1–8.2. Let httpRequest be a clone of request, as it goes out on the wire.
    // 8.3. `Request::includes_credentials` is includeCredentials.
    // 8.4. Not modelled: credentials that `Cross-Origin-Embedder-Policy` withholds. They are in no header here.
    // 8.5–8.9. Not modelled: `Content-Length`. The CORS protocol does not read it.
    // 8.10. Not modelled: `keepalive`.
    // 8.11. Not modelled: `Referer`. The CORS protocol does not read it.
    // 8.12. Append a request `Origin` header.
    let http_request = wire_request(&browser.agent, params);
    // 8.13. Not modelled: Fetch metadata headers.
    // 8.14–8.15. Not modelled: `Sec-Purpose` and `User-Agent`.
    // 8.16. If the script set a condition, then the cache mode is "no-store"; `HttpCache::lookup` tests that.
    // 8.17–8.18. Not modelled: cache modes other than "default".
    // 8.19–8.20. Not modelled: headers of HTTP, such as `Accept-Encoding` and `Host`.
    // 8.21–8.22. Not modelled: cookies and authentication entries. The credentials mode alone decides here.
    // 8.23. Not modelled: WebDriver BiDi.
    // 8.24. Set httpCache to the result of determining the HTTP cache partition.
    let http_cache = browser.http_caches.of(request);
    // 8.25. If httpCache is null, then the cache mode is "no-store".
    // 8.26. If the cache mode is neither "no-store" nor "reload", then:
    // 8.26.1. Set storedResponse to the result of selecting a response from httpCache.
    // 8.26.2. If storedResponse is non-null, then:
    // 8.26.2.1. Not modelled: stale-while-revalidate.
    // 8.26.2.2. If it is stale, then validate it, and otherwise set response to it.
    // 9–10. Not modelled: aborted fetches and WebDriver BiDi.
    // 11. If response is null, then:
    // 11.1. The cache mode is not "only-if-cached".
    // 11.2. Run HTTP-network fetch, which `receive_from_network` continues.
    match http_cache.map(|cache| cache.lookup(&http_request, params.now_ms)) {
        Some(Reuse::Fresh(response)) => NetworkOrCache::Cache(response),
        Some(Reuse::Validate(conditional)) => NetworkOrCache::Network(conditional),
        Some(Reuse::Miss) | None => NetworkOrCache::Network(http_request),
    }
}

/// Runs [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) from the
/// response that step 11.2 receives.
pub(super) fn receive_from_network<'r, U: UserAgent>(
    browser: &mut Browser<U>,
    params: &FetchParams<U::Memory>,
    forward_response: &'r Response,
) -> Cow<'r, Response> {
    // 11.3. If the method is unsafe and the status is 200 to 399, then invalidate stored responses.
    // 11.4. If storedResponse was validated and the status is 304, then freshen it and set response to it.
    // 11.5. Otherwise, set response to forwardResponse and store it.
    let response = match browser.http_caches.of(&params.request) {
        Some(cache) => cache.receive(&wire_request(&browser.agent, params), forward_response, params.now_ms),
        None => Cow::Borrowed(forward_response),
    };
    // 12. The request keeps the URL list.
    // 13. Not modelled: the range-requested flag. Only a service worker can return such a response to another request.
    // 14. `Request::includes_credentials` is request-includes-credentials.
    // 15. Not modelled: a prompt for credentials after 401. The page reads the 401.
    // 16. Not modelled: a prompt for a proxy's credentials after 407. The page reads the 407.
    // 17. Not modelled: a second try after 421. The page reads the 421.
    // 18. Not modelled: authentication entries.
    // 19. Return response.
    response
}

/// Runs [HTTP-network fetch](https://fetch.spec.whatwg.org/#concept-http-network-fetch) after the response arrived.
///
/// # Errors
///
/// Returns the step that returned a network error.
pub(super) fn http_network_fetch<U: UserAgent>(user_agent: &U, response: &Response) -> Result<(), &'static Step> {
    // 1–7. Not modelled: connections. The caller sends the request.
    // 8. Run these steps:
    // 8.1–8.4. Not modelled: connections and timing info.
    // 8.5. Set response to the result of making an HTTP request. One that is not well-formed is a network error.
    if user_agent.is_malformed(response) {
        return Err(&spec::HTTP_NETWORK_FETCH_8_5);
    }
    // 9–16. Not modelled: the body's stream. The caller holds the body.
    // 17. Not modelled: cookies.
    // 18. Not modelled: the body's transmission.
    // 19. Return response.
    Ok(())
}

/// Returns the request as it goes out on the wire, with the headers that the CORS protocol reads.
fn wire_request<U: UserAgent>(user_agent: &U, params: &FetchParams<U::Memory>) -> WireRequest {
    let request: &Request = &params.request;
    let headers = user_agent.append_a_request_origin_header(&params.memory, request, request.headers.clone());
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    WireRequest { method: request.method.clone(), url, headers, body: request.body.clone() }
}
