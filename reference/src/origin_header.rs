//! The [`Origin` header](https://fetch.spec.whatwg.org/#origin-header) of a request.

use crate::{
    header_list::HeaderList,
    request::{Mode, Request, Tainting},
};

/// [Appends a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) for the request.
pub fn append_a_request_origin_header(request: &Request, headers: HeaderList) -> HeaderList {
    // 1. The origin is a page's.
    // 2. Let serializedOrigin be the byte-serialized request origin.
    let serialized_origin = request.serialize_origin();
    // 3. If tainting is "cors", then append serializedOrigin. Modes "websocket" and "webtransport" are not `fetch()`'s.
    if request.tainting == Tainting::Cors {
        headers.with("Origin", serialized_origin)
    // 4. Otherwise, if method is neither `GET` nor `HEAD`, then:
    } else if !matches!(request.method.as_str(), "GET" | "HEAD") {
        // 4.1. If mode is not "cors", then switch on the referrer policy.
        // 4.2. Append serializedOrigin.
        headers.with("Origin", origin_by_referrer_policy(request))
    } else {
        headers
    }
}

/// Returns the serialized origin, or `null` if the default referrer policy "strict-origin-when-cross-origin" withholds it:
/// in a mode other than "cors", from an https page to a URL that is not https.
pub(crate) fn origin_by_referrer_policy(request: &Request) -> &str {
    let is_downgrade = request.origin.serialize().starts_with("https:") && request.current_url().scheme() != "https";
    if request.mode != Mode::Cors && is_downgrade { "null" } else { request.serialize_origin() }
}
