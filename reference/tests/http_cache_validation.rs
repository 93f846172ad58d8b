//! How does an HTTP cache ask whether a stored response still holds, and what does a 304 change?

mod common;

use common::{
    caching::{A, B, after, asked, fresh, is_fresh, served, visit},
    get, response,
};
use cors_reference::{
    header_list::HeaderList,
    http_cache::{
        CacheKind::{Private, Shared},
        HttpCache, Reuse,
    },
    response::Response,
};

const ALLOW: &str = "Access-Control-Allow-Origin";
const MODIFIED: (&str, &str) = ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A cache whose only response is stale at 10000, and the answer to that question.
fn confirmed(stored: &[(&str, &str)], not_modified: &[(&str, &str)]) -> (HttpCache, Response) {
    let mut cache = after(Private, &visit(&[A]), &fresh(stored));
    assert!(matches!(cache.lookup(&visit(&[A]), 10_000), Reuse::Validate(_)));
    let answer = response(304, not_modified);
    let served = cache.receive(&visit(&[A]), &answer, 10_000).into_owned();
    (cache, served)
}

#[test]
fn a_stale_response_is_asked_about_with_its_validators() {
    let cache = after(Private, &visit(&[]), &fresh(&[("ETag", "W/\"1\""), MODIFIED]));
    let request = visit(&[A]);
    assert!(is_fresh(&cache, &request, 9_999));
    let mut asking = request.clone();
    asking.headers = asking.headers.with("If-None-Match", "W/\"1\"").with("If-Modified-Since", MODIFIED.1);
    assert_eq!(cache.lookup(&request, 10_000), Reuse::Validate(asking));
}

#[test]
fn one_validator_is_enough() {
    let by_tag = after(Private, &visit(&[]), &fresh(&[("ETag", "\"1\"")]));
    assert_eq!(asked(&by_tag, &visit(&[]), 10_000, "If-None-Match"), some("\"1\""));
    assert_eq!(asked(&by_tag, &visit(&[]), 10_000, "If-Modified-Since"), None);
    let by_date = after(Private, &visit(&[]), &fresh(&[MODIFIED]));
    assert_eq!(asked(&by_date, &visit(&[]), 10_000, "If-None-Match"), None);
    assert_eq!(asked(&by_date, &visit(&[]), 10_000, "If-Modified-Since"), some(MODIFIED.1));
}

#[test]
fn without_validators_nothing_is_asked() {
    assert_eq!(after(Private, &visit(&[]), &fresh(&[])).lookup(&visit(&[]), 10_000), Reuse::Miss);
}

#[test]
fn a_fresh_response_is_served_over_a_stale_one_that_could_be_asked_about() {
    let mut cache = after(Private, &visit(&[A]), &fresh(&[("ETag", "\"1\""), ("Vary", "Origin")]));
    cache.receive(&visit(&[B]), &fresh(&[]), 5_000);
    assert!(is_fresh(&cache, &visit(&[A]), 10_000));
    assert_eq!(asked(&cache, &visit(&[A]), 15_000, "If-None-Match"), some("\"1\""));
}

#[test]
fn no_variant_of_another_visitor_is_asked_about() {
    let cache = after(Private, &visit(&[A]), &fresh(&[("ETag", "\"1\""), ("Vary", "Origin")]));
    assert_eq!(cache.lookup(&visit(&[B]), 10_000), Reuse::Miss);
}

#[test]
fn a_304_makes_the_response_fresh_again() {
    let (cache, served) = confirmed(&[("ETag", "\"1\"")], &[("ETag", "\"1\"")]);
    assert_eq!(served, fresh(&[("ETag", "\"1\"")]));
    assert!(is_fresh(&cache, &visit(&[A]), 19_999));
    assert!(!is_fresh(&cache, &visit(&[A]), 20_000));
}

#[test]
fn a_304_replaces_the_headers_it_has_and_keeps_the_others() {
    let stored = [("ETag", "\"1\""), (ALLOW, A.1), ("X-A", "1"), ("x-b", "2"), ("X-B", "3"), ("Content-Length", "4")];
    let (cache, now) = confirmed(
        &stored,
        &[
            ("ETag", "\"1\""),
            (ALLOW, "*"),
            ("X-B", "5"),
            ("X-C", "6"),
            ("Content-Length", "0"),
            ("Connection", "close"),
        ],
    );
    let expected =
        fresh(&[("X-A", "1"), ("Content-Length", "4"), ("ETag", "\"1\""), (ALLOW, "*"), ("X-B", "5"), ("X-C", "6")]);
    assert_eq!(now, expected);
    assert_eq!(cache.lookup(&visit(&[A]), 19_999), Reuse::Fresh(expected));
}

