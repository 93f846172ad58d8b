//! rama-http 0.3.0-alpha.4.

use futures_executor::block_on;
use rama_core::{Layer, Service};
use rama_http::{Body, Request, Response, layer::cors::CorsLayer, service::web::Router};

fn ask(cors: CorsLayer, request: Request) -> Response {
    let application = cors.into_layer(Router::new().with_get("/", "ok"));
    block_on(application.serve(request)).unwrap()
}

/// Expected: the application's own answer, a 404 here, because the request is not a CORS-preflight request.
#[test]
fn every_options_request_is_answered() {
    let request = Request::builder().method("OPTIONS").uri("/").body(Body::empty()).unwrap();
    assert_eq!(ask(CorsLayer::new(), request).status(), 200);
}

/// Expected: no such header, because the request has no `Origin`.
#[test]
fn null_is_allowed_where_nobody_asked() {
    let request = Request::builder().uri("/").body(Body::empty()).unwrap();
    let response = ask(CorsLayer::new().with_allow_origin_if_null(), request);
    assert_eq!(response.headers()["access-control-allow-origin"], "null");
}

/// Expected: the origin, because the standard allows a quote in a host.
#[test]
fn an_origin_with_a_quote_in_its_host_is_refused() {
    let request = Request::builder().uri("/").header("origin", "https://a\".example").body(Body::empty()).unwrap();
    let response = ask(CorsLayer::very_permissive(), request);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}
