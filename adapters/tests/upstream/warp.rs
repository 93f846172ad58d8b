//! warp 0.4.3, src/filters/cors.rs.

use futures_executor::block_on;
use http::{Request, Response, StatusCode};
use tower::Service;
use warp::{Filter, filters::BoxedFilter, reply::Response as WarpResponse};

/// What a filter answers.
fn ask(filter: BoxedFilter<(impl warp::Reply + 'static,)>, method: &str, headers: &[(&str, &str)]) -> WarpResponse {
    let mut request = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(http_body_util::Full::new(bytes::Bytes::new())).unwrap();
    let Ok(response) = block_on(warp::service(filter).call(request));
    response
}

fn app() -> warp::filters::cors::Builder {
    warp::cors().allow_origins(["https://app.example", "https://admin.example"]).allow_method("PUT")
}

/// A rejection becomes a response outside of the filter; it should have the headers that any answer has.
#[test]
fn rejections_carry_no_cors_headers() {
    let filter = warp::path("elsewhere").map(warp::reply).with(app()).boxed();
    let response = ask(filter, "GET", &[("origin", "https://app.example")]);
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// An answer that depends on the origin should say `Vary: Origin`, so that a cache keeps them apart.
#[test]
fn an_answer_that_depends_on_the_origin_does_not_vary() {
    let response = ask(warp::any().map(warp::reply).with(app()).boxed(), "GET", &[("origin", "https://app.example")]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
    assert!(!response.headers().contains_key("vary"));
}

/// A browser sends `Origin` with every POST, to the page's own origin too.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let filter = warp::any().map(warp::reply).with(app()).boxed();
    let response = ask(filter, "POST", &[("host", "api.example"), ("origin", "https://api.example")]);
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

/// A page that was granted OPTIONS by a preflight should be able to read the answer to it.
#[test]
fn an_actual_options_of_an_allowed_origin_gets_no_headers() {
    let response =
        ask(warp::any().map(warp::reply).with(app()).boxed(), "OPTIONS", &[("origin", "https://app.example")]);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// The standard's note on `Origin` again: an OPTIONS that is no preflight is the application's.
#[test]
fn an_options_of_the_own_origin_is_refused() {
    let filter = warp::any().map(|| Response::new("the application's own")).with(app()).boxed();
    let response = ask(filter, "OPTIONS", &[("host", "api.example"), ("origin", "https://api.example")]);
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}
