//! How long does an HTTP cache serve a stored response without asking?

mod common;

use common::{
    caching::{KINDS, after, fresh, is_fresh, served, visit},
    get, response,
};
use cors_reference::{
    http_cache::{
        CacheKind::{Private, Shared},
        HttpCache, Reuse,
    },
    response::Response,
};

const T0: &str = "Sun, 06 Nov 1994 08:49:00 GMT";
const T10: &str = "Sun, 06 Nov 1994 08:49:10 GMT";
const T40: &str = "Sun, 06 Nov 1994 08:49:40 GMT";
/// `T10` in Unix time.
const T10_MS: u64 = 784_111_750_000;

/// At most this, for how long a response received at 5000 is fresh, in milliseconds.
#[track_caller]
fn assert_lifetime_in(mut cache: HttpCache, answer: &Response, lifetime_ms: u64) {
    cache.receive(&visit(&[]), answer, 5_000);
    let end_ms = 5_000 + lifetime_ms;
    assert!(lifetime_ms == 0 || is_fresh(&cache, &visit(&[]), end_ms - 1), "stale too early");
    assert!(!is_fresh(&cache, &visit(&[]), end_ms), "fresh too long");
}

#[track_caller]
fn assert_lifetime(pairs: &[(&str, &str)], lifetime_ms: u64) {
    for kind in KINDS {
        assert_lifetime_in(HttpCache::new(kind), &response(200, pairs), lifetime_ms);
    }
}

#[test]
fn max_age_is_in_seconds_and_ends_on_the_millisecond() {
    let cache = after(Private, &visit(&[]), &response(200, &[("Cache-Control", "max-age=600")]));
    assert!(is_fresh(&cache, &visit(&[]), 599_999));
    assert!(!is_fresh(&cache, &visit(&[]), 600_000));
    assert_lifetime(&[("Cache-Control", "max-age=0")], 0);
}

#[test]
fn a_very_great_max_age_does_not_overflow() {
    let cache = after(Private, &visit(&[]), &response(200, &[("Cache-Control", "max-age=99999999999999999999")]));
    assert!(is_fresh(&cache, &visit(&[]), u64::MAX - 1));
}

#[test]
fn s_maxage_rules_in_a_shared_cache_only() {
    let answer = response(200, &[("Cache-Control", "max-age=10, s-maxage=20")]);
    assert_lifetime_in(HttpCache::new(Shared), &answer, 20_000);
    assert_lifetime_in(HttpCache::new(Private), &answer, 10_000);
}

#[test]
fn max_age_rules_over_expires() {
    assert_lifetime(&[("Cache-Control", "max-age=5"), ("Date", T0), ("Expires", T40)], 5_000);
}

#[test]
fn expires_counts_from_date() {
    assert_lifetime(&[("Date", T10), ("Expires", T40)], 30_000);
    assert_lifetime(&[("Date", T10), ("Expires", T0)], 0);
    assert_lifetime(&[("Date", T10), ("Expires", T10)], 0);
}

#[test]
fn expires_that_is_malformed_or_repeated_is_past() {
    for bad in ["0", "-1", "Sun, 06 Nov 1994", "1994-11-06T08:49:37Z", "\u{e9}"] {
        assert_lifetime(&[("Date", T0), ("Expires", bad), ("Last-Modified", T0)], 0);
    }
    assert_lifetime(&[("Date", T0), ("Expires", T40), ("Expires", T40)], 0);
}

#[test]
fn expires_hides_the_heuristic() {
    assert_lifetime(&[("Date", T40), ("Expires", "0"), ("Last-Modified", T0)], 0);
}

#[test]
fn expires_without_date_is_past_where_there_is_no_clock() {
    assert_lifetime(&[("Expires", T40)], 0);
    assert_lifetime(&[("Expires", T40), ("Date", "now")], 0);
}

#[test]
fn a_clock_dates_what_has_no_valid_date() {
    // At the moment of receipt, 5000, it shows T10.
    let cache = || HttpCache::new(Shared).with_clock(T10_MS - 5_000);
    assert_lifetime_in(cache(), &response(200, &[("Expires", T40)]), 30_000);
    assert_lifetime_in(cache(), &response(200, &[("Expires", T40), ("Date", "now")]), 30_000);
    assert_lifetime_in(cache(), &response(200, &[("Last-Modified", T0)]), 1_000);
}

#[test]
fn a_clock_finds_the_age_of_what_has_a_date() {
    let cache = || HttpCache::new(Shared).with_clock(T10_MS - 5_000);
    assert_lifetime_in(cache(), &fresh(&[("Date", T10)]), 10_000);
    assert_lifetime_in(cache(), &fresh(&[("Date", T40)]), 10_000);
    let dated = |max_age: &str| response(200, &[("Cache-Control", max_age), ("Date", T0)]);
    assert_lifetime_in(cache(), &dated("max-age=10"), 0);
    assert_lifetime_in(cache(), &dated("max-age=12"), 2_000);
    assert_lifetime_in(cache(), &dated("max-age=12").with("Age", "9"), 2_000);
    assert_lifetime_in(cache(), &dated("max-age=12").with("Age", "11"), 1_000);
}

