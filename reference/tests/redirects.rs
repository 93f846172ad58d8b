//! Which redirects are followed, and what does the page see of them?

mod common;

use common::{PAGE, init, response, run};
use cors_reference::{
    fetch::Verdict,
    request::{Mode, RedirectMode, RequestInit},
    response::Response,
};

/// An answer that every page may read.
fn ok() -> Response {
    response(200, &[("Access-Control-Allow-Origin", "*")])
}

fn to(status: u16, location: &str) -> Response {
    Response { status, ..ok().with("Location", location) }
}

fn mode(redirect: RedirectMode, mode: Mode) -> RequestInit {
    RequestInit { redirect, mode, ..RequestInit::default() }
}

/// Asserts that a page's fetch ends at the redirect, by that reason.
#[track_caller]
fn refused(init: &RequestInit, url: &str, redirect: &Response, reason: &str) {
    let run = run(PAGE, url, init, std::slice::from_ref(redirect));
    assert_eq!((run.verdict(), run.reason().as_str()), (Verdict::NetworkError, reason));
}

#[test]
fn five_statuses_redirect_and_no_other() {
    for status in [301, 302, 303, 307, 308] {
        let run = run(PAGE, "https://b.example/", &init("GET"), &[to(status, "/next"), ok()]);
        assert_eq!(run.lines(), ["GET https://b.example/", "GET https://b.example/next"]);
    }
    for status in [200, 201, 300, 304, 305, 306, 309, 399, 404] {
        let run = run(PAGE, "https://b.example/", &init("GET"), &[to(status, "/next")]);
        assert_eq!((run.verdict(), run.outcome.status), (Verdict::Readable, Some(status)));
    }
}

#[test]
fn a_redirect_must_pass_the_cors_check_itself() {
    let bare = Response::new(302).with("Location", "https://app.example/");
    refused(&init("GET"), "https://b.example/", &bare, "cors-check/2");
}

#[test]
fn a_redirect_of_the_pages_own_origin_needs_no_cors_headers() {
    let bare = Response::new(302).with("Location", "https://b.example/");
    let run = run(PAGE, "https://app.example/", &init("GET"), &[bare, ok()]);
    assert_eq!((run.verdict(), run.reason().as_str()), (Verdict::Readable, "cors-check/3"));
}

#[test]
fn back_at_the_pages_own_origin_cors_headers_are_still_needed() {
    let back = to(302, "https://app.example/");
    let run = run(PAGE, "https://b.example/", &init("GET"), &[back, Response::new(200)]);
    assert_eq!((run.verdict(), run.reason().as_str()), (Verdict::NetworkError, "cors-check/2"));
}

#[test]
fn twenty_redirects_are_followed_and_the_next_is_not() {
    for url in ["https://app.example/", "https://b.example/"] {
        let mut answers = vec![to(302, "/next"); 20];
        answers.push(ok());
        let followed = run(PAGE, url, &init("GET"), &answers);
        assert_eq!((followed.sent.len(), followed.verdict()), (21, Verdict::Readable));
        answers[20] = to(302, "/next");
        let stopped = run(PAGE, url, &init("GET"), &answers);
        assert_eq!((stopped.sent.len(), stopped.verdict()), (21, Verdict::NetworkError));
        assert_eq!(stopped.reason(), "http-redirect-fetch/7");
    }
}

#[test]
fn redirect_mode_error_refuses_a_redirect_and_nothing_else() {
    let init = mode(RedirectMode::Error, Mode::Cors);
    refused(&init, "https://b.example/", &to(302, "/next"), "http-fetch/6.3");
    refused(&init, "https://app.example/", &to(302, "/next"), "http-fetch/6.3");
    refused(&init, "https://b.example/", &Response { status: 308, ..ok() }, "http-fetch/6.3");
    assert_eq!(run(PAGE, "https://b.example/", &init, &[ok()]).verdict(), Verdict::Readable);
}

#[test]
fn redirect_mode_manual_shows_the_page_nothing() {
    let init = mode(RedirectMode::Manual, Mode::Cors);
    for url in ["https://b.example/", "https://app.example/"] {
        let run = run(PAGE, url, &init, &[to(302, "/next")]);
        assert_eq!((run.verdict(), run.outcome.status), (Verdict::OpaqueRedirect, Some(0)));
        assert_eq!(run.reason(), "http-fetch/6.3");
        assert!(run.outcome.readable_headers.is_empty());
    }
}

#[test]
fn the_cors_check_comes_before_the_redirect_mode() {
    let bare = Response::new(302).with("Location", "/next");
    for redirect in [RedirectMode::Manual, RedirectMode::Error] {
        refused(&mode(redirect, Mode::Cors), "https://b.example/", &bare, "cors-check/2");
    }
}

#[test]
fn mode_same_origin_does_not_leave_the_origin() {
    let init = mode(RedirectMode::Follow, Mode::SameOrigin);
    let away = to(302, "https://b.example/");
    refused(&init, "https://app.example/", &away, "main-fetch/12");
}

#[test]
fn a_redirect_to_a_bad_port_is_blocked() {
    let bad = to(302, "https://b.example:6000/");
    refused(&init("GET"), "https://b.example/", &bad, "main-fetch/7");
}
