//! Which visitors does an HTTP cache serve what another one was answered?

mod common;

use common::{
    API,
    caching::{A, B, KINDS, after, fresh, is_fresh, served, visit, wire},
    response,
};
use cors_reference::http_cache::{CacheKind::Private, HttpCache, Reuse};

const ALLOW: &str = "Access-Control-Allow-Origin";

/// Whether an answer with this `Vary` to the first is served to the second.
fn shares(vary: &[(&str, &str)], first: &[(&str, &str)], second: &[(&str, &str)]) -> bool {
    let cache = after(Private, &visit(first), &fresh(vary));
    assert!(vary.contains(&("Vary", "*")) || is_fresh(&cache, &visit(first), 1), "not stored");
    is_fresh(&cache, &visit(second), 1)
}

const ORIGIN: [(&str, &str); 1] = [("Vary", "Origin")];

#[test]
fn without_vary_one_origin_gets_the_answer_for_another() {
    for kind in KINDS {
        let cache = after(kind, &visit(&[A]), &fresh(&[(ALLOW, A.1)]));
        assert_eq!(served(&cache, &visit(&[B]), 1, ALLOW), Some(A.1.to_owned()), "{kind:?}");
        assert_eq!(served(&cache, &visit(&[]), 1, ALLOW), Some(A.1.to_owned()), "{kind:?}");
    }
}

#[test]
fn vary_origin_keeps_origins_apart() {
    for kind in KINDS {
        let cache = after(kind, &visit(&[A]), &fresh(&[(ALLOW, A.1), ("Vary", "Origin")]));
        assert_eq!(cache.lookup(&visit(&[B]), 1), Reuse::Miss, "{kind:?}");
        assert_eq!(cache.lookup(&visit(&[]), 1), Reuse::Miss, "{kind:?}");
        assert_eq!(served(&cache, &visit(&[A]), 1, ALLOW), Some(A.1.to_owned()), "{kind:?}");
    }
}

#[test]
fn without_origin_is_not_with_an_origin() {
    assert!(!shares(&ORIGIN, &[], &[A]));
    assert!(!shares(&ORIGIN, &[], &[("Origin", "")]));
    assert!(shares(&ORIGIN, &[], &[]));
}

#[test]
fn a_field_that_is_absent_in_both_is_the_same() {
    assert!(shares(&[("Vary", "Accept-Encoding, Cookie")], &[A], &[B]));
}

#[test]
fn names_compare_without_case_and_values_with() {
    assert!(!shares(&[("vary", "ORIGIN")], &[A], &[B]));
    assert!(shares(&[("Vary", "x-a")], &[("X-A", "1")], &[("x-a", "1")]));
    assert!(!shares(&[("Vary", "x-a")], &[("X-A", "b")], &[("X-A", "B")]));
}

#[test]
fn every_member_on_every_line_selects() {
    for vary in
        [&[("Vary", "Accept"), ("Vary", "Origin")][..], &[("Vary", "Accept ,\tOrigin")], &[("Vary", ",Origin,")]]
    {
        assert!(!shares(vary, &[A], &[B]), "{vary:?}");
        assert!(shares(vary, &[A], &[A]), "{vary:?}");
    }
    assert!(!shares(&[("Vary", "Accept, Origin")], &[A], &[A, ("Accept", "a")]));
}

#[test]
fn an_asterisk_matches_nobody() {
    for vary in [&[("Vary", "*")][..], &[("Vary", "Origin, *")], &[("Vary", "Origin"), ("Vary", "*")]] {
        let cache = after(Private, &visit(&[A]), &fresh(vary));
        assert_eq!(cache.lookup(&visit(&[A]), 0), Reuse::Miss, "{vary:?}");
    }
}

#[test]
fn a_member_that_is_no_name_selects_nothing() {
    for vary in ["", "\"Origin\"", "Origin;q=1", "\u{e9}"] {
        assert!(shares(&[("Vary", vary)], &[A], &[B]), "{vary}");
    }
}

#[test]
fn lines_are_combined_before_values_compare() {
    let vary = [("Vary", "X-A")];
    assert!(shares(&vary, &[("X-A", "1"), ("X-A", "2")], &[("X-A", "1, 2")]));
    assert!(shares(&vary, &[("X-A", " 1 ")], &[("X-A", "1")]));
    assert!(!shares(&vary, &[("X-A", "1"), ("X-A", "2")], &[("X-A", "1")]));
}

/// A cache with an answer for A and a later one for B, each naming its origin.
fn two_variants() -> HttpCache {
    let mut cache = after(Private, &visit(&[A]), &fresh(&[(ALLOW, A.1), ("Vary", "Origin")]));
    cache.receive(&visit(&[B]), &fresh(&[(ALLOW, B.1), ("Vary", "Origin")]), 5_000);
    cache
}