#[test]
fn a_304_keeps_status_and_body() {
    let mut stored = response(404, &[("Cache-Control", "max-age=10"), ("ETag", "\"1\"")]);
    stored.body = b"text".to_vec();
    let mut cache = after(Private, &visit(&[]), &stored);
    assert_eq!(*cache.receive(&visit(&[]), &response(304, &[]), 10_000), stored);
}

#[test]
fn a_304_that_names_an_origin_leaves_it_to_the_next_visitor() {
    let mut cache = after(Private, &visit(&[A]), &fresh(&[("ETag", "\"1\""), (ALLOW, A.1)]));
    cache.receive(&visit(&[B]), &response(304, &[("ETag", "\"1\""), (ALLOW, B.1)]), 10_000);
    assert_eq!(served(&cache, &visit(&[A]), 10_001, ALLOW), some(B.1));
}

#[test]
fn a_304_with_vary_binds_the_response_to_who_asked() {
    let mut cache = after(Private, &visit(&[A]), &fresh(&[("ETag", "\"1\"")]));
    cache.receive(&visit(&[B]), &response(304, &[("ETag", "\"1\""), ("Vary", "Origin")]), 10_000);
    assert!(is_fresh(&cache, &visit(&[B]), 10_001));
    assert_eq!(cache.lookup(&visit(&[A]), 10_001), Reuse::Miss);
}

