//! What a person is told of each verdict, with the values that decided.

mod common;

use common::{API, PAGE, init, origin, response};
use cors_reference::{
    fetch::{Browser, Fetch},
    request::{CredentialsMode, Mode, RedirectMode, RequestInit},
    response::Response,
};

const ORIGIN: &str = "Access-Control-Allow-Origin";

/// What is said of a fetch with these answers.
fn said(url: &str, init: &RequestInit, answers: &[Response]) -> String {
    let mut browser = Browser::default();
    let mut fetch = Fetch::start(&mut browser, &origin(PAGE), url, init, 0);
    for answer in answers {
        fetch.receive(&mut browser, answer);
    }
    fetch.into_outcome().expect("the last answer ends it").explanation
}

fn include() -> RequestInit {
    RequestInit { credentials: CredentialsMode::Include, ..RequestInit::default() }
}

#[test]
fn a_cors_check_tells_what_it_compared() {
    let get = init("GET");
    for (init, headers, expected) in [
        (&get, &[][..], "The response has no Access-Control-Allow-Origin."),
        (&get, &[(ORIGIN, "*")], "Access-Control-Allow-Origin is `*` and the fetch includes no credentials."),
        (
            &get,
            &[(ORIGIN, "https://b.example")],
            "Access-Control-Allow-Origin is `https://b.example`, not the request's origin `https://app.example`.",
        ),
        (&get, &[(ORIGIN, PAGE)], "Access-Control-Allow-Origin is the request's origin `https://app.example`."),
        (
            &include(),
            &[(ORIGIN, "*")],
            "Access-Control-Allow-Origin is `*`, not the request's origin `https://app.example`, and `*` does not count \
             where credentials are included.",
        ),
        (
            &include(),
            &[(ORIGIN, "null")],
            "Access-Control-Allow-Origin is `null`, not the request's origin `https://app.example`.",
        ),
        (
            &include(),
            &[(ORIGIN, PAGE), ("Access-Control-Allow-Credentials", "true")],
            "Access-Control-Allow-Origin is `https://app.example` and Access-Control-Allow-Credentials is `true`.",
        ),
        (
            &include(),
            &[(ORIGIN, PAGE)],
            "The fetch includes credentials and Access-Control-Allow-Credentials is absent, not `true`.",
        ),
        (
            &include(),
            &[(ORIGIN, PAGE), ("Access-Control-Allow-Credentials", "True")],
            "The fetch includes credentials and Access-Control-Allow-Credentials is `True`, not `true`.",
        ),
    ] {
        assert_eq!(said(API, init, &[response(200, headers)]), expected);
    }
}

#[test]
fn a_preflight_tells_what_it_did_not_allow() {
    let put = init("PUT");
    let named = |name: &str| {
        let headers = [(name.parse().unwrap(), "1".into())].into_iter().collect();
        RequestInit { headers, ..RequestInit::default() }
    };
    let (methods, names) = ("Access-Control-Allow-Methods", "Access-Control-Allow-Headers");
    for (init, status, headers, expected) in [
        (
            &put,
            200,
            &[(methods, "@")][..],
            "The preflight's Access-Control-Allow-Methods (`@`) or Access-Control-Allow-Headers (absent) does not parse.",
        ),
        (&put, 200, &[(methods, "GET")], "The method `PUT` is not allowed: Access-Control-Allow-Methods is `GET`."),
        (&put, 404, &[], "The preflight's status is 404, not 200 to 299."),
        (
            &named("Authorization"),
            200,
            &[(names, "*")],
            "`Authorization` must be listed by name: Access-Control-Allow-Headers is `*`.",
        ),
        (
            &named("X-A"),
            200,
            &[(names, "x-b")],
            "Not every one of `x-a` is allowed: Access-Control-Allow-Headers is `x-b`.",
        ),
    ] {
        let answer = response(status, &[&[(ORIGIN, "*")], headers].concat());
        assert_eq!(said(API, init, &[answer]), expected);
    }
}

#[test]
fn what_is_no_cors_tells_why() {
    let with = |mode, redirect| RequestInit { mode, redirect, ..RequestInit::default() };
    let follow = RedirectMode::Follow;
    let plain = [Response::new(200)];
    for (url, init, answers, expected) in [
        (
            "data:text/plain,x",
            init("GET"),
            &[][..],
            "A `data` URL holds its own answer, so the CORS protocol is not used.",
        ),
        ("ftp://a.example/", init("GET"), &[], "Nothing can be fetched from a `ftp` URL: only http and https."),
        (API, with(Mode::NoCors, follow), &plain, "In no-cors mode a response of another origin is opaque."),
        (
            "https://app.example/",
            init("GET"),
            &plain,
            "The URL is of the page's own origin, so the CORS protocol is not used.",
        ),
        (
            "https://app.example/",
            with(Mode::NoCors, follow),
            &plain,
            "The URL is of the page's own origin, so the CORS protocol is not used.",
        ),
        (API, with(Mode::NoCors, RedirectMode::Error), &[], "In no-cors mode the redirect mode must be follow."),
        (API, with(Mode::SameOrigin, follow), &[], "The URL is of another origin and the mode is same-origin."),
        ("https://a.example:25/", init("GET"), &[], "Port 25 is blocked."),
    ] {
        assert_eq!(said(url, &init, answers), expected);
    }
}

#[test]
fn a_redirect_tells_where_it_stopped() {
    let to = |location: &str| response(302, &[(ORIGIN, "*"), ("Location", location)]);
    let error = RequestInit { redirect: RedirectMode::Error, ..RequestInit::default() };
    assert_eq!(said(API, &error, &[to("/")]), "The response is a redirect (302), which the fetch asked not to follow.");
    assert_eq!(
        said(API, &init("GET"), &[to("ftp://a.example/")]),
        "The redirect to Location `ftp://a.example/` is not followed: If locationURL's scheme is not an HTTP(S) scheme, \
         then return a network error."
    );
}

#[test]
fn an_answer_that_is_not_well_formed_tells_so() {
    let expected =
        "The response is not well-formed: a header value holds 0x00, 0x0A or 0x0D, or the status is below 200.";
    assert_eq!(said(API, &init("GET"), &[Response::new(101)]), expected);
}

#[test]
fn what_fetch_throws_tells_why() {
    let with_body = |method: &str| RequestInit { body: Some("x".to_owned()), ..init(method) };
    let headers = || [("X-A".parse().unwrap(), "a\0b".into())].into_iter().collect();
    for (url, init, why) in [
        ("nonsense", init("GET"), "the URL does not parse"),
        ("https://a@b.example/", init("GET"), "the URL includes credentials"),
        (API, init("CONNECT"), "the method is no token, or forbidden"),
        (API, RequestInit { mode: Mode::NoCors, ..init("PUT") }, "no-cors mode allows only GET, HEAD and POST"),
        (API, with_body("GET"), "GET and HEAD cannot have a body"),
        (
            API,
            RequestInit { headers: headers(), ..RequestInit::default() },
            "a header's value holds 0x00, 0x0A or 0x0D",
        ),
    ] {
        assert_eq!(said(url, &init, &[]), format!("fetch() rejects with a TypeError before anything is sent: {why}."));
    }
}
