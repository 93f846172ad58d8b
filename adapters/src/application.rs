//! The application of what brings no framework of its own: a router of one route, and an outer layer.

use cors_reference::response::Response;

use crate::handler::{Route, ScriptedHandler};

/// What the router, the handler, or the middleware before it answers to a request of that method.
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

/// Appends what the outer layer appends.
pub fn outer(handler: &ScriptedHandler, mut response: Response) -> Response {
    for (name, value) in handler.script().outer_headers.iter() {
        response.headers.append(name.clone(), value.clone());
    }
    response
}
