//! When is a CORS-preflight fetch made, and what does it send?

mod common;

use common::{API, PAGE, get, headers, init, request, response, run};
use cors_reference::{
    fetch::{RequestKind, Verdict},
    preflight::{needs_preflight, preflight_request},
    request::{CredentialsMode, RequestInit, WireRequest},
    response::Response,
};

fn with(method: &str, pairs: &[(&str, &str)]) -> RequestInit {
    RequestInit { headers: headers(pairs), ..init(method) }
}

fn preflight(init: &RequestInit) -> WireRequest {
    {
        let request = request(init);
        preflight_request(&request, &request.unsafe_header_names())
    }
}

/// The value of a header of the preflight that this fetch makes.
fn sent(init: &RequestInit, name: &str) -> Option<String> {
    get(&preflight(init).headers, name)
}

#[test]
fn a_safelisted_method_with_safelisted_headers_needs_none() {
    for method in ["GET", "HEAD", "POST", "get", "head", "post"] {
        for pair in [("Accept", "*/*"), ("Accept-Language", "en"), ("Content-Type", "text/plain")] {
            assert!(!needs_preflight(&request(&with(method, &[pair]))), "{method} {pair:?}");
        }
    }
}

#[test]
fn any_other_method_needs_one() {
    for method in ["PUT", "DELETE", "PATCH", "patch", "OPTIONS", "CHICKEN", "*"] {
        assert!(needs_preflight(&request(&init(method))), "{method}");
    }
}

#[test]
fn an_unsafe_name_or_value_needs_one() {
    for pair in [
        ("Content-Type", "application/json"),
        ("Authorization", "x"),
        ("X-A", ""),
        ("Accept", "(comment)"),
        ("Accept-Language", "en_GB"),
        ("Range", "bytes=-5"),
        ("DPR", "2"),
    ] {
        assert!(needs_preflight(&request(&with("GET", &[pair]))), "{pair:?}");
    }
}

#[test]
fn a_text_body_needs_none_by_itself() {
    let init = RequestInit { body: Some("text".to_owned()), ..init("POST") };
    assert!(!needs_preflight(&request(&init)));
}

#[test]
fn it_is_options_to_the_same_url_without_a_body() {
    let sent = preflight(&RequestInit { body: Some("secret".to_owned()), ..init("PUT") });
    assert_eq!(sent.method, "OPTIONS");
    assert_eq!(sent.url.as_str(), API);
    assert_eq!(sent.body, None);
    assert!(sent.is_cors_preflight());
}

#[test]
fn it_carries_nothing_that_the_page_set() {
    let page = [("X-A", "secret"), ("Authorization", "secret"), ("Accept", "text/html")];
    let init = RequestInit { credentials: CredentialsMode::Include, ..with("PUT", &page) };
    let sent = preflight(&init);
    let mut names: Vec<_> = sent.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let (asks_names, asks_method) = ("Access-Control-Request-Headers", "Access-Control-Request-Method");
    assert_eq!(names, ["Accept", asks_names, asks_method, "Origin"]);
    assert_eq!(get(&sent.headers, "Accept").as_deref(), Some("*/*"));
}

#[test]
fn it_carries_the_origin_and_null_for_an_opaque_one() {
    for page in [PAGE, "http://localhost:3000", "null"] {
        let run = run(page, API, &init("PUT"), &[Response::new(204)]);
        assert_eq!(run.each("Origin"), [Some(page.to_owned())]);
    }
}

#[test]
fn the_method_is_asked_for_as_it_will_be_sent() {
    for (given, normalized) in [("put", "PUT"), ("Delete", "DELETE"), ("pAtCh", "pAtCh")] {
        let asked = sent(&init(given), "Access-Control-Request-Method");
        assert_eq!(asked.as_deref(), Some(normalized));
    }
}

