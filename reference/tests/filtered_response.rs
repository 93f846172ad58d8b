//! Which headers of an answer may a page read?

mod common;

use common::{API, PAGE, headers, init, response, run};
use cors_reference::{
    filtered_response::{basic_filtered_headers, cors_filtered_headers},
    header_list::HeaderList,
    request::{
        CredentialsMode::{self, Include, Omit, SameOrigin},
        Mode, RequestInit,
    },
    response::Response,
};

const EXPOSE: &str = "Access-Control-Expose-Headers";

fn names(list: &HeaderList) -> Vec<String> {
    list.iter().map(|(name, _)| name.to_string()).collect()
}

/// The names that a page reads of `X-A`, `X-B` and `ETag`, given lines of `Access-Control-Expose-Headers`.
fn read(credentials: CredentialsMode, lines: &[&str]) -> String {
    let answer = response(200, &[("X-A", "1"), ("X-B", "2"), ("ETag", "3")]);
    let answer = lines.iter().fold(answer, |answer, line| answer.with(EXPOSE, line));
    let mut read = names(&cors_filtered_headers(&answer, credentials));
    read.retain(|name| name != EXPOSE);
    read.join(" ")
}

#[test]
fn seven_names_are_read_without_being_exposed() {
    let safelisted =
        "Cache-Control Content-Language Content-Length Content-Type Expires Last-Modified Pragma content-TYPE";
    for name in safelisted.split(' ') {
        assert_eq!(names(&cors_filtered_headers(&response(200, &[(name, "x")]), Include)), [name]);
    }
}

#[test]
fn no_other_name_is() {
    let others = "X-A ETag Date Server Vary Location Content-Encoding Content-Range Content Access-Control-Allow-Origin \
        Access-Control-Expose-Headers Authorization WWW-Authenticate Link";
    for name in others.split(' ') {
        assert!(cors_filtered_headers(&response(200, &[(name, "x")]), Omit).is_empty(), "{name}");
    }
}

#[test]
fn an_exposed_name_is_read_in_any_credentials_mode() {
    for mode in [Omit, SameOrigin, Include] {
        assert_eq!(read(mode, &["X-A, ETag"]), "X-A ETag", "{mode:?}");
    }
}

#[test]
fn exposed_names_compare_without_case() {
    assert_eq!(read(Omit, &["x-a,eTAG"]), "X-A ETag");
}

#[test]
fn an_exposed_name_that_is_part_of_another_exposes_nothing() {
    assert_eq!(read(Omit, &["X, X-, X-AB, -A"]), "");
}

#[test]
fn several_lines_expose_together() {
    assert_eq!(read(Omit, &["X-A", "X-B"]), "X-A X-B");
    assert_eq!(read(Omit, &["", ", X-A ,,", "\tETag"]), "X-A ETag");
}

#[test]
fn the_wildcard_exposes_all_without_credentials() {
    for mode in [Omit, SameOrigin] {
        for lines in [&["*"][..], &["X-A, *"], &["X-A", "*"], &["*,*"]] {
            assert_eq!(read(mode, lines), "X-A X-B ETag", "{mode:?} {lines:?}");
        }
    }
}

#[test]
fn with_credentials_the_wildcard_is_a_literal_name() {
    assert_eq!(read(Include, &["*"]), "");
    assert_eq!(read(Include, &["*, X-A"]), "X-A");
    let literal = response(200, &[("*", "1"), ("X-A", "2"), (EXPOSE, "*")]);
    assert_eq!(names(&cors_filtered_headers(&literal, Include)), ["*"]);
}

#[test]
fn a_wildcard_within_a_name_is_no_wildcard() {
    assert_eq!(read(Omit, &["X-*"]), "");
    assert_eq!(read(Omit, &["**"]), "");
}

#[test]
fn what_does_not_parse_exposes_nothing_of_any_line() {
    for bad in ["X-A X-B", "\"X-A\"", "X-A;", "X-A, @", "X-A\u{e9}", "*/*", "X-A:", "(X-A)"] {
        assert_eq!(read(Omit, &[bad]), "", "{bad}");
        assert_eq!(read(Omit, &["X-A", bad]), "", "{bad}");
        assert_eq!(read(Omit, &["*", bad]), "", "{bad}");
    }
}

#[test]
fn what_does_not_parse_is_no_network_error() {
    let answer = response(200, &[("Access-Control-Allow-Origin", "*"), (EXPOSE, "@"), ("Expires", "0"), ("X-A", "1")]);
    let run = run(PAGE, API, &init("GET"), &[answer]);
    assert_eq!(run.reason(), "cors-check/3");
    assert_eq!(names(&run.outcome.readable_headers), ["Expires"]);
}

#[test]
fn set_cookie_is_never_read() {
    for name in ["Set-Cookie", "set-cookie", "Set-Cookie2"] {
        for expose in ["*", "Set-Cookie, Set-Cookie2", "set-cookie,set-cookie2"] {
            for mode in [Omit, SameOrigin, Include] {
                let answer = response(200, &[(name, "x"), (EXPOSE, expose), ("Pragma", "x")]);
                let read = names(&cors_filtered_headers(&answer, mode));
                assert!(!read.contains(&name.to_owned()), "{name} {expose} {mode:?}");
                assert!(read.contains(&"Pragma".to_owned()));
            }
        }
    }
}

#[test]
fn every_value_of_an_exposed_name_is_read_in_order() {
    let answer = response(200, &[("X-A", "1"), ("Pragma", "p"), ("x-a", ""), ("X-A", "1"), (EXPOSE, "X-a")]);
    let read = cors_filtered_headers(&answer, Omit);
    assert_eq!(read, headers(&[("X-A", "1"), ("Pragma", "p"), ("x-a", ""), ("X-A", "1")]));
}

#[test]
fn within_the_origin_all_but_set_cookie_is_read() {
    let answer = response(200, &[("Set-Cookie", "x"), ("X-A", "1"), ("SET-COOKIE2", "x"), ("Server", "s")]);
    assert_eq!(names(&basic_filtered_headers(&answer)), ["X-A", "Server"]);
    let run = run(PAGE, "https://app.example/", &init("GET"), &[answer]);
    assert_eq!(names(&run.outcome.readable_headers), ["X-A", "Server"]);
}

#[test]
fn an_opaque_answer_shows_no_header() {
    let answer = response(200, &[("Access-Control-Allow-Origin", "*"), (EXPOSE, "*"), ("Pragma", "x")]);
    let run = run(PAGE, API, &RequestInit { mode: Mode::NoCors, ..init("GET") }, &[answer]);
    assert!(run.outcome.readable_headers.is_empty());
}

#[test]
fn a_network_error_shows_no_header() {
    let run = run(PAGE, API, &init("GET"), &[Response::new(200).with("Pragma", "x").with(EXPOSE, "*")]);
    assert!(run.outcome.readable_headers.is_empty());
}

#[test]
fn back_at_the_pages_own_origin_headers_must_still_be_exposed() {
    let shared = response(200, &[("Access-Control-Allow-Origin", "*"), ("X-A", "1"), ("Pragma", "x")]);
    let away = Response { status: 302, ..shared.clone().with("Location", PAGE) };
    let run = run(PAGE, API, &init("GET"), &[away, shared]);
    assert_eq!(names(&run.outcome.readable_headers), ["Pragma"]);
}
