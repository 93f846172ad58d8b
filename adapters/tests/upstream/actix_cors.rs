//! actix-cors 0.7.2 and, where it differs, 0.6.5.

use actix_web::{
    App, HttpResponse,
    dev::Service as _,
    http::{Method, StatusCode},
    test::{TestRequest, init_service, try_call_service},
    web,
};
use futures_executor::block_on;

/// Returns the status and the headers, in lower case, of an application with a middleware.
macro_rules! ask {
    ($cors:expr, $handler:expr, $request:expr) => {
        block_on(async {
            let app = init_service(App::new().wrap($cors).default_service(web::to($handler))).await;
            let response = match try_call_service(&app, $request.to_request()).await {
                Ok(response) => HttpResponse::from(response).map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            let header =
                |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
                    (name.to_string(), value.to_str().unwrap().to_owned())
                };
            (response.status(), response.headers().iter().map(header).collect::<Vec<_>>())
        })
    };
}

fn values<'a>(headers: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    headers.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
}

fn from_app() -> TestRequest {
    TestRequest::get().insert_header(("Origin", "https://app.example"))
}

/// Expected: both lines stay, because a cache has to consider the language, too.
#[cfg(feature = "actix-cors")]
#[test]
fn the_second_vary_line_of_the_handler_is_lost() {
    let handler = || async {
        HttpResponse::Ok()
            .append_header(("Vary", "Accept-Encoding"))
            .append_header(("Vary", "Accept-Language"))
            .finish()
    };
    let cors = actix_cors::Cors::default().allowed_origin("https://app.example");
    let (_, headers) = ask!(cors, handler, from_app());
    let vary = values(&headers, "vary");
    assert!(vary.len() == 1 && vary[0].starts_with("Accept-Encoding, Origin"), "{vary:?}");
}

/// Expected: the handler answers, because a request without `Origin` is not a CORS request.
#[cfg(feature = "actix-cors")]
#[test]
fn an_options_without_origin_is_refused() {
    let request =
        TestRequest::default().method(Method::OPTIONS).insert_header(("Access-Control-Request-Method", "PUT"));
    let cors = actix_cors::Cors::default().allowed_origin("https://app.example");
    let (status, _) = ask!(cors, || async { HttpResponse::Ok().finish() }, request);
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// Expected: the error's response carries the headers, too. 0.7.2 fixes it.
#[cfg(feature = "actix-cors-0-6")]
#[test]
fn errors_of_an_inner_middleware_carry_no_cors_headers_in_0_6() {
    let (status, headers) = block_on(async {
        let cors = actix_cors_0_6::Cors::default().allowed_origin("https://app.example");
        let app = App::new().wrap_fn(|request, next| {
            let _never_called = next.call(request);
            async { Err::<actix_web::dev::ServiceResponse, _>(actix_web::error::ErrorUnauthorized("who are you")) }
        });
        let app = init_service(app.wrap(cors)).await;
        let error = try_call_service(&app, from_app().to_request()).await.unwrap_err();
        let response = error.error_response();
        (response.status(), response.headers().contains_key("access-control-allow-origin"))
    });
    assert_eq!((status, headers), (StatusCode::UNAUTHORIZED, false));
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin. 0.7 blocks only with an
/// option.
#[cfg(feature = "actix-cors-0-6")]
#[test]
fn a_post_of_the_own_origin_is_refused_in_0_6() {
    let request =
        TestRequest::post().insert_header(("Host", "api.example")).insert_header(("Origin", "https://api.example"));
    let cors = actix_cors_0_6::Cors::default().allowed_origin("https://app.example");
    let (status, _) = ask!(cors, || async { HttpResponse::Ok().finish() }, request);
    assert_eq!(status, StatusCode::BAD_REQUEST);
}
