//! tide 0.16.0, src/security/cors.rs.

use futures_executor::block_on;
use tide::{
    Request,
    http::{Method, Request as HttpRequest, Response, Url},
    security::{CorsMiddleware, Origin},
};

/// What an application with that middleware answers.
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

/// Without Access-Control-Request-Method it is no preflight, and the application's.
#[test]
fn an_options_that_is_no_preflight_is_answered() {
    let mut response = ask(two(), Method::Options, &[("origin", "https://app.example")]);
    assert_eq!(block_on(response.body_string()).unwrap(), "");
}

/// A browser sends `Origin` with every POST, to the page's own origin too.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    assert_eq!(ask(two(), Method::Post, &[("origin", "https://api.example")]).status(), 401);
}

/// An answer that depends on the origin should say `Vary: Origin`, so that a cache keeps them apart.
#[test]
fn an_answer_that_depends_on_the_origin_does_not_vary() {
    let response = ask(two(), Method::Get, &[("origin", "https://app.example")]);
    assert_eq!(response["access-control-allow-origin"], "https://app.example");
    assert!(response.header("vary").is_none());
}

/// The header is `true` or is not there.
#[test]
fn no_credentials_are_sent_as_false() {
    let response = ask(two().allow_credentials(false), Method::Get, &[("origin", "https://app.example")]);
    assert_eq!(response["access-control-allow-credentials"], "false");
}

/// Right would be: `*`, as the answer to the request behind it has, which no browser takes beside credentials.
#[test]
fn a_preflight_of_any_origin_is_answered_by_the_origin() {
    let cors = || CorsMiddleware::new().allow_origin("*").allow_credentials(true);
    let evil = ("origin", "https://evil.example");
    let response = ask(cors(), Method::Options, &[evil, ("access-control-request-method", "PUT")]);
    assert_eq!(response["access-control-allow-origin"], "https://evil.example");
    assert_eq!(response["access-control-allow-credentials"], "true");
    assert_eq!(ask(cors(), Method::Put, &[evil])["access-control-allow-origin"], "*");
}

/// Right would be: `*` for everyone, or `Vary: Origin`; a cache keeps this answer for those who do have an origin.
#[test]
fn the_star_is_left_out_without_an_origin() {
    let response = ask(CorsMiddleware::new(), Method::Get, &[]);
    assert!(response.header("access-control-allow-origin").is_none());
    assert!(response.header("vary").is_none());
}

/// Methods are compared byte for byte; `options` is another one.
#[test]
fn a_method_in_small_letters_is_the_one_in_capitals() {
    assert_eq!("options".parse::<Method>().unwrap(), Method::Options);
}
