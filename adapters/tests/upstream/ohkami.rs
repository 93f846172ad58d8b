//! ohkami 0.24.9, src/fang/builtin/cors.rs and src/fang/handler/mod.rs.

use futures_executor::block_on;
use ohkami::{
    Ohkami, Response, Route,
    fang::{Cors, FangAction},
    testing::{Status, TestOhkami, TestRequest, TestResponse, Tester},
};

/// Returns the answer of an application.
fn ask(application: &TestOhkami, request: TestRequest) -> TestResponse {
    block_on(application.oneshot(request))
}

fn app() -> Cors {
    Cors::new("https://app.example")
}

/// Expected: the handler's `Vary` stays. For a fixed origin the fang passes `None` to `vary`, which removes the header.
#[test]
fn vary_of_the_handler_is_removed() {
    let handler = || async { Response::OK().with_headers(|headers| headers.vary("Accept-Language")) };
    let response = ask(&Ohkami::new((app(), "/".GET(handler))).test(), TestRequest::GET("/"));
    assert_eq!(response.header("Vary"), None);
}

/// Expected: no `Vary`, because neither a fixed origin nor `*` needs it.
#[test]
fn the_wildcard_varies_by_origin_and_a_fixed_origin_by_nothing() {
    let response = ask(&Ohkami::new((Cors::any(), "/".GET(|| async { "ok" }))).test(), TestRequest::GET("/"));
    assert_eq!((response.header("Access-Control-Allow-Origin"), response.header("Vary")), (Some("*"), Some("Origin")));
}

/// Expected: the fang answers the preflight before an inner fang refuses it. A preflight never has credentials.
#[test]
fn a_preflight_is_led_through_the_fangs_inside() {
    #[derive(Clone)]
    struct Refuse;
    impl FangAction for Refuse {
        async fn fore<'a>(&'a self, _: &'a mut ohkami::Request) -> Result<(), Response> {
            Err(Response::Unauthorized())
        }
    }
    let application = Ohkami::new((app(), Refuse, "/".PUT(|| async { "ok" }))).test();
    let request = TestRequest::OPTIONS("/")
        .header("Origin", "https://app.example")
        .header("Access-Control-Request-Method", "PUT");
    assert_eq!(ask(&application, request).status(), Status::Unauthorized);
}

/// Expected: the application answers, because a request without `Origin` is not a CORS request.
#[test]
fn an_options_without_origin_is_answered_as_a_preflight() {
    let application = Ohkami::new((app(), "/".PUT(|| async { "ok" }))).test();
    let request = TestRequest::OPTIONS("/").header("Access-Control-Request-Method", "PUT");
    let response = ask(&application, request);
    assert_eq!(response.status(), Status::OK);
    assert_eq!(response.header("Access-Control-Allow-Methods"), Some("PUT, OPTIONS"));
}

/// Expected: a 500. The `catch_unwind` in `Session::manage` (src/session/mod.rs) is only around the creation of the future of
/// `Router::handle`, an async function that does nothing before it is polled. No inner code catches the panic.
#[test]
fn a_handler_that_panics_is_not_answered() {
    async fn panics() -> &'static str {
        panic!("the handler panics")
    }
    let application = Ohkami::new((app(), "/".GET(panics))).test();
    let asked = std::panic::AssertUnwindSafe(|| ask(&application, TestRequest::GET("/")));
    assert!(std::panic::catch_unwind(asked).is_err());
}

/// Expected: the handler's `Vary` stays, because `*` needs none. Here `Some("Origin")` replaces it.
#[test]
fn vary_of_the_handler_is_replaced_beside_the_wildcard() {
    let handler = || async { Response::OK().with_headers(|headers| headers.vary("Accept-Encoding")) };
    let response = ask(&Ohkami::new((Cors::any(), "/".GET(handler))).test(), TestRequest::GET("/"));
    assert_eq!(response.header("Vary"), Some("Origin"));
}

/// Expected: a refusal to build. Here the credentials are dropped, with a warning only in builds with `debug_assertions`.
#[test]
fn credentials_beside_any_origin_are_dropped() {
    let application = Ohkami::new((Cors::any().allow_credentials(true), "/".GET(|| async { "ok" }))).test();
    let response = ask(&application, TestRequest::GET("/"));
    assert_eq!(response.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(response.header("Access-Control-Allow-Credentials"), None);
}
