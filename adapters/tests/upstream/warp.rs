//! warp 0.4.3, src/filters/cors.rs.

use futures_executor::block_on;
use http::{Request, Response, StatusCode};
use tower::Service;
use warp::{Filter, filters::BoxedFilter, reply::Response as WarpResponse};

/// Returns the answer of a filter.
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

/// Expected: the headers of other answers. Warp turns a rejection into a response outside the filter.
#[test]
fn rejections_carry_no_cors_headers() {
    let filter = warp::path("elsewhere").map(warp::reply).with(app()).boxed();
    let response = ask(filter, "GET", &[("origin", "https://app.example")]);
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// Expected: `Vary: Origin`, because the answer depends on the origin.
#[test]
fn an_answer_that_depends_on_the_origin_does_not_vary() {
    let response = ask(warp::any().map(warp::reply).with(app()).boxed(), "GET", &[("origin", "https://app.example")]);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
    assert!(!response.headers().contains_key("vary"));
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let filter = warp::any().map(warp::reply).with(app()).boxed();
    let response = ask(filter, "POST", &[("host", "api.example"), ("origin", "https://api.example")]);
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

/// Expected: the headers, because a page that may use OPTIONS has to be able to read the answer.
#[test]
fn an_actual_options_of_an_allowed_origin_gets_no_headers() {
    let response =
        ask(warp::any().map(warp::reply).with(app()).boxed(), "OPTIONS", &[("origin", "https://app.example")]);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// Expected: the application answers, because an OPTIONS that is not a preflight belongs to it.
#[test]
fn an_options_of_the_own_origin_is_refused() {
    let filter = warp::any().map(|| Response::new("the application's own")).with(app()).boxed();
    let response = ask(filter, "OPTIONS", &[("host", "api.example"), ("origin", "https://api.example")]);
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}
