//! What does the CORS-preflight cache spare, and whom?

mod common;

use common::{API, PAGE, drive, headers, init, world::World};
use cors_reference::{
    request::{
        CredentialsMode::{self, Include, Omit, SameOrigin},
        RequestInit,
    },
    response::Response,
};

fn with(method: &str, names: &[&str], credentials: CredentialsMode) -> RequestInit {
    let pairs: Vec<_> = names.iter().map(|name| (*name, "value")).collect();
    RequestInit { headers: headers(&pairs), credentials, ..init(method) }
}

/// A browser whose page has fetched this at time 0.
fn after(init: &RequestInit) -> World {
    let mut world = World::new(&["60"]);
    assert!(world.fetch(PAGE, API, init, 0).preflighted());
    world
}

/// A browser that was granted these at time 0, without credentials.
fn granted(methods: &str, names: &str) -> World {
    let mut world = World::new(&["60"]);
    let answer = Response::new(204)
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", names);
    assert!(world.fetch_answered(&with("GET", &["x-b"], Omit), 0, &answer).preflighted());
    world
}

#[test]
fn the_same_fetch_asks_once() {
    let init = with("PUT", &["x-a"], Omit);
    assert!(!after(&init).asks(&init, 1));
}

#[test]
fn all_that_was_granted_is_kept_and_not_only_what_was_asked_for() {
    let world = after(&init("PUT"));
    assert!(!world.asks(&with("DELETE", &["x-a", "X-B"], Omit), 1));
    assert!(!world.asks(&with("GET", &["x-b"], Omit), 1));
}

#[test]
fn another_method_asks_again() {
    let world = after(&init("PUT"));
    for method in ["PATCH", "OPTIONS", "CHICKEN", "DELETES"] {
        assert!(world.asks(&init(method), 1), "{method}");
    }
}

#[test]
fn a_kept_method_is_compared_byte_for_byte() {
    let world = granted("patch", "x-b");
    assert!(!world.asks(&init("patch"), 1));
    assert!(world.asks(&init("PATCH"), 1));
}

#[test]
fn another_header_asks_again() {
    let world = after(&with("GET", &["x-a"], Omit));
    assert!(world.asks(&with("GET", &["x-a", "x-c"], Omit), 1));
    assert!(world.asks(&with("GET", &["Authorization"], Omit), 1));
}

#[test]
fn a_kept_header_is_compared_without_case() {
    assert!(!granted("PUT", "x-B").asks(&with("GET", &["X-b"], Omit), 1));
}

#[test]
fn another_url_asks_again() {
    let mut world = after(&init("PUT"));
    for url in ["https://api.example/", "https://api.example/data?q", "https://b.example/data"] {
        assert!(world.fetch(PAGE, url, &init("PUT"), 1).preflighted(), "{url}");
    }
    assert!(!world.asks(&init("PUT"), 2));
}

#[test]
fn another_origin_asks_again() {
    let mut world = after(&init("PUT"));
    for page in ["https://b.example", "http://app.example", "https://app.example:8443", "null"] {
        assert!(world.fetch(page, API, &init("PUT"), 1).preflighted(), "{page}");
        assert!(!world.fetch(page, API, &init("PUT"), 2).preflighted(), "{page}");
    }
}

#[test]
fn what_was_granted_without_credentials_is_not_for_them() {
    for first in [Omit, SameOrigin] {
        let world = after(&with("PUT", &["x-a"], first));
        assert!(world.asks(&with("PUT", &["x-a"], Include), 1), "{first:?}");
    }
}

#[test]
fn what_was_granted_with_credentials_is_for_all() {
    let world = after(&with("PUT", &["x-a"], Include));
    for then in [Omit, SameOrigin, Include] {
        assert!(!world.asks(&with("PUT", &["x-a"], then), 1), "{then:?}");
    }
}

#[test]
fn a_kept_wildcard_covers_every_method_and_name() {
    let world = granted("*", "*");
    assert!(!world.asks(&with("CHICKEN", &["x-any", "Range"], Omit), 1));
}

#[test]
fn a_kept_wildcard_does_not_cover_authorization() {
    let authorized = with("GET", &["Authorization"], Omit);
    assert!(granted("*", "*").asks(&authorized, 1));
    assert!(!granted("*", "*, authorization").asks(&authorized, 1));
}

#[test]
fn a_kept_wildcard_is_not_for_credentials() {
    assert!(granted("*", "*").asks(&with("PUT", &[], Include), 1));
}

#[test]
fn a_refused_preflight_keeps_nothing() {
    let mut world = World::new(&["60"]);
    let answer = world.answer(PAGE).with("Access-Control-Allow-Headers", "@");
    world.fetch_answered(&init("PUT"), 0, &answer);
    assert!(world.asks(&init("PUT"), 1));
}

#[test]
fn a_network_error_clears_what_was_kept() {
    let mut world = after(&init("PUT"));
    let run = world.fetch_answered(&init("PUT"), 1, &Response::new(200));
    assert_eq!((run.sent.len(), run.reason().as_str()), (1, "cors-check/2"));
    assert!(world.asks(&init("PUT"), 2));
    assert!(world.asks(&init("DELETE"), 2));
}

#[test]
fn a_refused_preflight_clears_what_was_kept() {
    let mut world = after(&init("PUT"));
    assert!(world.fetch(PAGE, API, &init("PATCH"), 1).preflighted());
    assert!(world.asks(&init("PUT"), 2));
}

#[test]
fn a_network_error_clears_only_its_own_url_and_origin() {
    let mut world = after(&init("PUT"));
    let (put, url, page) = (init("PUT"), "https://api.example/other", "https://b.example");
    world.fetch(PAGE, url, &put, 0);
    world.fetch(page, API, &put, 0);
    world.fetch_answered(&put, 1, &Response::new(200));
    assert!(!world.fetch(PAGE, url, &put, 2).preflighted());
    assert!(!world.fetch(page, API, &put, 2).preflighted());
}

#[test]
fn a_network_error_after_a_redirect_clears_only_the_last_url() {
    let mut world = after(&init("PUT"));
    let mut away = world.answer(PAGE).with("Location", "https://api.example/other");
    away.status = 307;
    let mut answers = [away, Response::new(500)].into_iter();
    let run = drive(&mut world.browser, PAGE, API, &init("PUT"), 1, |_| answers.next().expect("an answer"));
    assert_eq!((run.sent.len(), run.reason().as_str()), (2, "cors-check/2"));
    assert!(!world.asks(&init("PUT"), 2));
}

#[test]
fn a_fetch_that_needs_no_preflight_clears_nothing_when_it_fails() {
    let mut world = after(&init("PUT"));
    world.fetch_answered(&init("GET"), 1, &Response::new(200));
    assert!(!world.asks(&init("PUT"), 2));
}

#[test]
fn an_error_status_that_passes_the_check_clears_nothing() {
    let mut world = after(&init("PUT"));
    let answer = Response { status: 500, ..world.answer(PAGE) };
    assert_eq!(world.fetch_answered(&init("PUT"), 1, &answer).outcome.status, Some(500));
    assert!(!world.asks(&init("PUT"), 2));
}