#[test]
fn variants_live_side_by_side() {
    let cache = two_variants();
    assert_eq!(served(&cache, &visit(&[A]), 9_999, ALLOW), Some(A.1.to_owned()));
    assert_eq!(served(&cache, &visit(&[B]), 9_999, ALLOW), Some(B.1.to_owned()));
    assert_eq!(cache.lookup(&visit(&[]), 9_999), Reuse::Miss);
    assert!(!is_fresh(&cache, &visit(&[A]), 10_000) && is_fresh(&cache, &visit(&[B]), 10_000));
}

#[test]
fn a_variant_replaces_its_own_only() {
    let mut cache = two_variants();
    cache.receive(&visit(&[A]), &fresh(&[(ALLOW, "*"), ("Vary", "origin")]), 6_000);
    assert_eq!(served(&cache, &visit(&[A]), 9_999, ALLOW), Some("*".to_owned()));
    assert_eq!(served(&cache, &visit(&[B]), 9_999, ALLOW), Some(B.1.to_owned()));
}

#[test]
fn a_variant_with_vary_is_chosen_over_a_later_one_without() {
    let mut cache = two_variants();
    cache.receive(&visit(&[]), &fresh(&[(ALLOW, "null")]), 6_000);
    assert_eq!(served(&cache, &visit(&[A]), 9_999, ALLOW), Some(A.1.to_owned()));
    assert_eq!(served(&cache, &visit(&[("Origin", "null")]), 9_999, ALLOW), Some("null".to_owned()));
    // Once it is stale, the one without Vary is all there is.
    assert_eq!(served(&cache, &visit(&[A]), 10_000, ALLOW), Some("null".to_owned()));
}

#[test]
fn an_answer_without_vary_replaces_the_variant_of_its_own_request() {
    let mut cache = two_variants();
    cache.receive(&visit(&[A]), &fresh(&[(ALLOW, "null")]), 6_000);
    assert_eq!(served(&cache, &visit(&[A]), 9_999, ALLOW), Some("null".to_owned()));
    assert_eq!(served(&cache, &visit(&[B]), 9_999, ALLOW), Some(B.1.to_owned()));
}

#[test]
fn an_answer_with_vary_leaves_the_one_without_for_others() {
    let mut cache = after(Private, &visit(&[A]), &fresh(&[(ALLOW, "null")]));
    cache.receive(&visit(&[A]), &fresh(&[(ALLOW, A.1), ("Vary", "Origin")]), 1);
    assert_eq!(served(&cache, &visit(&[A]), 2, ALLOW), Some(A.1.to_owned()));
    assert_eq!(served(&cache, &visit(&[B]), 2, ALLOW), Some("null".to_owned()));
}

#[test]
fn of_several_variants_the_most_recent_is_chosen() {
    let x = ("X-A", "1");
    for (dates, chosen) in [
        ([None, None], "second"),
        ([Some("Sun, 06 Nov 1994 08:49:10 GMT"), Some("Sun, 06 Nov 1994 08:49:00 GMT")], "first"),
        ([Some("Sun, 06 Nov 1994 08:49:00 GMT"), Some("Sun, 06 Nov 1994 08:49:10 GMT")], "second"),
        ([Some("Sun, 06 Nov 1994 08:49:00 GMT"), Some("Sun, 06 Nov 1994 08:49:00 GMT")], "second"),
    ] {
        let mut cache = HttpCache::new(Private);
        for (index, vary) in ["Origin", "X-A"].into_iter().enumerate() {
            let mut answer = fresh(&[("Vary", vary), ("X-B", ["first", "second"][index])]);
            if let Some(date) = dates[index] {
                answer = answer.with("Date", date);
            }
            cache.receive(&visit(&[A, x]), &answer, 0);
        }
        assert_eq!(served(&cache, &visit(&[A, x]), 1, "X-B"), Some(chosen.to_owned()), "{dates:?}");
        assert_eq!(served(&cache, &visit(&[A]), 1, "X-B"), Some("first".to_owned()));
        assert_eq!(served(&cache, &visit(&[B, x]), 1, "X-B"), Some("second".to_owned()));
    }
}

#[test]
fn an_unsafe_method_invalidates_every_variant() {
    let mut cache = two_variants();
    cache.receive(&wire("PUT", API, &[A]), &response(204, &[]), 6_000);
    for origin in [A, B] {
        assert_eq!(cache.lookup(&visit(&[origin]), 6_000), Reuse::Miss);
    }
}
