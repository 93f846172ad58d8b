//! Does the model server, met by a standard browser, do what its policy says?

mod common;

use common::{API, PAGE, drive, get, headers, init, policy, request_of};
use cors_reference::{
    fetch::{Browser, Kind, Verdict},
    header::HeaderValue,
    header_list::HeaderList,
    intent::{Exposure, Intent, exposure, intent},
    policy::Policy,
    preflight::needs_preflight,
    request::CredentialsMode::{Include, Omit, SameOrigin},
    request::{RequestInit, WireRequest},
    response::Response,
    server::{Answer, CorsHeaders, ModelServer},
};
use proptest::{prelude::*, sample::select};

const HANDLER: [(&str, &str); 4] = [("X-A", "1"), ("X-B", "2"), ("Set-Cookie", "3"), ("Content-Type", "text/plain")];

fn serve(server: &ModelServer, request: &WireRequest) -> Response {
    match server.answer(request) {
        Answer::Preflight(response) => response,
        Answer::Forward(cors) => {
            let mut response = common::response(200, &HANDLER);
            cors.apply(&mut response);
            response
        }
    }
}

fn policies() -> impl Strategy<Value = Policy> {
    let wish = |lists: &[&'static str]| select([&[r#""any""#, r#""mirror""#, "[]"], lists].concat());
    let origins = wish(&[
        r#"["https://app.example"]"#,
        r#"["https://app.example", "https://b.example"]"#,
        r#"["https://*.example"]"#,
        r#"["https://app.example:*", "null"]"#,
        r#"["null"]"#,
    ]);
    let methods = wish(&[r#"["PUT"]"#, r#"["patch", "DELETE"]"#]);
    let names = wish(&[r#"["X-A"]"#, r#"["authorization", "x-b"]"#]);
    let exposed = select(vec![r#""any""#, "[]", r#"["x-a"]"#, r#"["X-A", "Set-Cookie"]"#]);
    (origins, any::<bool>(), methods, names, exposed).prop_map(|(origins, credentials, methods, names, exposed)| {
        policy(&format!(
            r#"{{"origins": {origins}, "credentials": {credentials}, "methods": {methods},
                "request_headers": {names}, "exposed_headers": {exposed}}}"#
        ))
    })
}

fn pages() -> impl Strategy<Value = &'static str> {
    select(vec![
        PAGE,
        "https://b.example",
        "https://app.example:8443",
        "http://app.example",
        "https://evil.test",
        "null",
        "https://api.example",
    ])
}

fn fetches() -> impl Strategy<Value = RequestInit> {
    let names = proptest::sample::subsequence(vec!["X-A", "x-b", "Authorization", "Accept"], 0..=4);
    let methods = select(vec!["GET", "POST", "PUT", "patch", "PATCH", "OPTIONS"]);
    (methods, names, select(vec![Omit, SameOrigin, Include])).prop_map(|(method, names, credentials)| {
        let pairs: Vec<_> = names.into_iter().map(|name| (name, "value")).collect();
        RequestInit { headers: headers(&pairs), credentials, ..init(method) }
    })
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_page_reads_what_is_permitted_and_nothing_that_is_denied(
        policy in policies(), page in pages(), init in fetches()
    ) {
        let request = request_of(page, API, &init);
        let server = ModelServer::new(policy.clone());
        let run = drive(&mut Browser::default(), page, API, &init, 0, |request| serve(&server, request));
        match intent(&policy, &request) {
            Intent::Permit => prop_assert_eq!(run.verdict(), Verdict::Readable, "{}", run.outcome.explanation),
            Intent::Deny(_) => {
                prop_assert_eq!(run.verdict(), Verdict::NetworkError, "{}", run.reason());
                let sent = run.sent.iter().filter(|(kind, _)| *kind == Kind::Actual).count();
                prop_assert_eq!(sent, usize::from(!needs_preflight(&request)));
            }
            Intent::Unspecified(_) => {}
        }
    }

    #[test]
    fn a_page_reads_the_headers_that_are_exposed_and_no_other(
        policy in policies(), page in pages(), init in fetches()
    ) {
        let server = ModelServer::new(policy.clone());
        let run = drive(&mut Browser::default(), page, API, &init, 0, |request| serve(&server, request));
        let is_readable = run.verdict() == Verdict::Readable;
        let request = request_of(page, API, &init);
        for (name, _) in HANDLER {
            let read = run.outcome.readable_headers.contains(name);
            match exposure(&policy, &request, &name.parse().unwrap()) {
                Exposure::Readable => prop_assert_eq!(read, is_readable, "{}", name),
                Exposure::Hidden => prop_assert!(!read, "{}", name),
                Exposure::Unspecified(_) => {}
            }
        }
    }

    #[test]
    fn a_second_fetch_ends_as_the_first(policy in policies(), page in pages(), init in fetches()) {
        let (server, browser) = (ModelServer::new(policy), &mut Browser::default());
        let mut fetch = || drive(browser, page, API, &init, 0, |request| serve(&server, request)).outcome;
        prop_assert_eq!(fetch(), fetch());
    }
}

fn wire(method: &str, pairs: &[(&str, &str)]) -> WireRequest {
    let url = request_of(PAGE, API, &init("GET")).current_url().clone();
    WireRequest { method: method.to_owned(), url, headers: headers(pairs), body: None }
}

/// The headers of the answer to a request.
fn answer(json: &str, method: &str, pairs: &[(&str, &str)]) -> HeaderList {
    serve(&ModelServer::new(policy(json)), &wire(method, pairs)).headers
}

/// Requests of a permitted origin, a refused one and none; plain ones and preflights.
fn each_request() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let origins = [Some(PAGE), Some("https://evil.test"), Some("null"), Some(""), None];
    let asked = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-a")];
    let requests = origins.into_iter().flat_map(|origin| {
        let origin: Vec<_> = origin.map(|origin| ("Origin", origin)).into_iter().collect();
        [("GET", origin.clone()), ("OPTIONS", [&origin[..], &asked].concat())]
    });
    requests.collect()
}

#[test]
fn a_static_origin_is_on_every_answer_without_vary() {
    for (json, value) in [(r#"{"origins": "any"}"#, "*"), (r#"{"origins": ["https://app.example"]}"#, PAGE)] {
        for (method, pairs) in each_request() {
            let answer = answer(json, method, &pairs);
            assert_eq!(get(&answer, "Access-Control-Allow-Origin").as_deref(), Some(value), "{pairs:?}");
            assert_eq!(get(&answer, "Vary"), None, "{method} {pairs:?}");
        }
    }
}

#[test]
fn a_dynamic_origin_varies_on_every_answer() {
    for origins in [r#""mirror""#, r#"["https://app.example", "null"]"#, r#"["https://*.example"]"#] {
        for (method, pairs) in each_request() {
            let answer = answer(&format!(r#"{{"origins": {origins}}}"#), method, &pairs);
            assert_eq!(get(&answer, "Vary").as_deref(), Some("Origin"), "{method} {pairs:?}");
        }
    }
}

#[test]
fn a_mirrored_preflight_varies_with_what_it_mirrors() {
    let json = r#"{"origins": "any", "methods": "mirror", "request_headers": "mirror"}"#;
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "a,b")];
    let answer = answer(json, "OPTIONS", &pairs);
    assert_eq!(get(&answer, "Vary").as_deref(), Some("Access-Control-Request-Method, Access-Control-Request-Headers"));
    assert_eq!(get(&answer, "Access-Control-Allow-Methods").as_deref(), Some("PUT"));
    assert_eq!(get(&answer, "Access-Control-Allow-Headers").as_deref(), Some("a, b"));
}

#[test]
fn what_does_not_parse_is_not_mirrored() {
    let json = r#"{"origins": "mirror", "methods": "mirror", "request_headers": "mirror"}"#;
    let pairs = [("Origin", "https://A.example"), ("Access-Control-Request-Method", "PUT")];
    assert_eq!(get(&answer(json, "OPTIONS", &pairs), "Access-Control-Allow-Origin"), None);
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "@"), ("Access-Control-Request-Headers", "a b")];
    let answer = answer(json, "OPTIONS", &pairs);
    assert_eq!(get(&answer, "Access-Control-Allow-Methods"), None);
    assert_eq!(get(&answer, "Access-Control-Allow-Headers"), None);
}

#[test]
fn a_hostile_origin_is_nobodys() {
    let server = ModelServer::new(policy(r#"{"origins": "mirror"}"#));
    let mut not_utf_8 = wire("GET", &[]);
    not_utf_8.headers.append("Origin".parse().unwrap(), HeaderValue::from_wire(b"https://\xff"));
    let twice = wire("GET", &[("Origin", PAGE), ("Origin", PAGE)]);
    for request in [not_utf_8, twice, wire("GET", &[("Origin", "x://a:+80")])] {
        assert!(!serve(&server, &request).headers.contains("Access-Control-Allow-Origin"), "{request:?}");
    }
}

#[test]
fn a_refused_origin_is_told_nothing() {
    let json = r#"{"origins": ["https://app.example", "null"], "credentials": true, "methods": "any", "max_age": 5}"#;
    let pairs = [("Origin", "https://evil.test"), ("Access-Control-Request-Method", "PUT")];
    let answer = answer(json, "OPTIONS", &pairs);
    assert_eq!(answer, headers(&[("Vary", "Origin")]));
}

#[test]
fn credentials_are_never_allowed_beside_the_wildcard() {
    for (origins, allowed) in
        [(r#""any""#, None), (r#""mirror""#, Some("true")), (r#"["https://app.example"]"#, Some("true"))]
    {
        let json = format!(r#"{{"origins": {origins}, "credentials": true}}"#);
        let answer = answer(&json, "GET", &[("Origin", PAGE)]);
        assert_eq!(get(&answer, "Access-Control-Allow-Credentials").as_deref(), allowed, "{origins}");
    }
}

#[test]
fn an_options_request_that_is_no_preflight_reaches_the_handler() {
    for pairs in [&[("Origin", PAGE)][..], &[("Access-Control-Request-Method", "PUT")], &[]] {
        let answer = answer(r#"{"origins": "any"}"#, "OPTIONS", pairs);
        assert_eq!(get(&answer, "X-A").as_deref(), Some("1"), "{pairs:?}");
    }
}

#[test]
fn max_age_is_sent_if_it_is_wished_for() {
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "PUT")];
    for (max_age, sent) in [("null", None), ("0", Some("0")), ("600", Some("600"))] {
        let json = format!(r#"{{"origins": "any", "max_age": {max_age}}}"#);
        assert_eq!(get(&answer(&json, "OPTIONS", &pairs), "Access-Control-Max-Age").as_deref(), sent);
    }
}

#[test]
fn a_private_network_is_opened_to_who_asks_and_by_who_wishes() {
    for (wished, asked, sent) in [("true", "true", true), ("true", "1", false), ("false", "true", false)] {
        let json = format!(r#"{{"origins": "any", "private_network": {wished}}}"#);
        let asks = ("Access-Control-Request-Private-Network", asked);
        let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "GET"), asks];
        let answer = answer(&json, "OPTIONS", &pairs);
        assert_eq!(answer.contains("Access-Control-Allow-Private-Network"), sent, "{wished} {asked}");
    }
}

#[test]
fn a_handlers_own_cors_headers_do_not_reach_a_refused_origin() {
    let mut response = common::response(200, &[("Access-Control-Allow-Origin", "*"), ("X-A", "1")]);
    CorsHeaders { vary: vec!["Origin"], ..CorsHeaders::default() }.apply(&mut response);
    assert_eq!(response.headers, headers(&[("X-A", "1"), ("Vary", "Origin")]));
}

#[test]
fn applying_replaces_the_handlers_cors_headers_and_keeps_its_vary() {
    let cors = CorsHeaders { set: headers(&[("Access-Control-Allow-Origin", PAGE)]), vary: vec!["Origin"] };
    let own = [("access-control-allow-origin", "*"), ("Vary", "Accept"), ("Access-Control-Allow-Origin", "*")];
    let mut response = common::response(200, &own);
    cors.apply(&mut response);
    assert_eq!(get(&response.headers, "Access-Control-Allow-Origin").as_deref(), Some(PAGE));
    assert_eq!(get(&response.headers, "Vary").as_deref(), Some("Accept, Origin"));
}