#[test]
fn the_heuristic_is_a_tenth_of_the_time_since_the_modification() {
    assert_lifetime(&[("Date", T40), ("Last-Modified", T0)], 4_000);
    assert_lifetime(&[("Date", T0), ("Last-Modified", T40)], 0);
    assert_lifetime(&[("Last-Modified", T0)], 0);
    assert_lifetime(&[("Date", T40)], 0);
}

#[test]
fn the_heuristic_needs_a_cacheable_status_or_public() {
    let pairs = [("Date", T40), ("Last-Modified", T0)];
    let private = || HttpCache::new(Private);
    assert_lifetime_in(private(), &response(404, &pairs), 4_000);
    assert_lifetime_in(private(), &response(403, &pairs).with("Cache-Control", "private"), 0);
    assert_lifetime_in(private(), &response(403, &pairs).with("Cache-Control", "public"), 4_000);
}

#[test]
fn age_counts_against_the_lifetime() {
    let aged =
        |age: &str| [("Cache-Control", "max-age=10"), ("Age", age)].map(|(name, value)| (name, value.to_owned()));
    for (age, lifetime_ms) in
        [("4", 6_000), ("10", 0), ("11", 0), ("4, 1", 6_000), ("4 ,x", 6_000), ("x", 10_000), ("-1", 10_000)]
    {
        let aged = aged(age);
        assert_lifetime(&aged.each_ref().map(|(name, value)| (*name, value.as_str())), lifetime_ms);
    }
}

#[test]
fn a_very_great_age_does_not_overflow() {
    assert_lifetime(&[("Cache-Control", "max-age=10"), ("Age", "99999999999999999999")], 0);
}

#[test]
fn malformed_or_repeated_seconds_are_stale_at_once() {
    for bad in ["max-age", "max-age=x", "max-age=10, max-age=10", "s-maxage=x, s-maxage=10, max-age=0"] {
        assert_lifetime(&[("Cache-Control", bad), ("Date", T0), ("Expires", T40)], 0);
    }
    let answer = response(200, &[("Cache-Control", "s-maxage=x, max-age=10")]);
    assert_lifetime_in(HttpCache::new(Shared), &answer, 0);
    assert_lifetime_in(HttpCache::new(Private), &answer, 10_000);
}

#[test]
fn no_cache_is_never_served_without_asking() {
    for directive in ["no-cache", "no-cache=\"set-cookie\"", "no-cache, public"] {
        assert_lifetime(&[("Cache-Control", "max-age=10"), ("Cache-Control", directive)], 0);
    }
}

#[test]
fn a_request_may_ask_for_less() {
    let cache = after(Private, &visit(&[]), &fresh(&[]));
    let asks = |directive: &str, now_ms| is_fresh(&cache, &visit(&[("Cache-Control", directive)]), now_ms);
    assert!(!asks("no-cache", 0));
    assert!(asks("max-age=3", 3_000) && !asks("max-age=3", 3_001));
    assert!(asks("max-age=20", 9_999) && !asks("max-age=20", 10_000));
    assert!(!asks("max-age=x", 1));
    assert!(asks("no-transform", 9_999));
}

#[test]
fn a_shared_cache_tells_the_age() {
    let cache = after(Shared, &visit(&[]), &fresh(&[("Age", "4"), ("age", "5")]));
    assert_eq!(served(&cache, &visit(&[]), 5_999, "Age"), Some("9".to_owned()));
    let young = after(Shared, &visit(&[]), &fresh(&[]));
    assert_eq!(served(&young, &visit(&[]), 999, "Age"), Some("0".to_owned()));
}

#[test]
fn a_private_cache_serves_what_is_stored() {
    for answer in [fresh(&[]), fresh(&[("Age", "4")])] {
        let cache = after(Private, &visit(&[]), &answer);
        assert_eq!(cache.lookup(&visit(&[]), 5_000), Reuse::Fresh(answer));
    }
}

#[test]
fn a_newer_answer_replaces_the_stored_one() {
    let mut cache = after(Private, &visit(&[]), &fresh(&[("X-A", "1")]));
    cache.receive(&visit(&[]), &fresh(&[("X-A", "2")]), 9_000);
    assert_eq!(served(&cache, &visit(&[]), 18_999, "X-A"), Some("2".to_owned()));
    cache.receive(&visit(&[]), &response(200, &[("Cache-Control", "max-age=0"), ("ETag", "\"3\"")]), 10_000);
    match cache.lookup(&visit(&[]), 10_000) {
        Reuse::Validate(request) => assert_eq!(get(&request.headers, "If-None-Match"), Some("\"3\"".to_owned())),
        other => panic!("{other:?}"),
    }
}
