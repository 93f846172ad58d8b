//! ntex-cors 3.2.1, src/lib.rs.

use futures_executor::block_on;
use ntex::{
    http::{Method, StatusCode},
    web::{
        self, App, DefaultError, HttpResponse,
        error::InternalError,
        test::{TestRequest, init_service},
    },
};
use ntex_cors::{Cors, CorsFactory};

/// Returns the status of an application with a middleware, its `Vary` lines and its allowed origins.
fn ask(
    cors: CorsFactory<DefaultError>,
    handler: fn() -> Result<HttpResponse, web::Error>,
    request: TestRequest,
) -> (StatusCode, Vec<String>, Vec<String>) {
    block_on(async {
        let app = App::new().default_service(web::to(async move || handler())).middleware(cors);
        let response = init_service(app).await.call(request.to_request()).await;
        let (status, headers) = match response {
            Ok(response) => (response.status(), response.headers().clone()),
            Err(error) => {
                let response = ntex::http::error::ResponseError::error_response(&error);
                (response.status(), response.headers().clone())
            }
        };
        let lines = |name: &str| headers.get_all(name).map(|value| value.to_str().unwrap().to_owned()).collect();
        (status, lines("vary"), lines("access-control-allow-origin"))
    })
}

fn app() -> CorsFactory<DefaultError> {
    Cors::new().allowed_origin("https://app.example").finish()
}

fn ok() -> Result<HttpResponse, web::Error> {
    Ok(HttpResponse::Ok().finish())
}

/// Expected: both lines stay, because a cache has to consider the language, too.
#[test]
fn the_second_vary_line_of_the_handler_is_lost() {
    let handler = || {
        let mut response = HttpResponse::Ok().finish();
        for member in ["Accept-Encoding", "Accept-Language"] {
            response.headers_mut().append("vary".try_into().unwrap(), member.try_into().unwrap());
        }
        Ok(response)
    };
    let (_, vary, _) = ask(app(), handler, TestRequest::default().header("origin", "https://app.example"));
    assert_eq!(vary, ["Accept-Encoding, Origin"]);
}

/// Expected: the error's response carries the same headers as other responses.
#[test]
fn errors_of_an_inner_service_carry_no_cors_headers() {
    let (status, is_allowed) = block_on(async {
        let refuse = ntex::service::fn_service(async |_: web::WebRequest<DefaultError>| {
            let error = InternalError::default("who are you", StatusCode::UNAUTHORIZED);
            Err::<web::WebRequest<DefaultError>, web::Error>(error.into())
        });
        let app = App::new().filter(refuse).middleware(app());
        let request = TestRequest::default().header("origin", "https://app.example").to_request();
        let error = init_service(app).await.call(request).await.unwrap_err();
        let response = ntex::http::error::ResponseError::error_response(&error);
        (response.status(), response.headers().contains_key("access-control-allow-origin"))
    });
    assert_eq!((status, is_allowed), (StatusCode::INTERNAL_SERVER_ERROR, false));
}

/// Expected: the handler answers, because a request without Access-Control-Request-Method is not a preflight.
#[test]
fn an_options_that_is_no_preflight_is_refused() {
    let plain = TestRequest::default().method(Method::OPTIONS);
    assert_eq!(ask(app(), ok, plain).0, StatusCode::BAD_REQUEST);
    let with_origin = TestRequest::default().method(Method::OPTIONS).header("origin", "https://app.example");
    assert_eq!(ask(app(), ok, with_origin).0, StatusCode::BAD_REQUEST);
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let request = TestRequest::default()
        .method(Method::POST)
        .header("host", "api.example")
        .header("origin", "https://api.example");
    assert_eq!(ask(app(), ok, request).0, StatusCode::BAD_REQUEST);
}

/// Expected: `Vary: Origin`, because a request with an origin gets a different answer.
#[test]
fn an_answer_without_an_origin_does_not_vary() {
    let (status, vary, allowed) = ask(app(), ok, TestRequest::default());
    assert_eq!(status, StatusCode::OK);
    assert_eq!((vary, allowed), (Vec::new(), Vec::new()));
}

/// Expected: `Vary: Origin`, because another origin gets a different answer.
#[test]
fn the_answer_to_a_preflight_does_not_vary() {
    let request = TestRequest::default().method(Method::OPTIONS).header("origin", "https://app.example");
    let (_, vary, allowed) = ask(app(), ok, request.header("access-control-request-method", "GET"));
    assert_eq!(allowed, ["https://app.example"]);
    assert!(vary.is_empty());
}
