//! salvo-cors 1.1.0 and 0.81.0, src/lib.rs, `CorsHandler::handle`.

/// Returns the answer of a service of one release line, whose handler answers every method.
macro_rules! ask {
    ($core:ident, $cors:ident, [$($more:expr),*], $method:expr, $headers:expr) => {{
        use $core::{
            Depot, FlowCtrl, Handler, Router, Service, async_trait,
            http::{ReqBody, Request, Response, uri::Scheme},
        };

        struct Own;

        #[async_trait]
        impl Handler for Own {
            async fn handle(&self, _: &mut Request, _: &mut Depot, response: &mut Response, _: &mut FlowCtrl) {
                response.headers_mut().append("vary", "Accept-Language".parse().unwrap());
                response.headers_mut().append("x-own", "1".parse().unwrap());
                response.status_code(http::StatusCode::OK);
            }
        }

        let cors = $cors::Cors::new().allow_origin(["https://app.example"]).allow_methods([http::Method::PUT]);
        let router = Router::with_path("{**rest}").goal(Own);
        let service = Service::new(router).hoop(cors.into_handler());
        let mut request = http::Request::builder().method($method).uri("/");
        for (name, value) in $headers {
            request = request.header(name, value);
        }
        let request = Request::from_hyper(request.body(ReqBody::None).unwrap(), Scheme::HTTP);
        // `Service::handle` does the same, but only with salvo_core's feature `test`.
        let (local, remote) = (request.local_addr().clone(), request.remote_addr().clone());
        let handler = service.hyper_handler(local, remote, Scheme::HTTP, None, $($more),*);
        futures_executor::block_on(handler.handle(request)).into_hyper()
    }};
}

const PREFLIGHT: [(&str, &str); 2] = [("origin", "https://app.example"), ("access-control-request-method", "PUT")];

/// Expected: only the middleware answers. The documentation hoops it on the service so that it answers preflights.
#[cfg(feature = "salvo-cors")]
#[test]
fn a_preflight_runs_the_handler() {
    let response = ask!(salvo_core, salvo_cors, [salvo_core::conn::ConnCtrl::new(), None], "OPTIONS", PREFLIGHT);
    assert_eq!(response.headers()["x-own"], "1");
}

/// Expected: the joined members. 1.1.0 fixes it.
#[cfg(feature = "salvo-cors-0-8")]
#[test]
fn vary_of_the_handler_is_replaced_in_0_81() {
    let response = ask!(salvo_core_0_8, salvo_cors_0_8, [None], "GET", [("origin", "https://app.example")]);
    assert!(response.headers().get_all("vary").iter().all(|value| value != "Accept-Language"));
}

/// Expected: the handler's status, because a request without Access-Control-Request-Method is not a preflight. 1.1.0 fixes
/// it.
#[cfg(feature = "salvo-cors-0-8")]
#[test]
fn an_options_that_is_no_preflight_becomes_204_in_0_81() {
    assert_eq!(ask!(salvo_core_0_8, salvo_cors_0_8, [None], "OPTIONS", [("host", "api.example")]).status(), 204);
}

/// Expected: no CORS headers. A refused origin need not know what other origins may do.
#[cfg(feature = "salvo-cors")]
#[test]
fn a_refused_origin_is_told_what_is_allowed() {
    let asks = [("origin", "https://evil.example"), ("access-control-request-method", "DELETE")];
    let response = ask!(salvo_core, salvo_cors, [salvo_core::conn::ConnCtrl::new(), None], "OPTIONS", asks);
    assert_eq!(response.headers()["access-control-allow-methods"], "PUT");
    assert!(!response.headers().contains_key("access-control-allow-origin"));
}
