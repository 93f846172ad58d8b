//! What is sent for which URL and mode, and what of an answer reaches the page?

mod common;

use common::{API, PAGE, get, init, origin, response, run};
use cors_reference::{
    fetch::{Browser, Fetch, Next, Verdict},
    request::{Mode, RedirectMode, RequestInit},
    response::Response,
};

const OWN: &str = "https://app.example/data";

fn mode(mode: Mode, method: &str) -> RequestInit {
    RequestInit { mode, ..init(method) }
}

fn ok() -> Response {
    response(200, &[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*")])
}

/// The `Origin` of the request itself.
fn sent_origin(page: &str, url: &str, init: &RequestInit) -> Option<String> {
    let asked = Fetch::start(&mut Browser::default(), &origin(page), url, init, 0);
    let Next::Send(first) = asked.next() else { return Some("nothing is sent".to_owned()) };
    let answers = if first.is_cors_preflight() { vec![ok(), ok()] } else { vec![ok()] };
    run(page, url, init, &answers).each("Origin").pop().flatten()
}

/// The verdict and the reason.
fn ends(url: &str, init: &RequestInit, answers: &[Response]) -> (Verdict, String) {
    let run = run(PAGE, url, init, answers);
    (run.verdict(), run.reason())
}

fn refused(reason: &str) -> (Verdict, String) {
    (Verdict::NetworkError, reason.to_owned())
}

#[test]
fn the_pages_own_origin_is_read_without_cors_headers() {
    for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
        let init = RequestInit { mode, ..init("GET") };
        let readable = (Verdict::Readable, "main-fetch/12".to_owned());
        assert_eq!(ends(OWN, &init, &[Response::new(404)]), readable, "{mode:?}");
    }
}

#[test]
fn an_opaque_origin_is_same_origin_with_nothing() {
    let run = run("null", API, &init("GET"), &[Response::new(200)]);
    assert_eq!(run.reason(), "cors-check/2");
}

#[test]
fn mode_same_origin_sends_nothing_to_another_origin() {
    for url in [API, "http://app.example/", "https://app.example:8443/"] {
        assert_eq!(ends(url, &mode(Mode::SameOrigin, "GET"), &[]), refused("main-fetch/12"));
    }
}

#[test]
fn a_no_cors_answer_is_opaque_whatever_it_allows() {
    for answer in [ok(), Response::new(200), Response::new(500)] {
        let run = run(PAGE, API, &mode(Mode::NoCors, "GET"), &[answer]);
        assert_eq!((run.verdict(), run.outcome.status), (Verdict::Opaque, Some(0)));
        assert!(run.outcome.readable_headers.is_empty());
    }
}

#[test]
fn no_cors_mode_must_follow_redirects() {
    for redirect in [RedirectMode::Error, RedirectMode::Manual] {
        let init = RequestInit { redirect, ..mode(Mode::NoCors, "GET") };
        assert_eq!(ends(API, &init, &[]), refused("main-fetch/12"));
        assert_eq!(ends(OWN, &init, &[ok()]).0, Verdict::Readable);
    }
}

#[test]
fn a_cors_request_always_carries_its_origin() {
    for method in ["GET", "HEAD", "POST", "PUT"] {
        for page in [PAGE, "null", "http://localhost:3000"] {
            assert_eq!(sent_origin(page, API, &init(method)).as_deref(), Some(page), "{method}");
        }
    }
}

#[test]
fn within_the_origin_all_but_get_and_head_carry_it() {
    for mode_ in [Mode::Cors, Mode::SameOrigin] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "patch"] {
            assert_eq!(sent_origin(PAGE, OWN, &mode(mode_, method)).as_deref(), Some(PAGE));
        }
        for method in ["GET", "HEAD"] {
            assert_eq!(sent_origin(PAGE, OWN, &mode(mode_, method)), None, "{method}");
        }
    }
}

#[test]
fn a_no_cors_post_carries_the_origin_and_a_get_does_not() {
    assert_eq!(sent_origin(PAGE, API, &mode(Mode::NoCors, "GET")), None);
    assert_eq!(sent_origin(PAGE, API, &mode(Mode::NoCors, "HEAD")), None);
    assert_eq!(sent_origin(PAGE, API, &mode(Mode::NoCors, "POST")).as_deref(), Some(PAGE));
}

#[test]
fn a_no_cors_post_to_an_insecure_url_hides_a_secure_origin() {
    let post = mode(Mode::NoCors, "POST");
    let to = |page, url| sent_origin(page, url, &post);
    assert_eq!(to(PAGE, "http://api.example/").as_deref(), Some("null"));
    assert_eq!(to("http://app.example", "http://api.example/").as_deref(), Some("http://app.example"));
    assert_eq!(to("http://app.example", API).as_deref(), Some("http://app.example"));
}

