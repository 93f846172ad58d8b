//! The explanations of verdicts.

mod common;

use common::{API, PAGE, init, origin, response};
use cors_reference::{
    fetch::{Browser, Fetch},
    request::{CredentialsMode, Mode, RedirectMode, RequestInit},
    response::Response,
};

const ORIGIN: &str = "Access-Control-Allow-Origin";

/// Returns the explanation of a fetch that receives these responses.
fn explanation(url: &str, init: &RequestInit, answers: &[Response]) -> String {
    let mut browser = Browser::default();
    let mut fetch = Fetch::start(&mut browser, &origin(PAGE), url, init, 0);
    for answer in answers {
        fetch.receive(&mut browser, answer);
    }
    fetch.into_outcome().expect("the last response ends the fetch").explanation
}

fn include() -> RequestInit {
    RequestInit { credentials: CredentialsMode::Include, ..RequestInit::default() }
}

#[test]
fn a_cors_check_is_explained_by_the_values_that_it_compares() {
    let get = init("GET");
    for (init, headers, expected) in [
        (&get, &[][..], "The response has no Access-Control-Allow-Origin header."),
        (&get, &[(ORIGIN, "*")], "Access-Control-Allow-Origin is `*`, and the fetch includes no credentials."),
        (
            &get,
            &[(ORIGIN, "https://b.example")],
            "Access-Control-Allow-Origin is `https://b.example`, not the request's origin `https://app.example`.",
        ),
        (&get, &[(ORIGIN, PAGE)], "Access-Control-Allow-Origin is the request's origin `https://app.example`."),
        (
            &include(),
            &[(ORIGIN, "*")],
            "Access-Control-Allow-Origin is `*`, not the request's origin `https://app.example`. The value `*` permits \
             only fetches without credentials.",
        ),
        (
            &include(),
            &[(ORIGIN, "null")],
            "Access-Control-Allow-Origin is `null`, not the request's origin `https://app.example`.",
        ),
        (
            &include(),
            &[(ORIGIN, PAGE), ("Access-Control-Allow-Credentials", "true")],
            "Access-Control-Allow-Origin is `https://app.example`, and Access-Control-Allow-Credentials is `true`.",
        ),
        (
            &include(),
            &[(ORIGIN, PAGE)],
            "The fetch includes credentials, and Access-Control-Allow-Credentials is absent, not `true`.",
        ),
        (
            &include(),
            &[(ORIGIN, PAGE), ("Access-Control-Allow-Credentials", "True")],
            "The fetch includes credentials, and Access-Control-Allow-Credentials is `True`, not `true`.",
        ),
    ] {
        assert_eq!(explanation(API, init, &[response(200, headers)]), expected);
    }
}

#[test]
fn a_preflight_is_explained_by_the_value_that_it_does_not_allow() {
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
            "A list in the preflight's response does not parse: Access-Control-Allow-Methods is `@`, \
             Access-Control-Allow-Headers is absent.",
        ),
        (
            &put,
            200,
            &[(methods, "GET")],
            "The preflight does not allow the method `PUT`: Access-Control-Allow-Methods is `GET`.",
        ),
        (&put, 404, &[], "The status of the preflight's response is 404, not 200 to 299."),
        (
            &named("Authorization"),
            200,
            &[(names, "*")],
            "Access-Control-Allow-Headers must list `Authorization` by name, but is `*`.",
        ),
        (
            &named("X-A"),
            200,
            &[(names, "x-b")],
            "The preflight does not allow every header of `x-a`: Access-Control-Allow-Headers is `x-b`.",
        ),
    ] {
        let answer = response(status, &[&[(ORIGIN, "*")], headers].concat());
        assert_eq!(explanation(API, init, &[answer]), expected);
    }
}

#[test]
fn a_fetch_without_a_cors_check_is_explained_by_its_url_and_mode() {
    let with = |mode, redirect| RequestInit { mode, redirect, ..RequestInit::default() };
    let follow = RedirectMode::Follow;
    let plain = [Response::new(200)];
    for (url, init, answers, expected) in [
        (
            "data:text/plain,x",
            init("GET"),
            &[][..],
            "A `data` URL contains its own response, so the CORS protocol does not apply.",
        ),
        ("ftp://a.example/", init("GET"), &[], "This `ftp` URL cannot be fetched."),
        (API, with(Mode::NoCors, follow), &plain, "The mode is no-cors, so a response of another origin is opaque."),
        (
            "https://app.example/",
            init("GET"),
            &plain,
            "The URL has the page's own origin, so the CORS protocol does not apply.",
        ),
        (
            "https://app.example/",
            with(Mode::NoCors, follow),
            &plain,
            "The URL has the page's own origin, so the CORS protocol does not apply.",
        ),
        (
            API,
            with(Mode::NoCors, RedirectMode::Error),
            &[],
            "The mode is no-cors, so the redirect mode must be follow.",
        ),
        (API, with(Mode::SameOrigin, follow), &[], "The mode is same-origin, and the URL has another origin."),
        ("https://a.example:25/", init("GET"), &[], "Port 25 is blocked."),
    ] {
        assert_eq!(explanation(url, &init, answers), expected);
    }
}

#[test]
fn a_redirect_is_explained_by_its_location_or_by_the_redirect_mode() {
    let to = |location: &str| response(302, &[(ORIGIN, "*"), ("Location", location)]);
    for (redirect, mode) in [(RedirectMode::Error, "error"), (RedirectMode::Manual, "manual")] {
        let init = RequestInit { redirect, ..RequestInit::default() };
        let expected = format!("The response is a redirect (302), and the redirect mode is {mode}.");
        assert_eq!(explanation(API, &init, &[to("/")]), expected);
    }
    assert_eq!(
        explanation(API, &init("GET"), &[to("ftp://a.example/")]),
        "The redirect to Location `ftp://a.example/` fails. The standard requires: If locationURL's scheme is not an \
         HTTP(S) scheme, then return a network error."
    );
}

#[test]
fn a_malformed_response_is_explained() {
    let expected = "The response is malformed: its status is below 200, or a header value contains 0x00, 0x0A or 0x0D.";
    assert_eq!(explanation(API, &init("GET"), &[Response::new(101)]), expected);
}

#[test]
fn a_type_error_is_explained() {
    let with_body = |method: &str| RequestInit { body: Some("x".to_owned()), ..init(method) };
    let headers = || [("X-A".parse().unwrap(), "a\0b".into())].into_iter().collect();
    for (url, init, reason) in [
        ("nonsense", init("GET"), "the URL does not parse"),
        ("https://a@b.example/", init("GET"), "the URL includes credentials"),
        (API, init("CONNECT"), "the method is not a token, or is forbidden"),
        (API, RequestInit { mode: Mode::NoCors, ..init("PUT") }, "no-cors mode allows only GET, HEAD and POST"),
        (API, with_body("GET"), "GET and HEAD cannot have a body"),
        (
            API,
            RequestInit { headers: headers(), ..RequestInit::default() },
            "a header value contains 0x00, 0x0A or 0x0D",
        ),
    ] {
        assert_eq!(
            explanation(url, &init, &[]),
            format!("fetch() rejects with a TypeError before it sends a request: {reason}.")
        );
    }
}
