//! tower-http 0.7.1, src/cors/mod.rs; 0.6.11 and 0.5.2 do the same.
#![cfg(feature = "tower-http")]

use std::convert::Infallible;

use futures_executor::block_on;
use http::{HeaderValue, Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Returns the answer of a layer around a service that answers 200 with `allow: the application's own`.
fn ask(layer: CorsLayer, method: &str, origin: &str) -> Response<String> {
    let service = service_fn(|_: Request<()>| async {
        let response = Response::builder().header("allow", "the application's own").body(String::new());
        Ok::<_, Infallible>(response.unwrap())
    });
    let request = Request::builder().method(method).header("origin", origin).body(()).unwrap();
    let Ok(response) = block_on(layer.layer(service).oneshot(request));
    response
}

/// Expected: the application answers, because a request without Access-Control-Request-Method is not a preflight. The
/// maintainers call this intended (issue 497).
#[test]
fn an_options_that_is_no_preflight_is_answered_by_the_layer() {
    let response = ask(CorsLayer::new(), "OPTIONS", "https://app.example");
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("allow"));
}

/// The recipe in the documentation of `CorsLayer::allow_origin` compares only the end of the origin. It therefore allows a
/// page that an attacker on the network serves without encryption.
#[test]
fn the_documented_recipe_for_subdomains_allows_http() {
    let recipe = AllowOrigin::predicate(|origin: &HeaderValue, _: &http::request::Parts| {
        origin.as_bytes().ends_with(b".rust-lang.org")
    });
    let response = ask(CorsLayer::new().allow_origin(recipe), "GET", "http://www.rust-lang.org");
    assert_eq!(response.headers()["access-control-allow-origin"], "http://www.rust-lang.org");
}
