//! poem 3.1.12, src/middleware/cors.rs.

use futures_executor::block_on;
use poem::{
    Endpoint, EndpointExt, Request, Response,
    endpoint::make_sync,
    http::{HeaderValue, Method, StatusCode},
    middleware::Cors,
};

/// Returns the answer of a middleware around an endpoint that answers 200 with its own `Vary`.
fn ask(cors: Cors, method: Method, headers: &[(&'static str, &[u8])]) -> Response {
    let inner = make_sync(|_| Response::builder().header("vary", "Accept-Language").body("the application's own"));
    let mut request = Request::builder().method(method).uri_str("/").finish();
    for (name, value) in headers {
        request.headers_mut().append(*name, HeaderValue::from_bytes(value).unwrap());
    }
    block_on(inner.with(cors).get_response(request))
}

const APP: (&str, &[u8]) = ("origin", b"https://app.example");

fn app() -> Cors {
    Cors::new().allow_origin("https://app.example")
}

/// Expected: the joined members, `Accept-Language, Origin`.
#[test]
fn vary_of_the_handler_is_replaced() {
    let response = ask(Cors::new().allow_origin_regex("https://*.example"), Method::GET, &[APP]);
    assert_eq!(response.headers().get_all("vary").iter().collect::<Vec<_>>(), ["Origin"]);
}

/// Expected: `Vary: Origin`, because the answer depends on the origin.
#[test]
fn an_answer_by_a_list_does_not_vary_by_origin() {
    let response = ask(app().allow_origin("https://admin.example"), Method::GET, &[APP]);
    assert_eq!(response.headers()["vary"], "Accept-Language");
}

/// Expected: a refusal, because one of the names is not allowed.
#[test]
fn one_allowed_name_of_several_is_enough() {
    let asks =
        [APP, ("access-control-request-method", &b"GET"[..]), ("access-control-request-headers", b"x-a,x-other")];
    assert_eq!(ask(app().allow_header("x-a"), Method::OPTIONS, &asks).status(), StatusCode::OK);
}

/// Expected: the requested method. "The default is to allow any method".
#[test]
fn any_method_is_answered_by_nine() {
    let response = ask(app(), Method::OPTIONS, &[APP, ("access-control-request-method", b"PROPFIND")]);
    assert_eq!(response.status(), StatusCode::OK);
    assert!(!response.headers()["access-control-allow-methods"].to_str().unwrap().contains("PROPFIND"));
}

/// Expected: the application answers, because a request without Access-Control-Request-Method is not a preflight.
#[test]
fn an_options_that_is_no_preflight_is_refused() {
    assert_eq!(ask(app(), Method::OPTIONS, &[APP]).status(), StatusCode::FORBIDDEN);
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let headers = [("host", &b"api.example"[..]), ("origin", b"https://api.example")];
    assert!(ask(app(), Method::POST, &headers).status().is_client_error());
}

/// Expected: an answer, because an invalid request should not end the connection.
#[test]
#[should_panic(expected = "ToStrError")]
fn an_origin_that_is_no_text_panics_beside_a_glob() {
    ask(Cors::new().allow_origin_regex("https://*.example"), Method::GET, &[("origin", b"https://\xe9.example")]);
}

/// Expected: a refusal, because `*` matches labels of a host, as in the documentation's `https://*.domain.url`. Here
/// it matches any text.
#[test]
fn a_glob_takes_an_origin_with_a_port_of_its_own() {
    let cors = || Cors::new().allow_origin_regex("https://*.app.example");
    let response = ask(cors(), Method::GET, &[("origin", b"https://evil.example:1.app.example")]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://evil.example:1.app.example");
}

/// Expected: `Vary: Origin`. Without it, a cache reuses the answer to an image request for a `fetch()`.
#[test]
fn an_answer_without_an_origin_does_not_vary() {
    assert_eq!(ask(Cors::new(), Method::GET, &[]).headers()["vary"], "Accept-Language");
    assert_eq!(ask(Cors::new(), Method::GET, &[APP]).headers()["vary"], "Origin");
}

/// Expected: a refusal, because the host has no label instead of the `*`.
#[test]
fn a_glob_takes_a_host_without_a_label() {
    let cors = Cors::new().allow_origin_regex("https://*.shop.example");
    let response = ask(cors, Method::GET, &[("origin", b"https://.shop.example")]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://.shop.example");
}
