//! An axum application around the scripted handler, for what is a `tower` layer.

use axum::{
    Router,
    body::{Body, to_bytes},
    middleware::{Next, from_fn, map_response},
    response::Response,
    routing::get,
};
use cors_reference::{request::WireRequest, response};
use futures_executor::block_on;
use http::{Request, StatusCode};
use tower::Service;

#[cfg(feature = "socket")]
use {crate::socket::Listening, tower::ServiceExt};

use crate::{
    NotRepresentable,
    convert::{from_http_response, to_http_request},
    handler::Route,
    http_handler::HttpHandler,
};

/// The scripted handler and its router, with what `around` puts around them, and the outer layer around that.
pub(crate) fn application<E>(
    handler: &HttpHandler,
    around: impl FnOnce(Router) -> Result<Router, E>,
) -> Result<Router, E> {
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
        router =
            router.layer(from_fn(move |_: Request<Body>, _: Next| async move { Err::<Response, StatusCode>(status) }));
    }
    router = around(router)?;
    if handler.has_outer_headers() {
        let handler = handler.clone();
        router = router.layer(map_response(move |mut response: Response| {
            handler.append_outer_headers(response.headers_mut());
            async move { response }
        }));
    }
    // As `axum::serve` does at start: layers are put around handlers now, and not at each request.
    Ok(router.with_state(()))
}

/// Asks the application without a socket.
pub(crate) fn ask(application: &mut Router, request: &WireRequest) -> Result<response::Response, NotRepresentable> {
    let request = to_http_request::<Body>(request)?;
    let response = block_on(async {
        let Ok(response) = application.call(request).await;
        let (mut parts, body) = response.into_parts();
        // axum says it in its carrier's place.
        parts.headers.remove(http::header::CONTENT_LENGTH);
        let body = to_bytes(body, usize::MAX).await.map_err(|error| NotRepresentable(error.to_string()))?;
        Ok(http::Response::from_parts(parts, body))
    })?;
    from_http_response(response)
}

/// Serves the application by hyper, as `axum::serve` does.
#[cfg(feature = "socket")]
pub(crate) fn serve(application: Router, handler: &HttpHandler) -> std::io::Result<Listening> {
    crate::http_server::serve(handler.counter(), move |request| {
        let answer = application.clone().oneshot(request.map(Body::new));
        async move {
            let Ok(response) = answer.await;
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            Ok(http::Response::from_parts(parts, body))
        }
    })
}
