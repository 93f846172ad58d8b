//! [Storing responses](https://www.rfc-editor.org/rfc/rfc9111#section-3): which, and what of them.

use super::{cache_control::Directives, freshness::is_heuristically_cacheable, kind::CacheKind};
use crate::{extract::extract_tokens, header_list::HeaderList, request::WireRequest, response::Response};

/// Fields that are for one connection or one proxy only
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

/// Whether a cache [may store](https://www.rfc-editor.org/rfc/rfc9111#section-3) the response to a `GET` request.
pub(super) fn may_store(kind: CacheKind, request: &WireRequest, response: &Response) -> bool {
    let asked = Directives::of(&request.headers);
    let own = Directives::of(&response.headers);
    let is_shared = kind == CacheKind::Shared;
    // The status code is final. Partial content is not implemented, and a 304 is never stored as such.
    if response.status < 200 || matches!(response.status, 206 | 304) {
        return false;
    }
    // must-understand, where it is understood, overrides no-store.
    let must_understand = own.has("must-understand");
    if must_understand && !is_understood(response.status) {
        return false;
    }
    if asked.has("no-store") || (own.has("no-store") && !must_understand) {
        return false;
    }
    if is_shared && own.has("private") {
        return false;
    }
    // 3.5: an answer to an authorized request is shared only where it says so.
    let is_shareable = ["must-revalidate", "public", "s-maxage"].iter().any(|name| own.has(name));
    if is_shared && request.headers.contains("Authorization") && !is_shareable {
        return false;
    }
    own.has("public")
        || own.has("private")
        || response.headers.contains("Expires")
        || own.has("max-age")
        || (is_shared && own.has("s-maxage"))
        || is_heuristically_cacheable(response.status)
}

/// Whether [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-15) defines a final status code, and with it
/// what a cache may do.
fn is_understood(status: u16) -> bool {
    matches!(status, 200..=205 | 300..=305 | 307 | 308 | 400..=417 | 421 | 422 | 426 | 500..=505)
}

/// What is stored of a response's headers ([section 3.1](https://www.rfc-editor.org/rfc/rfc9111#section-3.1)).
pub(super) fn stored_headers(headers: &HeaderList) -> HeaderList {
    let connection = extract_tokens("Connection", headers).ok().flatten().unwrap_or_default();
    let is_stored = |name: &str| !NOT_STORED.iter().chain(&connection).any(|own| own.eq_ignore_ascii_case(name));
    let stored = headers.iter().filter(|(name, _)| is_stored(name.as_str()));
    stored.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A stored response with the header fields of a 304
/// ([section 3.2](https://www.rfc-editor.org/rfc/rfc9111#section-3.2)): those it has replace the stored ones, the
/// others stay.
pub(super) fn updated(stored: &Response, not_modified: &Response) -> Response {
    let mut newer = stored_headers(&not_modified.headers);
    newer.delete("Content-Length");
    // What tells the time of the former answer says nothing about this one.
    let is_former =
        |name: &str| newer.contains(name) || ["Age", "Date"].iter().any(|own| own.eq_ignore_ascii_case(name));
    let kept = stored.headers.iter().filter(|(name, _)| !is_former(name.as_str()));
    let headers = kept.chain(newer.iter()).map(|(name, value)| (name.clone(), value.clone())).collect();
    Response { headers, ..stored.clone() }
}
