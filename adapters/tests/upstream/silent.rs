//! silent 2.16.2, src/middleware/middlewares/cors.rs, `Cors::handle`.

use std::sync::Arc;

use async_trait::async_trait;
use futures_executor::block_on;
use http::{Method, StatusCode};
use silent::{
    Handler, Request, Response, Result,
    middlewares::Cors,
    prelude::{HandlerGetter, Route},
};

/// A handler that sets a CORS header itself.
struct Own;

#[async_trait]
impl Handler for Own {
    async fn call(&self, _: Request) -> Result<Response> {
        let mut response = Response::empty();
        response.headers_mut().insert("access-control-expose-headers", "x-own".parse().unwrap());
        Ok(response)
    }
}

fn ask(path: &str, method: Method, headers: &[(&'static str, &str)]) -> Response {
    let cors = Cors::new().origin("https://app.example").expose("x-listed");
    let own: Arc<dyn Handler> = Arc::new(Own);
    let route = Route::new("a").insert_handler(Method::GET, own.clone()).insert_handler(Method::POST, own);
    let route = Route::new_root().hook(cors).append(route);
    let mut request = Request::empty();
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().unwrap();
    for (name, value) in headers {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    block_on(route.call(request)).unwrap_or_else(Response::from)
}

const APP: (&str, &str) = ("origin", "https://app.example");

/// Expected: the configured header stays, or is joined with the handler's.
#[test]
fn the_handlers_headers_replace_what_is_configured() {
    let response = ask("/a", Method::GET, &[APP]);
    assert_eq!(response.headers().get_all("access-control-expose-headers").iter().collect::<Vec<_>>(), ["x-own"]);
}

/// Expected: `*`, the standard's wildcard, which never covers a request with credentials. Here every page can read it.
#[test]
fn the_wildcard_reflects_the_origin_beside_credentials() {
    let own: Arc<dyn Handler> = Arc::new(Own);
    let cors = Cors::new().origin("*").credentials(true);
    let route = Route::new_root().hook(cors).append(Route::new("a").insert_handler(Method::GET, own));
    let mut request = Request::empty();
    *request.uri_mut() = "/a".parse().unwrap();
    request.headers_mut().append("origin", "https://evil.example".parse().unwrap());
    let response = block_on(route.call(request)).unwrap_or_else(Response::from);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://evil.example");
    assert_eq!(response.headers()["access-control-allow-credentials"], "true");
}

/// Expected: the application answers, with 405 here, because a request without Access-Control-Request-Method is not a
/// preflight.
#[test]
fn an_options_that_is_no_preflight_is_answered() {
    assert_eq!(ask("/a", Method::OPTIONS, &[APP]).status(), StatusCode::OK);
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let headers = [("host", "api.example"), ("origin", "https://api.example")];
    assert_eq!(ask("/a", Method::POST, &headers).status(), StatusCode::FORBIDDEN);
}

/// A root without routes refuses each path before it runs its middlewares. A root with any route runs them first.
#[test]
fn the_middlewares_of_a_root_with_a_route_see_a_path_that_has_none() {
    let response = ask("/elsewhere", Method::GET, &[APP]);
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
}

/// Expected: `Vary: Origin`, because the answer depends on the origin.
#[test]
fn no_answer_varies_by_origin() {
    for headers in [&[APP][..], &[]] {
        assert!(!ask("/a", Method::GET, headers).headers().contains_key("vary"));
    }
}

/// Expected: a refusal, as for every origin that is not listed.
#[test]
fn an_origin_that_is_no_text_counts_as_none() {
    let response = ask("/a", Method::GET, &[("origin", "https://b\u{fc}cher.example")]);
    assert_eq!(response.status(), StatusCode::OK);
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}