#[test]
fn a_cors_request_to_an_insecure_url_hides_nothing() {
    for method in ["GET", "POST", "PUT"] {
        let sent = sent_origin(PAGE, "http://api.example/", &init(method));
        assert_eq!(sent.as_deref(), Some(PAGE), "{method}");
    }
}

#[test]
fn an_ordinary_request_is_no_preflight() {
    let run = run(PAGE, OWN, &init("OPTIONS"), &[Response::new(200)]);
    assert!(!run.sent[0].1.is_cors_preflight());
}

#[test]
fn a_bad_port_is_blocked_and_its_neighbours_are_not() {
    for port in [1, 21, 22, 25, 6000, 6667, 10080] {
        for host in ["https://api.example", PAGE] {
            let url = format!("{host}:{port}/");
            assert_eq!(ends(&url, &init("GET"), &[]), refused("main-fetch/7"), "{url}");
        }
    }
    for port in [2, 24, 80, 443, 6001, 6670, 8080, 10081] {
        let url = format!("https://api.example:{port}/");
        assert_eq!(ends(&url, &init("GET"), &[ok()]).0, Verdict::Readable, "{url}");
    }
}

#[test]
fn a_url_that_is_not_http_is_not_sent() {
    for url in ["ftp://api.example/", "file:///x", "about:blank", "javascript:1", "x:y", "ws://x/"] {
        assert_eq!(ends(url, &init("GET"), &[]), refused("main-fetch/12"), "{url}");
    }
    for url in ["ftp://api.example:22/", "file:///x", "about:config", "blob:https://app.example/1"] {
        let init = mode(Mode::NoCors, "GET");
        assert_eq!(ends(url, &init, &[]), refused("main-fetch/12"), "{url}");
    }
}

#[test]
fn a_data_url_is_read_by_every_page_and_asks_nobody() {
    for mode_ in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
        let run = run("null", "data:text/css;charset=utf-8,x", &mode(mode_, "GET"), &[]);
        assert_eq!((run.verdict(), run.outcome.status), (Verdict::Readable, Some(200)));
        let content_type = get(&run.outcome.readable_headers, "content-type");
        assert_eq!(content_type.as_deref(), Some("text/css;charset=utf-8"));
    }
}

#[test]
fn about_blank_is_opaque_in_no_cors_mode() {
    let opaque = (Verdict::Opaque, "main-fetch/12".to_owned());
    assert_eq!(ends("about:blank", &mode(Mode::NoCors, "GET"), &[]), opaque);
}

#[test]
fn a_data_url_that_does_not_parse_is_a_network_error() {
    for url in ["data:", "data:text/plain", "data:;base64,@"] {
        assert_eq!(ends(url, &init("GET"), &[]), refused("main-fetch/12"), "{url}");
    }
}

#[test]
fn a_response_value_with_nul_or_newline_is_refused_before_the_check() {
    for value in ["a\0b", "\0", "a\rb", "a\nb", "\r\n", "x\r"] {
        for name in ["X-A", "Access-Control-Allow-Origin"] {
            let answer = [Response::new(200).with(name, value)];
            assert_eq!(ends(OWN, &init("GET"), &answer), refused("http-network-fetch/8.5"), "{value:?}");
            assert_eq!(ends(API, &init("GET"), &answer), refused("http-network-fetch/8.5"), "{value:?}");
            assert_eq!(ends(API, &init("PUT"), &answer), refused("http-network-fetch/8.5"), "{value:?}");
        }
    }
}

#[test]
fn other_control_bytes_in_a_response_are_read() {
    let run = run(PAGE, OWN, &init("GET"), &[Response::new(200).with("X-A", "\u{1}\u{b}\u{7f}")]);
    let value = get(&run.outcome.readable_headers, "x-a");
    assert_eq!(value.as_deref(), Some("\u{1}\u{b}\u{7f}"));
}

#[test]
fn an_interim_status_is_never_the_answer() {
    for status in [0, 100, 101, 103, 199] {
        let answer = Response { status, ..ok() };
        assert_eq!(ends(API, &init("GET"), &[answer]), refused("http-network-fetch/8.5"));
    }
}

#[test]
fn an_error_status_is_read_like_any_other() {
    for status in [200, 204, 304, 404, 500, 599] {
        let run = run(PAGE, API, &init("GET"), &[Response { status, ..ok() }]);
        assert_eq!((run.verdict(), run.outcome.status), (Verdict::Readable, Some(status)));
    }
}

#[test]
fn after_the_end_an_answer_changes_nothing() {
    let browser = &mut Browser::default();
    let mut fetch = Fetch::start(browser, &origin(PAGE), API, &init("GET"), 0);
    fetch.receive(browser, &Response::new(200));
    fetch.receive(browser, &ok());
    assert_eq!(fetch.sent().len(), 1);
    let outcome = fetch.into_outcome().expect("an outcome");
    assert_eq!(outcome.step.reason(), "cors-check/2");
}
