//! Where does a `Location` lead?

mod common;

use common::{PAGE, init, request_of, response, run};
use cors_reference::{
    fetch::Verdict,
    redirect::http_redirect_fetch,
    request::{Mode, RequestInit},
    response::Response,
};

const A: &str = "https://app.example/";
const B: &str = "https://b.example/";

fn to(location: &str) -> Response {
    response(302, &[("Access-Control-Allow-Origin", "*"), ("Location", location)])
}

/// Asserts that a page's fetch ends at the redirect, by that step of HTTP-redirect fetch.
#[track_caller]
fn refused(url: &str, redirect: &Response, step: &str) {
    let run = run(PAGE, url, &init("GET"), std::slice::from_ref(redirect));
    assert_eq!(run.verdict(), Verdict::NetworkError);
    assert_eq!(run.reason(), format!("http-redirect-fetch/{step}"));
}

/// What becomes of a fetch that is redirected there, and then answered.
fn followed(url: &str, location: &str, mode: Mode) -> Verdict {
    let init = RequestInit { mode, ..init("GET") };
    let ok = response(200, &[("Access-Control-Allow-Origin", "*")]);
    run(PAGE, url, &init, &[to(location), ok]).verdict()
}

/// The URL that a redirect leads to, fragment included.
fn target(url: &str, location: &str) -> String {
    let mut request = request_of(PAGE, url, &init("GET"));
    assert_eq!(http_redirect_fetch(&mut request, &to(location)), Ok(true));
    request.current_url().to_string()
}

#[test]
fn without_a_location_the_answer_itself_is_read() {
    let answer = response(302, &[("Access-Control-Allow-Origin", "*")]);
    let run = run(PAGE, B, &init("GET"), &[answer]);
    assert_eq!((run.verdict(), run.outcome.status), (Verdict::Readable, Some(302)));
    assert_eq!(run.reason(), "cors-check/3");
}

#[test]
fn two_locations_lead_nowhere_even_if_equal() {
    for second in ["/next", "/other", ""] {
        refused(B, &to("/next").with("location", second), "5");
    }
}

#[test]
fn a_location_that_does_not_parse_leads_nowhere() {
    for bad in ["https://", "https://[", "https://a b/", "//:1", "https://b.example:99999/"] {
        refused(B, &to(bad), "5");
    }
}

#[test]
fn a_location_that_is_not_http_leads_nowhere() {
    for scheme in ["ftp", "data", "about", "javascript", "file", "ws", "blob"] {
        refused(B, &to(&format!("{scheme}:x")), "6");
    }
}

#[test]
fn a_location_is_relative_to_the_url_that_answered() {
    for (location, url) in [
        ("/x", "https://b.example/x"),
        ("x", "https://b.example/dir/x"),
        ("../x", "https://b.example/x"),
        ("?x", "https://b.example/dir/page?x"),
        ("", "https://b.example/dir/page?q"),
        ("//c.example", "https://c.example/"),
        ("http://c.example/", "http://c.example/"),
    ] {
        let found = target("https://b.example/dir/page?q", location);
        assert_eq!(found, url, "{location:?}");
    }
}

#[test]
fn a_fragment_is_kept_until_a_location_brings_its_own() {
    for (url, location, found) in [
        ("https://b.example/#kept", "/x", "https://b.example/x#kept"),
        ("https://b.example/#kept", "/x#own", "https://b.example/x#own"),
        ("https://b.example/#kept", "/x#", "https://b.example/x#"),
        ("https://b.example/", "/x", "https://b.example/x"),
    ] {
        assert_eq!(target(url, location), found);
    }
}

#[test]
fn a_location_with_credentials_must_be_of_the_pages_origin() {
    for user in ["user@", "user:pass@", ":pass@"] {
        refused(A, &to(&format!("https://{user}b.example/")), "9");
        refused(B, &to(&format!("https://{user}b.example/")), "9");
        refused(A, &to(&format!("https://{user}app.example:8443/")), "9");
    }
}

#[test]
fn once_another_origin_was_seen_no_location_may_have_credentials() {
    refused(B, &to("https://user@app.example/"), "10");
}

#[test]
fn within_the_pages_origin_a_location_may_have_credentials() {
    let verdict = followed(A, "https://user:pass@app.example/", Mode::Cors);
    assert_eq!(verdict, Verdict::Readable);
}

#[test]
fn a_no_cors_fetch_may_follow_a_location_with_credentials() {
    let verdict = followed(B, "https://user@c.example/", Mode::NoCors);
    assert_eq!(verdict, Verdict::Opaque);
}

#[test]
fn an_empty_user_is_no_credentials() {
    for location in ["https://@b.example/", "https://:@b.example/"] {
        assert_eq!(followed(B, location, Mode::Cors), Verdict::Readable, "{location}");
    }
}
