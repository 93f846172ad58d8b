//! viz-core 0.11.0, src/middleware/cors.rs.

use futures_executor::block_on;
use viz_core::{
    Body, Handler, IntoResponse, Request, Response, Result, StatusCode, Transform, middleware::cors::Config,
};

/// Returns the answer of the middleware around a handler.
fn ask<F>(config: &Config, handler: F, method: &str, headers: &[(&str, &str)]) -> Result<Response>
where
    F: Fn() -> Result<Response> + Clone + Send + Sync + 'static,
{
    let mut request: Request = Request::new(Body::empty());
    *request.method_mut() = method.parse().unwrap();
    for (name, value) in headers {
        request.headers_mut().append(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
    }
    let respond = move |_: Request| {
        let handler = handler.clone();
        async move { handler() }
    };
    block_on(config.transform(respond).call(request))
}

fn app() -> Config {
    Config::new().allow_origins(["https://app.example"])
}

fn status(result: Result<Response>) -> StatusCode {
    result.unwrap_or_else(IntoResponse::into_response).status()
}

const FROM_APP: (&str, &str) = ("origin", "https://app.example");

/// Expected: the joined members, `Accept-Encoding, Origin`.
#[test]
fn vary_of_the_handler_is_lost() {
    let handler = || {
        let mut response = Response::new(Body::empty());
        response.headers_mut().insert("vary", "Accept-Encoding".parse().unwrap());
        Ok(response)
    };
    let response = ask(&app(), handler, "GET", &[FROM_APP]).unwrap();
    let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
    assert_eq!(vary, ["origin"]);
}

/// Expected: the error's response carries the same headers as other responses.
#[test]
fn errors_of_the_handler_carry_no_cors_headers() {
    let result = ask(&app(), || Err(StatusCode::NOT_FOUND.into_error()), "GET", &[FROM_APP]);
    let response = result.unwrap_or_else(IntoResponse::into_response);
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}

/// Expected: the handler answers, because a request without Access-Control-Request-Method is not a preflight.
#[test]
fn an_options_that_is_no_preflight_is_refused() {
    let result = ask(&app(), || Ok(Response::new(Body::empty())), "OPTIONS", &[FROM_APP]);
    assert_eq!(status(result), StatusCode::FORBIDDEN);
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let headers = [("host", "api.example"), ("origin", "https://api.example")];
    let result = ask(&app(), || Ok(Response::new(Body::empty())), "POST", &headers);
    assert_eq!(status(result), StatusCode::FORBIDDEN);
}

/// Expected: an answer, because `*` means any origin.
#[test]
fn the_default_refuses_every_origin() {
    let result = ask(&Config::new(), || Ok(Response::new(Body::empty())), "GET", &[FROM_APP]);
    assert_eq!(status(result), StatusCode::FORBIDDEN);
}

/// Expected: the header in the answer to a preflight.
#[test]
fn max_age_is_never_sent() {
    let headers = [FROM_APP, ("access-control-request-method", "PUT")];
    let response = ask(&app().max_age(600), || Ok(Response::new(Body::empty())), "OPTIONS", &headers).unwrap();
    assert!(!response.headers().contains_key("access-control-max-age"));
}

/// Expected: no header names. A browser caches the answer for five seconds and sends any header in that time.
#[test]
fn without_allowed_headers_a_preflight_that_asks_for_none_is_answered_by_all() {
    let headers = [FROM_APP, ("access-control-request-method", "PUT")];
    let response = ask(&app(), || Ok(Response::new(Body::empty())), "OPTIONS", &headers).unwrap();
    assert_eq!(response.headers()["access-control-allow-headers"], "*");
}

/// Expected: a refusal, because one of the names is not allowed.
#[test]
fn one_allowed_name_of_several_is_enough() {
    let headers =
        [FROM_APP, ("access-control-request-method", "PUT"), ("access-control-request-headers", "x-a,x-other")];
    let response =
        ask(&app().allow_headers(["x-a"]), || Ok(Response::new(Body::empty())), "OPTIONS", &headers).unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

/// Expected: `Vary: Origin`, because a request with an origin gets a different answer.
#[test]
fn an_answer_without_an_origin_does_not_vary() {
    let response = ask(&app(), || Ok(Response::new(Body::empty())), "GET", &[]).unwrap();
    assert!(!response.headers().contains_key("vary"));
}
