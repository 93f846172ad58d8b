//! The headers of the model server.

mod common;

use common::{API, HANDLER, PAGE, get, headers, init, policy, request_of, response, serve};
use cors_policy::server::{CorsHeaders, ModelServer};
use cors_reference::{header::HeaderValue, header_list::HeaderList, request::WireRequest};

fn wire(method: &str, pairs: &[(&str, &str)]) -> WireRequest {
    let url = request_of(PAGE, API, &init("GET")).current_url().clone();
    WireRequest { method: method.to_owned(), url, headers: headers(pairs), body: None }
}

/// Returns the response headers for a request.
fn answer(json: &str, method: &str, pairs: &[(&str, &str)]) -> HeaderList {
    serve(&ModelServer::new(policy(json)), &wire(method, pairs)).headers
}

/// Returns requests and preflights from a permitted origin, from refused origins, and without `Origin`.
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
fn a_static_origin_is_on_every_response_without_vary() {
    for (json, value) in [(r#"{"origins": "any"}"#, "*"), (r#"{"origins": ["https://app.example"]}"#, PAGE)] {
        for (method, pairs) in each_request() {
            let answer = answer(json, method, &pairs);
            assert_eq!(get(&answer, "Access-Control-Allow-Origin").as_deref(), Some(value), "{pairs:?}");
            assert_eq!(get(&answer, "Vary"), None, "{method} {pairs:?}");
        }
    }
}

#[test]
fn a_dynamic_origin_has_vary_on_every_response() {
    for origins in [r#""mirror""#, r#"["https://app.example", "null"]"#, r#"["https://*.example"]"#] {
        for (method, pairs) in each_request() {
            let answer = answer(&format!(r#"{{"origins": {origins}}}"#), method, &pairs);
            assert_eq!(get(&answer, "Vary").as_deref(), Some("Origin"), "{method} {pairs:?}");
        }
    }
}

#[test]
fn a_mirrored_preflight_has_vary_for_the_mirrored_headers() {
    let json = r#"{"origins": "any", "methods": "mirror", "request_headers": "mirror"}"#;
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "a,b")];
    let answer = answer(json, "OPTIONS", &pairs);
    assert_eq!(get(&answer, "Vary").as_deref(), Some("Access-Control-Request-Method, Access-Control-Request-Headers"));
    assert_eq!(get(&answer, "Access-Control-Allow-Methods").as_deref(), Some("PUT"));
    assert_eq!(get(&answer, "Access-Control-Allow-Headers").as_deref(), Some("a, b"));
}

#[test]
fn an_invalid_value_is_not_mirrored() {
    let json = r#"{"origins": "mirror", "methods": "mirror", "request_headers": "mirror"}"#;
    let pairs = [("Origin", "https://A.example"), ("Access-Control-Request-Method", "PUT")];
    assert_eq!(get(&answer(json, "OPTIONS", &pairs), "Access-Control-Allow-Origin"), None);
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "@"), ("Access-Control-Request-Headers", "a b")];
    let answer = answer(json, "OPTIONS", &pairs);
    assert_eq!(get(&answer, "Access-Control-Allow-Methods"), None);
    assert_eq!(get(&answer, "Access-Control-Allow-Headers"), None);
}

