//! What does a redirect take from the request, and what does the next one carry?

mod common;

use common::{PAGE, headers, init, response, run};
use cors_reference::{
    fetch::Verdict,
    request::{CredentialsMode, Mode, RequestInit},
    response::Response,
};

const A: &str = "https://app.example";
const B: &str = "https://b.example";
const C: &str = "https://c.example";

/// An answer that every page may read, and every preflight be content with.
fn ok() -> Response {
    let star = |name| (name, "*");
    let names = ["Origin", "Methods", "Headers"];
    let names = names.map(|name| format!("Access-Control-Allow-{name}"));
    response(200, &names.each_ref().map(|name| star(name.as_str())))
}

fn to(status: u16, location: &str) -> Response {
    Response { status, ..ok().with("Location", location) }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The `Origin` of each `GET` by page A that visits these origins in turn.
fn origins(visited: &[&str]) -> Vec<Option<String>> {
    let mut answers: Vec<_> = visited[1..].iter().map(|next| to(302, next)).collect();
    answers.push(ok());
    run(A, visited[0], &init("GET"), &answers).each("Origin")
}

/// A page's fetch of its own origin, redirected within it: what comes second.
fn second(status: u16, init: &RequestInit) -> (String, Option<Vec<u8>>, Vec<String>) {
    let run = run(PAGE, A, init, &[to(status, "/next"), ok()]);
    let next = &run.sent[1].1;
    let names = next.headers.iter().map(|(name, _)| name.to_string());
    (next.method.clone(), next.body.clone(), names.collect())
}

#[test]
fn leaving_another_origin_for_yet_another_makes_the_origin_null() {
    assert_eq!(origins(&[B, C]), [some(A), some("null")]);
}

#[test]
fn leaving_another_origin_for_the_pages_own_makes_the_origin_null() {
    assert_eq!(origins(&[B, A]), [some(A), some("null")]);
}

#[test]
fn leaving_the_pages_own_origin_does_not() {
    assert_eq!(origins(&[A, B]), [None, some(A)]);
    assert_eq!(origins(&[A, A]), [None, None]);
}

#[test]
fn staying_within_another_origin_does_not() {
    assert_eq!(origins(&[B, B]), [some(A), some(A)]);
    assert_eq!(origins(&[B, B, C]), [some(A), some(A), some("null")]);
}

#[test]
fn a_null_origin_stays_null() {
    assert_eq!(origins(&[A, B, C]), [None, some(A), some("null")]);
    assert_eq!(origins(&[B, C, C]), [some(A), some("null"), some("null")]);
    assert_eq!(origins(&[B, A, A]), [some(A), some("null"), some("null")]);
    assert_eq!(origins(&[B, C, B, A]).last(), Some(&some("null")));
}

#[test]
fn another_port_scheme_or_subdomain_is_yet_another_origin() {
    for next in ["https://b.example:8443", "http://b.example", "https://x.b.example"] {
        assert_eq!(origins(&[B, next]), [some(A), some("null")], "{next}");
    }
    assert_eq!(origins(&[B, "https://b.example:443"]), [some(A), some(A)]);
}

#[test]
fn a_tainted_answer_is_shared_with_null_and_not_with_the_page() {
    let init = RequestInit { credentials: CredentialsMode::Include, ..init("GET") };
    let share = |answer: Response, origin: &str| {
        answer.with("Access-Control-Allow-Origin", origin).with("Access-Control-Allow-Credentials", "true")
    };
    let away = share(Response::new(302).with("Location", C), A);
    for (origin, verdict, reason) in [
        (A, Verdict::NetworkError, "cors-check/4"),
        ("*", Verdict::NetworkError, "cors-check/4"),
        ("null", Verdict::Readable, "cors-check/7"),
    ] {
        let run = run(PAGE, B, &init, &[away.clone(), share(Response::new(200), origin)]);
        assert_eq!((run.verdict(), run.reason().as_str()), (verdict, reason), "{origin}");
    }
}

#[test]
fn authorization_goes_when_the_origin_changes() {
    let page = [("Authorization", "secret"), ("X-A", "1")];
    let init = RequestInit { headers: headers(&page), ..init("GET") };
    let own = run(PAGE, A, &init, &[to(302, "/next"), to(302, B), ok(), ok()]);
    assert_eq!(own.each("Authorization"), [some("secret"), some("secret"), None, None]);
    assert_eq!(own.each("X-A"), [some("1"), some("1"), None, some("1")]);
    assert_eq!(own.each("Access-Control-Request-Headers")[2], some("x-a"));
}

#[test]
fn authorization_does_not_come_back() {
    let init = RequestInit { headers: headers(&[("authorization", "secret")]), ..init("GET") };
    let run = run(PAGE, A, &init, &[to(302, B), to(302, A), ok()]);
    assert_eq!(run.each("Authorization"), [some("secret"), None, None]);
}

#[test]
fn post_becomes_get_at_301_302_and_303() {
    for (status, method) in [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")] {
        assert_eq!(second(status, &init("POST")).0, method, "{status}");
    }
}

#[test]
fn any_other_method_becomes_get_at_303_alone() {
    for method in ["PUT", "DELETE", "patch", "OPTIONS"] {
        assert_eq!(second(303, &init(method)).0, "GET", "{method}");
        for status in [301, 302, 307, 308] {
            assert_eq!(second(status, &init(method)).0, method, "{status}");
        }
    }
}

#[test]
fn get_and_head_stay_what_they_are() {
    for status in [301, 302, 303, 307, 308] {
        assert_eq!(second(status, &init("GET")).0, "GET", "{status}");
        assert_eq!(second(status, &init("HEAD")).0, "HEAD", "{status}");
    }
}

#[test]
fn the_body_and_its_headers_go_with_the_method() {
    let page = ["Content-Encoding", "content-language", "Content-Location", "X-A", "Accept"];
    let page = page.map(|name| (name, "en"));
    let body = Some("text".to_owned());
    let init = RequestInit { headers: headers(&page), body, ..init("POST") };
    let (_, body, names) = second(302, &init);
    assert_eq!((body, names.join(" ").as_str()), (None, "X-A Accept"));
    let (_, body, names) = second(307, &init);
    assert_eq!(body.as_deref(), Some(&b"text"[..]));
    assert_eq!(names.len(), page.len() + ["Content-Type", "Origin"].len());
}

#[test]
fn a_kept_method_asks_again_with_the_origin_of_then() {
    let run = run(PAGE, B, &init("PUT"), &[ok(), to(307, C), ok(), ok()]);
    let (b, c) = ("https://b.example/", "https://c.example/");
    let lines = ["OPTIONS", "PUT"].map(|method| [format!("{method} {b}"), format!("{method} {c}")]);
    let [[ask_b, ask_c], [put_b, put_c]] = lines;
    assert_eq!(run.lines(), [ask_b, put_b, ask_c, put_c]);
    assert_eq!(run.each("Origin"), [some(A), some(A), some("null"), some("null")]);
}

#[test]
fn leaving_the_pages_own_origin_asks_for_the_first_time() {
    let run = run(PAGE, A, &init("PUT"), &[to(307, B), ok(), ok()]);
    let methods: Vec<_> = run.sent.iter().map(|(_, request)| request.method.as_str()).collect();
    assert_eq!(methods, ["PUT", "OPTIONS", "PUT"]);
    assert_eq!(run.each("Origin"), [some(A), some(A), some(A)]);
}

#[test]
fn a_method_that_became_get_does_not_ask() {
    let run = run(PAGE, B, &init("PUT"), &[ok(), to(303, C), ok()]);
    assert_eq!(run.sent[2].1.method, "GET");
    assert_eq!(run.verdict(), Verdict::Readable);
}

#[test]
fn an_unsafe_header_asks_again_even_of_the_same_server() {
    let init = RequestInit { headers: headers(&[("X-A", "1")]), ..init("GET") };
    let run = run(PAGE, B, &init, &[ok(), to(302, "/next"), ok(), ok()]);
    let methods: Vec<_> = run.sent.iter().map(|(_, request)| request.method.as_str()).collect();
    assert_eq!(methods, ["OPTIONS", "GET", "OPTIONS", "GET"]);
}

#[test]
fn a_preflight_refused_after_a_redirect_ends_the_fetch() {
    let bare = response(200, &[("Access-Control-Allow-Origin", "*")]);
    let run = run(PAGE, B, &init("PUT"), &[ok(), to(307, C), bare]);
    assert_eq!(run.verdict(), Verdict::NetworkError);
    assert_eq!(run.reason(), "cors-preflight-fetch/7.5");
}

#[test]
fn a_no_cors_fetch_never_asks_and_stays_opaque() {
    let init = RequestInit { mode: Mode::NoCors, ..init("GET") };
    let run = run(PAGE, B, &init, &[to(302, C), to(302, A), ok()]);
    assert_eq!(run.each("Origin"), [None, None, None]);
    assert_eq!(run.verdict(), Verdict::Opaque);
}
