//! Which answers does an HTTP cache store?

mod common;

use common::{
    API,
    caching::{KINDS, after, fresh, is_fresh, is_stored, visit, wire},
    response,
};
use cors_reference::http_cache::{
    CacheKind::{self, Private, Shared},
    Reuse,
};

/// Whether a plain answer of that status is stored.
fn stored_with(kind: CacheKind, status: u16, cache_control: &str) -> bool {
    is_stored(kind, &visit(&[]), &response(status, &[("Cache-Control", cache_control)]))
}

#[test]
fn an_empty_cache_has_nothing() {
    for kind in KINDS {
        assert_eq!(cors_reference::http_cache::HttpCache::new(kind).lookup(&visit(&[]), 0), Reuse::Miss);
    }
}

#[test]
fn an_answer_comes_back_whole() {
    let mut answer = fresh(&[("X-A", "1"), ("Set-Cookie", "a"), ("set-cookie", "b")]);
    answer.body = b"text".to_vec();
    let request = visit(&[]);
    assert_eq!(after(Private, &request, &answer).lookup(&request, 9_999), Reuse::Fresh(answer));
}

#[test]
fn only_get_is_stored_and_answered() {
    for method in ["HEAD", "OPTIONS", "POST", "get", "QUERY"] {
        let request = wire(method, API, &[]);
        let cache = after(Private, &request, &fresh(&[]));
        assert!(!is_fresh(&cache, &visit(&[]), 0), "{method}");
        assert_eq!(after(Private, &visit(&[]), &fresh(&[])).lookup(&request, 0), Reuse::Miss, "{method}");
    }
}

#[test]
fn another_url_is_another_response() {
    let cache = after(Private, &visit(&[]), &fresh(&[]));
    for url in ["https://api.example/", "https://api.example/data?q", "http://api.example/data"] {
        assert_eq!(cache.lookup(&wire("GET", url, &[]), 0), Reuse::Miss, "{url}");
    }
}

#[test]
fn a_fragment_is_not_part_of_the_url() {
    let with_fragment = wire("GET", "https://api.example/data#part", &[]);
    assert!(is_fresh(&after(Private, &visit(&[]), &fresh(&[])), &with_fragment, 0));
    assert!(is_fresh(&after(Private, &with_fragment, &fresh(&[])), &visit(&[]), 0));
}

#[test]
fn a_heuristically_cacheable_status_is_stored_by_itself() {
    for status in [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501] {
        assert!(stored_with(Shared, status, ""), "{status}");
    }
    for status in [201, 206, 302, 303, 304, 307, 400, 403, 500, 503] {
        assert!(!stored_with(Shared, status, ""), "{status}");
    }
}

#[test]
fn another_status_is_stored_where_the_answer_says_so() {
    for status in [302, 403, 500, 599] {
        for directive in ["public", "private", "max-age=10"] {
            assert!(stored_with(Private, status, directive), "{status} {directive}");
        }
        assert!(stored_with(Shared, status, "s-maxage=10"), "{status}");
        assert!(!stored_with(Private, status, "s-maxage=10"), "{status}");
        assert!(!stored_with(Private, status, "must-revalidate"), "{status}");
        assert!(is_stored(Private, &visit(&[]), &response(status, &[("Expires", "0")])), "{status}");
    }
}

#[test]
fn what_is_not_final_or_partial_is_never_stored() {
    for status in [100, 199, 206, 304] {
        assert!(!stored_with(Private, status, "public, max-age=10"), "{status}");
    }
}

#[test]
fn no_store_is_not_stored() {
    for kind in KINDS {
        assert!(!stored_with(kind, 200, "max-age=10, No-Store"));
        assert!(!is_stored(kind, &visit(&[("Cache-Control", "no-store")]), &fresh(&[])));
    }
}

#[test]
fn must_understand_overrides_no_store_for_a_known_status_only() {
    assert!(stored_with(Private, 200, "must-understand, no-store, max-age=10"));
    assert!(stored_with(Private, 302, "must-understand, max-age=10"));
    assert!(!stored_with(Private, 599, "must-understand, no-store, max-age=10"));
    assert!(!stored_with(Private, 599, "must-understand, max-age=10"));
    let asks = visit(&[("Cache-Control", "no-store, must-understand")]);
    assert!(!is_stored(Private, &asks, &response(200, &[("Cache-Control", "must-understand, max-age=10")])));
}

#[test]
fn private_is_for_a_private_cache() {
    for directive in ["private, max-age=10", "private=\"x-a, x-b\", max-age=10"] {
        assert!(stored_with(Private, 200, directive), "{directive}");
        assert!(!stored_with(Shared, 200, directive), "{directive}");
    }
}

#[test]
fn an_authorized_answer_is_shared_only_where_it_says_so() {
    let request = visit(&[("authorization", "Basic YTpi")]);
    assert!(is_stored(Private, &request, &fresh(&[])));
    assert!(!is_stored(Shared, &request, &fresh(&[])));
    for directive in ["public", "must-revalidate", "s-maxage=5"] {
        assert!(is_stored(Shared, &request, &fresh(&[("Cache-Control", directive)])), "{directive}");
    }
}

#[test]
fn what_is_for_one_connection_is_not_stored() {
    let answer = fresh(&[("X-A", "1"), ("TE", "a"), ("keep-alive", "b"), ("Connection", "x-b, close"), ("X-B", "2")]);
    let request = visit(&[]);
    assert_eq!(after(Private, &request, &answer).lookup(&request, 0), Reuse::Fresh(fresh(&[("X-A", "1")])));
}

#[test]
fn a_request_about_its_senders_own_copy_bypasses_the_cache() {
    for name in ["If-None-Match", "If-Modified-Since", "If-Match", "if-unmodified-since", "If-Range", "Range"] {
        let request = visit(&[(name, "a")]);
        assert_eq!(after(Private, &visit(&[]), &fresh(&[])).lookup(&request, 0), Reuse::Miss, "{name}");
        assert_eq!(after(Private, &request, &fresh(&[])).lookup(&visit(&[]), 0), Reuse::Miss, "{name}");
    }
}

#[test]
fn an_unsafe_method_that_succeeds_invalidates_its_url() {
    for (method, status, is_kept) in [
        ("PUT", 200, false),
        ("POST", 399, false),
        ("CHICKEN", 204, false),
        ("DELETE", 400, true),
        ("DELETE", 199, true),
        ("GET", 206, true),
        ("HEAD", 200, true),
        ("OPTIONS", 200, true),
        ("TRACE", 200, true),
    ] {
        for (url, is_own) in [(API, true), ("https://api.example/", false)] {
            let mut cache = after(Shared, &visit(&[]), &fresh(&[]));
            cache.receive(&wire(method, url, &[]), &response(status, &[]), 1);
            assert_eq!(is_fresh(&cache, &visit(&[]), 2), is_kept || !is_own, "{method} {status} {url}");
        }
    }
}

#[test]
fn an_unsafe_method_with_a_condition_invalidates_too() {
    let mut cache = after(Private, &visit(&[]), &fresh(&[]));
    cache.receive(&wire("PUT", API, &[("If-Match", "\"1\"")]), &response(200, &[]), 1);
    assert_eq!(cache.lookup(&visit(&[]), 2), Reuse::Miss);
}