#[test]
fn a_304_has_its_own_age_and_date() {
    let stored = [("Age", "9"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("ETag", "\"1\"")];
    let (cache, served) = confirmed(&stored, &[("Age", "4")]);
    assert_eq!((get(&served.headers, "Age"), get(&served.headers, "Date")), (some("4"), None));
    assert!(is_fresh(&cache, &visit(&[A]), 15_999));
    assert!(!is_fresh(&cache, &visit(&[A]), 16_000));
}

#[test]
fn a_304_may_forbid_to_store() {
    let (cache, served) = confirmed(&[("ETag", "\"1\"")], &[("Cache-Control", "no-store")]);
    assert_eq!(served, response(200, &[("ETag", "\"1\""), ("Cache-Control", "no-store")]));
    assert_eq!(cache.lookup(&visit(&[A]), 10_000), Reuse::Miss);
}

/// Whether a 304 with these validators freshens a response with those.
fn freshens(stored: &[(&str, &str)], not_modified: &[(&str, &str)]) -> bool {
    let (cache, served) = confirmed(stored, &[&[("X-A", "new")], not_modified].concat());
    let is_updated = served.headers.contains("X-A");
    assert_eq!(served.status, 200);
    assert_eq!(is_fresh(&cache, &visit(&[A]), 10_001), is_updated);
    is_updated
}

#[test]
fn a_304_is_about_the_response_with_its_validator() {
    let (strong, weak, other) = (("ETag", "\"1\""), ("ETag", "W/\"1\""), ("ETag", "\"2\""));
    assert!(freshens(&[strong], &[strong]));
    assert!(!freshens(&[weak], &[strong]));
    assert!(freshens(&[strong], &[weak]) && freshens(&[weak], &[weak]));
    assert!(!freshens(&[other], &[weak]) && !freshens(&[other], &[strong]));
    assert!(!freshens(&[MODIFIED], &[strong]) && !freshens(&[MODIFIED], &[weak]));
    assert!(freshens(&[strong, MODIFIED], &[strong, ("Last-Modified", "0")]));
    assert!(freshens(&[other, MODIFIED], &[MODIFIED]));
    assert!(!freshens(&[other], &[MODIFIED]) && !freshens(&[MODIFIED], &[("Last-Modified", "0")]));
    assert!(freshens(&[strong], &[]) && freshens(&[MODIFIED], &[]));
}

#[test]
fn a_304_about_another_response_serves_the_stored_one_as_it_is() {
    let (_, served) = confirmed(&[("ETag", "\"1\""), ("X-A", "1")], &[("ETag", "\"2\""), ("X-A", "2")]);
    assert_eq!(served, fresh(&[("ETag", "\"1\""), ("X-A", "1")]));
}

/// A cache with two responses to A, each stale at 10000: one for any visitor, then one for A.
fn two(first: &[(&str, &str)], second: &[(&str, &str)]) -> HttpCache {
    let mut cache = after(Private, &visit(&[A]), &fresh(&[&[("X-A", "any")], first].concat()));
    cache.receive(&visit(&[A]), &fresh(&[&[("X-A", "A"), ("Vary", "Origin")], second].concat()), 0);
    cache
}

#[test]
fn a_strong_validator_freshens_every_response_that_has_it() {
    let tag = ("ETag", "\"1\"");
    let mut cache = two(&[tag], &[tag]);
    assert_eq!(get(&cache.receive(&visit(&[A]), &response(304, &[tag]), 10_000).headers, "X-A"), some("A"));
    assert_eq!(served(&cache, &visit(&[A]), 10_001, "X-A"), some("A"));
    assert_eq!(served(&cache, &visit(&[B]), 10_001, "X-A"), some("any"));
}

#[test]
fn a_weak_validator_freshens_the_chosen_response_alone() {
    for not_modified in [&[("ETag", "W/\"1\"")][..], &[]] {
        let mut cache = two(&[("ETag", "W/\"1\"")], &[("ETag", "W/\"1\"")]);
        let answer = response(304, not_modified);
        assert_eq!(get(&cache.receive(&visit(&[A]), &answer, 10_000).headers, "X-A"), some("A"));
        assert!(is_fresh(&cache, &visit(&[A]), 10_001));
        assert_eq!(asked(&cache, &visit(&[B]), 10_001, "If-None-Match"), some("W/\"1\""));
    }
}

#[test]
fn a_strong_validator_leaves_other_visitors_variants_alone() {
    let tagged = |origin: &str| fresh(&[("ETag", "\"1\""), ("Vary", "Origin"), (ALLOW, origin)]);
    let mut cache = after(Private, &visit(&[A]), &tagged(A.1));
    cache.receive(&visit(&[B]), &tagged(B.1), 0);
    cache.receive(&visit(&[A]), &response(304, &[("ETag", "\"1\"")]), 10_000);
    assert!(is_fresh(&cache, &visit(&[A]), 10_001));
    assert_eq!(asked(&cache, &visit(&[B]), 10_001, "If-None-Match"), some("\"1\""));
}

#[test]
fn a_response_that_cannot_be_asked_about_is_not_what_a_304_confirms() {
    let mut cache = two(&[("ETag", "\"1\"")], &[]);
    assert_eq!(asked(&cache, &visit(&[A]), 10_000, "If-None-Match"), some("\"1\""));
    assert_eq!(get(&cache.receive(&visit(&[A]), &response(304, &[]), 10_000).headers, "X-A"), some("any"));
    assert_eq!(served(&cache, &visit(&[A]), 10_001, "X-A"), some("any"));
}

#[test]
fn a_304_that_nobody_asked_for_is_passed_on() {
    let answer = response(304, &[("ETag", "\"1\"")]);
    assert_eq!(*HttpCache::new(Private).receive(&visit(&[]), &answer, 0), answer);
    let mut cache = after(Private, &visit(&[]), &fresh(&[("ETag", "\"1\"")]));
    assert_eq!(*cache.receive(&visit(&[("If-None-Match", "\"1\"")]), &answer, 10_000), answer);
    assert!(!is_fresh(&cache, &visit(&[]), 10_000));
}

#[test]
fn a_full_answer_to_the_question_replaces_the_response() {
    let mut cache = after(Shared, &visit(&[A]), &fresh(&[("ETag", "\"1\"")]));
    let answer = fresh(&[("ETag", "\"2\"")]);
    assert_eq!(*cache.receive(&visit(&[A]), &answer, 10_000), answer);
    assert_eq!(asked(&cache, &visit(&[A]), 20_000, "If-None-Match"), some("\"2\""));
}

#[test]
fn a_validator_goes_out_byte_for_byte() {
    let mut stored = fresh(&[]);
    let tag: HeaderList = serde_json::from_str(r#"[["ETag", "\"\u00e9\""]]"#).expect("a list");
    stored.headers = stored.headers.iter().chain(tag.iter()).map(|(n, v)| (n.clone(), v.clone())).collect();
    let Reuse::Validate(asking) = after(Private, &visit(&[]), &stored).lookup(&visit(&[]), 10_000) else {
        panic!("not asked");
    };
    assert!(asking.headers.get("If-None-Match").is_some_and(|value| value == *b"\"\xe9\"".as_slice()));
}
