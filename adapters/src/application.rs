//! The application for middlewares without a framework: a router of one route, and a layer around the middleware.

use cors_reference::response::Response;

use crate::handler::{Route, ScriptedHandler};

/// Returns the answer of the router, the handler or the middleware before the handler to a request with a method.
pub fn answer(handler: &ScriptedHandler, method: &str) -> Response {
    match handler.script().route {
        Route::Missing => return Response::new(404),
        Route::GetOnly if method != "GET" => return Response::new(405).with("Allow", "GET"),
        Route::GetOnly | Route::Every => {}
    }
    if let Some(status) = handler.inner_failure() {
        return Response::new(status);
    }
    handler.respond().unwrap_or_else(Response::new)
}

/// Appends the headers of the layer around the middleware.
pub fn outer(handler: &ScriptedHandler, mut response: Response) -> Response {
    for (name, value) in handler.script().outer_headers.iter() {
        response.headers.append(name.clone(), value.clone());
    }
    response
}
