//! An axum application around the scripted handler, for middlewares that are `tower` layers.

use axum::{
    Router,
    body::{Body, to_bytes},
    middleware::{Next, from_fn, map_response},
    response::Response,
    routing::get,
};
use bytes::Bytes;
use cors_reference::response;
use http::{Request, StatusCode};
use tower::ServiceExt;

use crate::{
    handler::Route,
    http_application::HttpApplication,
    http_handler::HttpHandler,
    server::{NotRepresentable, not_representable},
};

/// The router of the scripted handler, with its layers.
#[derive(Clone)]
pub(crate) struct AxumApplication(Router);

impl AxumApplication {
    /// Builds the application. `around` puts the middleware around the router; an outer layer is around both.
    pub(crate) fn new<E>(handler: &HttpHandler, around: impl FnOnce(Router) -> Result<Router, E>) -> Result<Self, E> {
        let scripted = handler.clone();
        let respond = move || {
            let scripted = scripted.clone();
            async move { scripted.respond::<Body>() }
        };
        let mut router = match handler.route() {
            Route::Every => Router::new().fallback(respond),
            Route::GetOnly => Router::new().route("/", get(respond.clone())).route("/{*path}", get(respond)),
            Route::Missing => Router::new(),
        };
        if let Some(status) = handler.inner_failure() {
            let refuse = move |_: Request<Body>, _: Next| async move { Err::<Response, StatusCode>(status) };
            router = router.layer(from_fn(refuse));
        }
        router = around(router)?;
        if handler.has_outer_headers() {
            let handler = handler.clone();
            router = router.layer(map_response(move |mut response: Response| {
                handler.append_outer_headers(response.headers_mut());
                async move { response }
            }));
        }
        // `axum::serve` does the same at its start, so that each layer wraps a handler only once.
        Ok(Self(router.with_state(())))
    }
}

impl HttpApplication for AxumApplication {
    /// Does what `axum::serve` does with a request.
    async fn ask(&self, request: Request<Bytes>) -> Result<http::Response<Bytes>, NotRepresentable> {
        let Ok(response) = self.0.clone().oneshot(request.map(Body::from)).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(not_representable)?;
        Ok(http::Response::from_parts(parts, body))
    }

    /// axum adds the `Content-Length` that a server adds in other frameworks.
    fn without_socket(mut response: response::Response) -> response::Response {
        response.headers.delete("Content-Length");
        response
    }
}
