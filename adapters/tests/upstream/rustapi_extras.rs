//! rustapi-extras 0.2.2.

use bytes::Bytes;
use futures_executor::block_on;
use rustapi_core::{BodyVariant, PathParams, Request, Response, RustApi, get};
use rustapi_extras::cors::CorsLayer;

fn ask(cors: CorsLayer, method: &str, headers: &[(&str, &str)]) -> Response {
    let application = RustApi::new().layer(cors).route("/", get(|| async { "ok" })).request_dispatcher();
    let mut request = http::Request::builder().method(method).uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let body = BodyVariant::Buffered(Bytes::new());
    block_on(application.dispatch(Request::new(parts, body, application.state_ref(), PathParams::new())))
}

/// Expected: the application's own 405, as without the middleware.
#[test]
fn an_options_request_without_an_origin_is_answered() {
    let response = ask(CorsLayer::new(), "OPTIONS", &[("access-control-request-method", "PUT")]);
    assert_eq!(response.status(), 204);
}

/// Expected: `Vary: Origin`.
#[test]
fn an_answer_that_depends_on_the_origin_has_no_vary() {
    let cors = CorsLayer::new().allow_origins(["https://app.example"]);
    let response = ask(cors, "GET", &[("origin", "https://app.example")]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
    assert!(!response.headers().contains_key("vary"));
}

/// Expected: `*`, because the layer "allows everything".
#[test]
fn the_permissive_layer_exposes_nothing_of_use() {
    let response = ask(CorsLayer::permissive(), "GET", &[("origin", "https://app.example")]);
    assert_eq!(response.headers()["access-control-expose-headers"], "Content-Length, Content-Type");
}

/// Expected: no name, because the list is empty.
#[test]
fn no_headers_are_two() {
    let cors = CorsLayer::new().allow_origins(["https://app.example"]).allow_headers([""; 0]);
    let headers = [("origin", "https://app.example"), ("access-control-request-method", "PUT")];
    let response = ask(cors, "OPTIONS", &headers);
    assert_eq!(response.headers()["access-control-allow-headers"], "Content-Type, Authorization");
}

/// Expected: `*`, or a refusal to build. "Allow any origin (`Access-Control-Allow-Origin: *`)."
#[test]
fn any_origin_is_echoed_beside_credentials() {
    let cors = CorsLayer::new().allow_any_origin().allow_credentials(true);
    let response = ask(cors, "GET", &[("origin", "https://evil.example")]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://evil.example");
    assert_eq!(response.headers()["access-control-allow-credentials"], "true");
}

/// Expected: `*` for every request, or `Vary: Origin`. A cache reuses this answer for requests with an origin.
#[test]
fn the_star_is_left_out_without_an_origin() {
    let response = ask(CorsLayer::permissive(), "GET", &[]);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    assert!(!response.headers().contains_key("vary"));
}
