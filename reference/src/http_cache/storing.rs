//! [Storing responses](https://www.rfc-editor.org/rfc/rfc9111#section-3): the responses and the headers that a cache
//! stores.

use super::{cache_control::Directives, freshness::is_heuristically_cacheable, kind::CacheKind};
use crate::{extract::extract_tokens, header_list::HeaderList, request::WireRequest, response::Response};

/// The fields that concern a single connection or a single proxy
/// ([RFC 9111, 3.1](https://www.rfc-editor.org/rfc/rfc9111#section-3.1),
/// [RFC 9110, 7.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1)).
const NOT_STORED: [&str; 9] = [
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authentication-Info",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Transfer-Encoding",
    "Upgrade",
];

/// Returns true if a cache [may store](https://www.rfc-editor.org/rfc/rfc9111#section-3) the response to a `GET`
/// request.
pub(super) fn may_store(kind: CacheKind, request: &WireRequest, response: &Response) -> bool {
    let requested = Directives::of(&request.headers);
    let directives = Directives::of(&response.headers);
    let is_shared = kind == CacheKind::Shared;
    // The status code must be final. Partial content is not modelled, and a 304 updates a stored response.
    if response.status < 200 || matches!(response.status, 206 | 304) {
        return false;
    }
    // `must-understand` overrides `no-store` if the status is understood.
    let must_understand = directives.has("must-understand");
    if must_understand && !is_understood(response.status) {
        return false;
    }
    if requested.has("no-store") || (directives.has("no-store") && !must_understand) {
        return false;
    }
    if is_shared && directives.has("private") {
        return false;
    }
    // 3.5: a shared cache stores the response to an authorized request only if a directive permits it.
    let is_shareable = ["must-revalidate", "public", "s-maxage"].iter().any(|name| directives.has(name));
    if is_shared && request.headers.contains("Authorization") && !is_shareable {
        return false;
    }
    directives.has("public")
        || directives.has("private")
        || response.headers.contains("Expires")
        || directives.has("max-age")
        || (is_shared && directives.has("s-maxage"))
        || is_heuristically_cacheable(response.status)
}

/// Returns true if [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-15) defines the final status code, and
/// with it the requirements on a cache.
fn is_understood(status: u16) -> bool {
    matches!(status, 200..=205 | 300..=305 | 307 | 308 | 400..=417 | 421 | 422 | 426 | 500..=505)
}

/// Returns the headers of a response that a cache stores ([section
/// 3.1](https://www.rfc-editor.org/rfc/rfc9111#section-3.1)).
pub(super) fn stored_headers(headers: &HeaderList) -> HeaderList {
    let connection = extract_tokens("Connection", headers).ok().flatten().unwrap_or_default();
    let is_stored = |name: &str| !NOT_STORED.iter().chain(&connection).any(|own| own.eq_ignore_ascii_case(name));
    let stored = headers.iter().filter(|(name, _)| is_stored(name.as_str()));
    stored.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Updates a stored response with the header fields of a 304
/// ([section 3.2](https://www.rfc-editor.org/rfc/rfc9111#section-3.2)). The fields of the 304 replace the stored fields
/// of the same name.
pub(super) fn updated(stored: &Response, not_modified: &Response) -> Response {
    let mut newer = stored_headers(&not_modified.headers);
    newer.delete("Content-Length");
    // The stored `Age` and `Date` describe the earlier response, not this one.
    let is_replaced =
        |name: &str| newer.contains(name) || ["Age", "Date"].iter().any(|own| own.eq_ignore_ascii_case(name));
    let kept = stored.headers.iter().filter(|(name, _)| !is_replaced(name.as_str()));
    let headers = kept.chain(newer.iter()).map(|(name, value)| (name.clone(), value.clone())).collect();
    Response { headers, ..stored.clone() }
}
