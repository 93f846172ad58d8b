//! Is the answer to a CORS-preflight request judged at the step that the standard says?

mod common;

use common::{API, PAGE, init, request, response, run};
use cors_reference::{
    agent::{AGENTS, Agent},
    preflight::{Grant, check_preflight_response},
    request::{
        CredentialsMode::{self, Include, Omit, SameOrigin},
        RequestInit,
    },
    response::Response,
    user_agent::UserAgent,
};

const METHODS: &str = "Access-Control-Allow-Methods";
const HEADERS: &str = "Access-Control-Allow-Headers";
const GRANTED: &str = "granted";

/// A fetch with these request headers, separated by spaces.
fn with(method: &str, names: &'static str, credentials: CredentialsMode) -> RequestInit {
    let start = RequestInit { credentials, ..init(method) };
    names
        .split(' ')
        .filter(|name| !name.is_empty())
        .fold(start, |init, name| RequestInit { headers: init.headers.with(name, "value"), ..init })
}

fn judge<'a>(init: &RequestInit, answer: &'a Response) -> Result<Grant<'a>, String> {
    let judged = check_preflight_response(&request(init), answer);
    judged.map_err(|step| step.reason())
}

/// An answer that passes the CORS check of any mode.
fn shared(status: u16) -> Response {
    response(status, &[("Access-Control-Allow-Origin", PAGE)]).with("Access-Control-Allow-Credentials", "true")
}

/// Asserts what becomes of a fetch, given lines of one header in the answer.
#[track_caller]
fn judged(init: &RequestInit, header: &'static str, lines: &[&str], expected: &str) {
    let answer = lines.iter().fold(shared(204), |answer, line| answer.with(header, line));
    let reason = judge(init, &answer).map_or_else(|reason| reason, |_| GRANTED.to_owned());
    let expected = match expected {
        GRANTED => expected.to_owned(),
        step => format!("cors-preflight-fetch/{step}"),
    };
    assert_eq!(reason, expected, "{} {header}: {lines:?}", init.method);
}

#[track_caller]
fn method(method: &str, credentials: CredentialsMode, allowed: &str, expected: &str) {
    judged(&with(method, "", credentials), METHODS, &[allowed], expected);
}

#[track_caller]
fn names(names: &'static str, credentials: CredentialsMode, allowed: &str, expected: &str) {
    judged(&with("GET", names, credentials), HEADERS, &[allowed], expected);
}

#[test]
fn the_cors_check_comes_first_and_keeps_its_own_step() {
    for (credentials, origin, reason) in [
        (Omit, None, "cors-check/2"),
        (Omit, Some("https://b.example"), "cors-check/4"),
        (Include, Some("*"), "cors-check/4"),
        (Include, Some(PAGE), "cors-check/8"),
    ] {
        let mut answer = response(500, &[(METHODS, "@"), (HEADERS, "@")]);
        if let Some(origin) = origin {
            answer = answer.with("Access-Control-Allow-Origin", origin);
        }
        assert_eq!(judge(&with("PUT", "", credentials), &answer), Err(reason.into()));
    }
}

#[test]
fn a_status_of_200_to_299_will_do() {
    for status in [200, 201, 204, 206, 299] {
        let answer = shared(status).with(METHODS, "PUT");
        assert!(judge(&init("PUT"), &answer).is_ok(), "{status}");
    }
}

#[test]
fn any_other_status_refuses_before_a_list_is_read() {
    for status in [300, 301, 302, 304, 307, 400, 401, 403, 404, 405, 500, 503] {
        let answer = shared(status).with(METHODS, "@");
        let refused = Err("cors-preflight-fetch/8".to_owned());
        assert_eq!(judge(&init("PUT"), &answer), refused, "{status}");
    }
}

#[test]
fn an_interim_status_is_no_answer() {
    let answer = shared(199).with(METHODS, "PUT");
    let run = run(PAGE, API, &init("PUT"), &[answer]);
    assert_eq!(run.reason(), "http-network-fetch/8.5");
}

#[test]
fn a_redirected_preflight_is_not_followed() {
    let answer = shared(307).with("Location", "https://api.example/other");
    let run = run(PAGE, API, &init("PUT"), &[answer]);
    assert_eq!(run.sent.len(), 1);
    assert_eq!(run.reason(), "cors-preflight-fetch/8");
}