#[test]
fn a_safelisted_method_is_asked_for_too() {
    let asked = sent(&with("GET", &[("X-A", "1")]), "Access-Control-Request-Method");
    assert_eq!(asked.as_deref(), Some("GET"));
}

#[test]
fn unsafe_names_are_lower_case_sorted_once_each_and_joined_without_space() {
    let page = [("X-b", "1"), ("Content-Type", "a/b"), ("x-A", "1"), ("Accept", "*"), ("X-B", "2")];
    let asked = sent(&with("GET", &page), "Access-Control-Request-Headers");
    assert_eq!(asked.as_deref(), Some("content-type,x-a,x-b"));
}

#[test]
fn names_are_sorted_by_byte() {
    let page = [("x_a", "1"), ("x-b", "1"), ("Xa", "1"), ("x1", "1"), ("!", "1"), ("~", "1")];
    let asked = sent(&with("GET", &page), "Access-Control-Request-Headers");
    assert_eq!(asked.as_deref(), Some("!,x-b,x1,x_a,xa,~"));
}

#[test]
fn without_unsafe_names_none_are_asked_for() {
    let asked = sent(&with("PUT", &[("Accept", "*/*")]), "Access-Control-Request-Headers");
    assert_eq!(asked, None);
}

#[test]
fn over_1024_bytes_of_safelisted_values_are_asked_for() {
    let value = "a".repeat(128);
    let page: Vec<_> = (0..9).map(|_| ("Accept", value.as_str())).collect();
    let asked = |count| sent(&with("PUT", &page[..count]), "Access-Control-Request-Headers");
    assert_eq!(asked(8), None);
    assert_eq!(asked(9).as_deref(), Some("accept"));
}

#[test]
fn the_fragment_stays_at_home() {
    let run = run(PAGE, "https://api.example/data?q#part", &init("PUT"), &[Response::new(204)]);
    assert_eq!(run.lines(), ["OPTIONS https://api.example/data?q"]);
}

#[test]
fn a_page_of_the_urls_own_origin_sends_none() {
    let init = with("PUT", &[("X-A", "1")]);
    let run = run("https://api.example", API, &init, &[Response::new(200)]);
    assert_eq!(run.lines(), ["PUT https://api.example/data"]);
}

#[test]
fn a_refused_preflight_is_all_that_is_sent() {
    let run = run(PAGE, API, &init("PUT"), &[Response::new(204)]);
    assert_eq!(run.lines(), ["OPTIONS https://api.example/data"]);
    assert_eq!(run.verdict(), Verdict::NetworkError);
    assert_eq!(run.reason(), "cors-check/2");
}

#[test]
fn after_a_granted_preflight_the_request_goes_out_as_the_page_made_it() {
    let init = RequestInit { body: Some("text".to_owned()), ..with("PUT", &[("X-A", "1")]) };
    let shared = response(200, &[("Access-Control-Allow-Origin", "*")]);
    let granted = shared.clone().with("Access-Control-Allow-Methods", "PUT");
    let granted = granted.with("Access-Control-Allow-Headers", "x-a");
    let run = run(PAGE, API, &init, &[granted, shared]);
    let (kind, actual) = &run.sent[1];
    assert_eq!((*kind, actual.method.as_str()), (RequestKind::Actual, "PUT"));
    assert_eq!(actual.body.as_deref(), Some(&b"text"[..]));
    assert_eq!(get(&actual.headers, "X-A").as_deref(), Some("1"));
    assert_eq!(get(&actual.headers, "Origin").as_deref(), Some(PAGE));
    assert_eq!((run.verdict(), run.reason().as_str()), (Verdict::Readable, "cors-check/3"));
}

#[test]
fn the_actual_answer_is_checked_again() {
    let granted = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")];
    let run = run(PAGE, API, &init("PUT"), &[response(204, &granted), Response::new(200)]);
    assert_eq!(run.sent.len(), 2);
    assert_eq!((run.verdict(), run.reason().as_str()), (Verdict::NetworkError, "cors-check/2"));
}
