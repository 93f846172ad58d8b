//! tide 0.16.0, src/security/cors.rs.

use futures_executor::block_on;
use tide::{
    Request,
    http::{Method, Request as HttpRequest, Response, Url},
    security::{CorsMiddleware, Origin},
};

/// Returns the answer of an application with a middleware.
fn ask(cors: CorsMiddleware, method: Method, headers: &[(&str, &str)]) -> Response {
    let mut application = tide::new();
    application.with(cors);
    application.at("/").all(|_: Request<()>| async { Ok("the application's own") });
    let mut request = HttpRequest::new(method, Url::parse("https://api.example/").unwrap());
    for (name, value) in headers {
        request.append_header(*name, *value);
    }
    block_on(application.respond(request)).unwrap()
}

fn two() -> CorsMiddleware {
    CorsMiddleware::new().allow_origin(Origin::from(vec!["https://app.example", "https://admin.example"]))
}

/// Expected: the application answers, because a request without Access-Control-Request-Method is not a preflight.
#[test]
fn an_options_that_is_no_preflight_is_answered() {
    let mut response = ask(two(), Method::Options, &[("origin", "https://app.example")]);
    assert_eq!(block_on(response.body_string()).unwrap(), "");
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    assert_eq!(ask(two(), Method::Post, &[("origin", "https://api.example")]).status(), 401);
}

/// Expected: `Vary: Origin`, because the answer depends on the origin.
#[test]
fn an_answer_that_depends_on_the_origin_does_not_vary() {
    let response = ask(two(), Method::Get, &[("origin", "https://app.example")]);
    assert_eq!(response["access-control-allow-origin"], "https://app.example");
    assert!(response.header("vary").is_none());
}

/// Expected: no header, because its only valid value is `true`.
#[test]
fn no_credentials_are_sent_as_false() {
    let response = ask(two().allow_credentials(false), Method::Get, &[("origin", "https://app.example")]);
    assert_eq!(response["access-control-allow-credentials"], "false");
}

/// Expected: `*`, as in the answer to the actual request. No browser accepts it with credentials.
#[test]
fn a_preflight_of_any_origin_is_answered_by_the_origin() {
    let cors = || CorsMiddleware::new().allow_origin("*").allow_credentials(true);
    let evil = ("origin", "https://evil.example");
    let response = ask(cors(), Method::Options, &[evil, ("access-control-request-method", "PUT")]);
    assert_eq!(response["access-control-allow-origin"], "https://evil.example");
    assert_eq!(response["access-control-allow-credentials"], "true");
    assert_eq!(ask(cors(), Method::Put, &[evil])["access-control-allow-origin"], "*");
}

/// Expected: `*` for every request, or `Vary: Origin`. A cache reuses this answer for requests with an origin.
#[test]
fn the_star_is_left_out_without_an_origin() {
    let response = ask(CorsMiddleware::new(), Method::Get, &[]);
    assert!(response.header("access-control-allow-origin").is_none());
    assert!(response.header("vary").is_none());
}

/// Expected: two methods, because methods are compared byte by byte.
#[test]
fn a_method_in_small_letters_is_the_one_in_capitals() {
    assert_eq!("options".parse::<Method>().unwrap(), Method::Options);
}
