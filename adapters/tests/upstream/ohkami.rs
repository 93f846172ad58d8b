//! ohkami 0.24.9, src/fang/builtin/cors.rs and src/fang/handler/mod.rs.

use futures_executor::block_on;
use ohkami::{
    Ohkami, Response, Route,
    fang::{Cors, FangAction},
    testing::{Status, TestOhkami, TestRequest, TestResponse, Tester},
};

/// What an application with one route answers.
fn ask(application: &TestOhkami, request: TestRequest) -> TestResponse {
    block_on(application.oneshot(request))
}

fn app() -> Cors {
    Cors::new("https://app.example")
}

/// `vary` is given `None` for a fixed origin, which removes what the handler set; it should be left alone.
#[test]
fn vary_of_the_handler_is_removed() {
    let handler = || async { Response::OK().with_headers(|headers| headers.vary("Accept-Language")) };
    let response = ask(&Ohkami::new((app(), "/".GET(handler))).test(), TestRequest::GET("/"));
    assert_eq!(response.header("Vary"), None);
}

/// A fixed origin needs no `Vary`, and `*` none either.
#[test]
fn the_wildcard_varies_by_origin_and_a_fixed_origin_by_nothing() {
    let response = ask(&Ohkami::new((Cors::any(), "/".GET(|| async { "ok" }))).test(), TestRequest::GET("/"));
    assert_eq!((response.header("Access-Control-Allow-Origin"), response.header("Vary")), (Some("*"), Some("Origin")));
}

/// A preflight should be answered before whatever refuses requests without credentials, which a preflight never has.
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

/// Without `Origin` it is no CORS request.
#[test]
fn an_options_without_origin_is_answered_as_a_preflight() {
    let application = Ohkami::new((app(), "/".PUT(|| async { "ok" }))).test();
    let request = TestRequest::OPTIONS("/").header("Access-Control-Request-Method", "PUT");
    let response = ask(&application, request);
    assert_eq!(response.status(), Status::OK);
    assert_eq!(response.header("Access-Control-Allow-Methods"), Some("PUT, OPTIONS"));
}

/// `Session::manage` (src/session/mod.rs) means to answer 500, and its `catch_unwind` is around the making of the future of
/// `Router::handle` alone, an async function: what it catches is nothing. Nothing inside catches either, as here.
#[test]
fn a_handler_that_panics_is_not_answered() {
    async fn panics() -> &'static str {
        panic!("the handler panics")
    }
    let application = Ohkami::new((app(), "/".GET(panics))).test();
    let asked = std::panic::AssertUnwindSafe(|| ask(&application, TestRequest::GET("/")));
    assert!(std::panic::catch_unwind(asked).is_err());
}

/// The same beside `*`, which needs no `Vary`: `Some("Origin")` takes the place of what the handler set.
#[test]
fn vary_of_the_handler_is_replaced_beside_the_wildcard() {
    let handler = || async { Response::OK().with_headers(|headers| headers.vary("Accept-Encoding")) };
    let response = ask(&Ohkami::new((Cors::any(), "/".GET(handler))).test(), TestRequest::GET("/"));
    assert_eq!(response.header("Vary"), Some("Origin"));
}

/// The pair should be refused; it is halved, and a warning printed by builds with `debug_assertions` alone.
#[test]
fn credentials_beside_any_origin_are_dropped() {
    let application = Ohkami::new((Cors::any().allow_credentials(true), "/".GET(|| async { "ok" }))).test();
    let response = ask(&application, TestRequest::GET("/"));
    assert_eq!(response.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(response.header("Access-Control-Allow-Credentials"), None);
}
