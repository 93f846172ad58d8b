//! Requests, responses, and an HTTP cache that has received some.

use cors_reference::{
    http_cache::{
        CacheKind::{self, Private, Shared},
        HttpCache, Reuse,
    },
    request::WireRequest,
    response::Response,
};

use super::{API, headers, response};

pub const A: (&str, &str) = ("Origin", "https://a.example");
pub const B: (&str, &str) = ("Origin", "https://b.example");
pub const KINDS: [CacheKind; 2] = [Private, Shared];

pub fn wire(method: &str, url: &str, pairs: &[(&str, &str)]) -> WireRequest {
    WireRequest { method: method.to_owned(), url: url.parse().unwrap(), headers: headers(pairs), body: None }
}

/// Returns a `GET` request to [`API`].
pub fn visit(pairs: &[(&str, &str)]) -> WireRequest {
    wire("GET", API, pairs)
}

/// Returns a response that is fresh for ten seconds, with additional headers.
pub fn fresh(pairs: &[(&str, &str)]) -> Response {
    response(200, &[&[("Cache-Control", "max-age=10")], pairs].concat())
}

/// Returns a cache that received this response at time 0.
pub fn after(kind: CacheKind, request: &WireRequest, answer: &Response) -> HttpCache {
    let mut cache = HttpCache::new(kind);
    assert_eq!(*cache.receive(request, answer, 0), *answer);
    cache
}

pub fn is_fresh(cache: &HttpCache, request: &WireRequest, now_ms: u64) -> bool {
    matches!(cache.lookup(request, now_ms), Reuse::Fresh(_))
}

/// Returns a header of the fresh response that the cache serves.
pub fn served(cache: &HttpCache, request: &WireRequest, now_ms: u64, name: &str) -> Option<String> {
    match cache.lookup(request, now_ms) {
        Reuse::Fresh(response) => super::get(&response.headers, name),
        other => panic!("not fresh: {other:?}"),
    }
}

/// Returns a header of the request that validates a stored response.
pub fn asked(cache: &HttpCache, request: &WireRequest, now_ms: u64, name: &str) -> Option<String> {
    match cache.lookup(request, now_ms) {
        Reuse::Validate(request) => super::get(&request.headers, name),
        other => panic!("not validated: {other:?}"),
    }
}

/// Returns true if the response to this request is stored, fresh or stale.
pub fn is_stored(kind: CacheKind, request: &WireRequest, answer: &Response) -> bool {
    let answer = answer.clone().with("ETag", "\"1\"");
    after(kind, request, &answer).lookup(request, 0) != Reuse::Miss
}