#[test]
fn a_list_that_does_not_parse_refuses_even_what_needs_no_listing() {
    let post = with("POST", "", Omit);
    for bad in "PUT PATCH|(PUT)|PUT, @|\"PUT\"|PUT;|x-a/1|PUT,\u{e9}|a:b|*;".split('|') {
        judged(&post, METHODS, &[bad], "7.3");
        judged(&post, HEADERS, &[bad], "7.3");
        judged(&post, METHODS, &["PUT", bad], "7.3");
        judged(&post, HEADERS, &[bad, "x-a"], "7.3");
    }
}

#[test]
fn several_lines_and_empty_elements_are_one_list() {
    let answer = [", PUT ,\t,", "", "PATCH"].iter().fold(shared(204), |a, line| a.with(METHODS, line));
    let answer = answer.with(HEADERS, "x-a,X-B");
    let grant = judge(&init("PUT"), &answer).expect("a grant");
    assert_eq!(grant.methods, ["PUT", "PATCH"]);
    assert_eq!(grant.header_names, ["x-a", "X-B"]);
}

#[test]
fn methods_are_compared_byte_for_byte() {
    method("PUT", Omit, "PUT", GRANTED);
    method("PUT", Omit, "put", "7.5");
    method("patch", Omit, "PATCH", "7.5");
    method("PATCH", Omit, "patch", "7.5");
    method("patch", Omit, "PATCH, patch", GRANTED);
    method("PATCH", Omit, "PATCHES, X-PATCH", "7.5");
    method("PATCH", Omit, "", "7.5");
}

#[test]
fn a_normalized_method_is_compared_as_it_is_sent() {
    method("put", Omit, "PUT", GRANTED);
    method("Delete", Omit, "DELETE", GRANTED);
    method("put", Omit, "put", "7.5");
}

#[test]
fn a_method_that_is_not_safelisted_needs_a_list() {
    judged(&init("PUT"), METHODS, &[], "7.5");
}

#[test]
fn safelisted_methods_need_no_listing() {
    for safe in ["GET", "HEAD", "POST"] {
        judged(&with(safe, "X-A", Include), HEADERS, &["x-a"], GRANTED);
        method(safe, Include, "PUT", GRANTED);
    }
}

#[test]
fn header_names_are_compared_without_case() {
    names("X-A", Omit, "x-a", GRANTED);
    names("x-a", Include, "X-A", GRANTED);
    names("X-Long-Name", Omit, "x-lONG-nAME", GRANTED);
}

#[test]
fn every_unsafe_name_must_be_listed() {
    names("x-a x-b", Omit, "x-b, x-a, x-c", GRANTED);
    for short in ["x-a", "x-b", "x_a, x-b", "x-aa, x-b", ""] {
        names("x-a x-b", Omit, short, "7.7");
    }
    judged(&with("GET", "x-a", Omit), HEADERS, &[], "7.7");
}

#[test]
fn safelisted_headers_need_no_listing() {
    judged(&with("PUT", "Accept Content-Language", Include), METHODS, &["PUT"], GRANTED);
}

#[test]
fn the_wildcard_counts_without_credentials() {
    for mode in [Omit, SameOrigin] {
        method("PUT", mode, "*", GRANTED);
        method("PUT", mode, "PATCH, *", GRANTED);
        names("x-a", mode, "*", GRANTED);
        names("x-a x-b", mode, "x-c, *", GRANTED);
    }
}

#[test]
fn with_credentials_the_wildcard_is_a_literal_name() {
    method("PUT", Include, "*", "7.5");
    names("x-a", Include, "*", "7.7");
    method("*", Include, "*", GRANTED);
    names("*", Include, "*", GRANTED);
}

#[test]
fn authorization_must_be_listed_by_name() {
    judged(&with("GET", "Authorization", Omit), HEADERS, &[], "7.6");
    for refused in ["", "*", "x-a", "*, x-authorization"] {
        names("Authorization", Omit, refused, "7.6");
    }
    for granted in ["Authorization", "*, authorization", "x-a,AUTHORIZATION"] {
        names("Authorization", Omit, granted, GRANTED);
        names("authorization", Include, granted, GRANTED);
    }
}

#[test]
fn the_wildcard_covers_authorization_in_browsers_and_not_in_the_standard() {
    let request = request(&with("GET", "Authorization", Omit));
    let answer = shared(204).with(HEADERS, "*");
    let covers = |agent: &Agent| agent.check_preflight_response(&request, &answer).is_ok();
    let names: Vec<_> = AGENTS.iter().filter(|agent| covers(agent)).map(|agent| agent.name).collect();
    assert_eq!(names, ["chromium", "firefox", "webkit"]);
}