#[test]
fn an_invalid_origin_is_not_permitted() {
    let server = ModelServer::new(policy(r#"{"origins": "mirror"}"#));
    let mut not_utf_8 = wire("GET", &[]);
    not_utf_8.headers.append("Origin".parse().unwrap(), HeaderValue::from_wire(b"https://\xff"));
    let twice = wire("GET", &[("Origin", PAGE), ("Origin", PAGE)]);
    for request in [not_utf_8, twice, wire("GET", &[("Origin", "x://a:080")])] {
        assert!(!serve(&server, &request).headers.contains("Access-Control-Allow-Origin"), "{request:?}");
    }
}

#[test]
fn a_refused_origin_receives_no_cors_headers() {
    let json = r#"{"origins": ["https://app.example", "null"], "credentials": true, "methods": "any", "max_age": 5}"#;
    let pairs = [("Origin", "https://evil.test"), ("Access-Control-Request-Method", "PUT")];
    let answer = answer(json, "OPTIONS", &pairs);
    assert_eq!(answer, headers(&[("Vary", "Origin")]));
}

#[test]
fn a_wildcard_origin_has_no_credentials_header() {
    for (origins, allowed) in
        [(r#""any""#, None), (r#""mirror""#, Some("true")), (r#"["https://app.example"]"#, Some("true"))]
    {
        let json = format!(r#"{{"origins": {origins}, "credentials": true}}"#);
        let answer = answer(&json, "GET", &[("Origin", PAGE)]);
        assert_eq!(get(&answer, "Access-Control-Allow-Credentials").as_deref(), allowed, "{origins}");
    }
}

#[test]
fn a_plain_options_request_reaches_the_handler() {
    for pairs in [&[("Origin", PAGE)][..], &[("Access-Control-Request-Method", "PUT")], &[]] {
        let answer = answer(r#"{"origins": "any"}"#, "OPTIONS", pairs);
        assert_eq!(get(&answer, "X-A").as_deref(), Some("1"), "{pairs:?}");
    }
}

#[test]
fn an_empty_list_sends_no_header() {
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "PUT")];
    let any_origin = [("Access-Control-Allow-Origin", "*")];
    assert_eq!(answer(r#"{"origins": "any"}"#, "OPTIONS", &pairs), headers(&any_origin));
    assert_eq!(answer(r#"{"origins": "any"}"#, "GET", &pairs), headers(&[&HANDLER[..], &any_origin].concat()));
}

#[test]
fn max_age_is_sent_if_the_policy_has_it() {
    let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "PUT")];
    for (max_age, sent) in [("null", None), ("0", Some("0")), ("600", Some("600"))] {
        let json = format!(r#"{{"origins": "any", "max_age": {max_age}}}"#);
        assert_eq!(get(&answer(&json, "OPTIONS", &pairs), "Access-Control-Max-Age").as_deref(), sent);
    }
}

#[test]
fn a_private_network_is_granted_if_asked_for_and_permitted() {
    for (permitted, asked, sent) in [("true", "true", true), ("true", "1", false), ("false", "true", false)] {
        let json = format!(r#"{{"origins": "any", "private_network": {permitted}}}"#);
        let question = ("Access-Control-Request-Private-Network", asked);
        let pairs = [("Origin", PAGE), ("Access-Control-Request-Method", "GET"), question];
        let answer = answer(&json, "OPTIONS", &pairs);
        assert_eq!(answer.contains("Access-Control-Allow-Private-Network"), sent, "{permitted} {asked}");
    }
}

#[test]
fn cors_headers_of_the_handler_do_not_reach_a_refused_origin() {
    let mut answer = response(200, &[("Access-Control-Allow-Origin", "*"), ("X-A", "1")]);
    CorsHeaders { vary: vec!["Origin"], ..CorsHeaders::default() }.apply(&mut answer);
    assert_eq!(answer.headers, headers(&[("X-A", "1"), ("Vary", "Origin")]));
}

#[test]
fn apply_replaces_the_cors_headers_of_the_handler_and_keeps_its_vary() {
    let cors = CorsHeaders { set: headers(&[("Access-Control-Allow-Origin", PAGE)]), vary: vec!["Origin"] };
    let own = [("access-control-allow-origin", "*"), ("Vary", "Accept"), ("Access-Control-Allow-Origin", "*")];
    let mut answer = response(200, &own);
    cors.apply(&mut answer);
    assert_eq!(get(&answer.headers, "Access-Control-Allow-Origin").as_deref(), Some(PAGE));
    assert_eq!(get(&answer.headers, "Vary").as_deref(), Some("Accept, Origin"));
}
