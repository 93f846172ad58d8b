//! Requests and answers, and an HTTP cache that has seen some.

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

/// A `GET` request to [`API`].
pub fn visit(pairs: &[(&str, &str)]) -> WireRequest {
    wire("GET", API, pairs)
}

/// An answer that is fresh for ten seconds, with these headers more.
pub fn fresh(pairs: &[(&str, &str)]) -> Response {
    response(200, &[&[("Cache-Control", "max-age=10")], pairs].concat())
}

/// A cache that received this answer at time 0.
pub fn after(kind: CacheKind, request: &WireRequest, answer: &Response) -> HttpCache {
    let mut cache = HttpCache::new(kind);
    assert_eq!(*cache.receive(request, answer, 0), *answer);
    cache
}

pub fn is_fresh(cache: &HttpCache, request: &WireRequest, now_ms: u64) -> bool {
    matches!(cache.lookup(request, now_ms), Reuse::Fresh(_))
}

/// A header of the response that is served without asking.
pub fn served(cache: &HttpCache, request: &WireRequest, now_ms: u64, name: &str) -> Option<String> {
    match cache.lookup(request, now_ms) {
        Reuse::Fresh(response) => super::get(&response.headers, name),
        other => panic!("not fresh: {other:?}"),
    }
}

/// A header of the request that asks whether a stored response holds.
pub fn asked(cache: &HttpCache, request: &WireRequest, now_ms: u64, name: &str) -> Option<String> {
    match cache.lookup(request, now_ms) {
        Reuse::Validate(request) => super::get(&request.headers, name),
        other => panic!("not asked: {other:?}"),
    }
}

/// Whether an answer to this request is stored, fresh or not.
pub fn is_stored(kind: CacheKind, request: &WireRequest, answer: &Response) -> bool {
    let answer = answer.clone().with("ETag", "\"1\"");
    after(kind, request, &answer).lookup(request, 0) != Reuse::Miss
}
