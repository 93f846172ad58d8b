//! The handler's script as a path: what the application behind the middleware is to answer.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use cors_reference::header_list::HeaderList;
use serde::Serialize;

use crate::{
    handler::{Failing, Handler, Route},
    socket::CARRIAGE,
};

#[derive(Serialize)]
struct Respond<'a> {
    status: u16,
    headers: &'a HeaderList,
    body: &'a str,
}

/// The path that has the program's application answer by the script, or why there is none.
pub(super) fn path(handler: &Handler) -> Result<String, String> {
    if !handler.outer_headers.is_empty() {
        return Err("the server protocol has no layer around the middleware".to_owned());
    }
    match (handler.route, handler.fail) {
        (Route::Missing, _) => Ok("/missing".to_owned()),
        (Route::GetOnly, None) if handler.status == 200 && handler.headers.is_empty() => Ok("/get-only".to_owned()),
        (Route::GetOnly, _) => Err("a route for GET alone has no script in the server protocol".to_owned()),
        (Route::Every, Some(Failing::InnerMiddleware)) => {
            Err("the server protocol has no middleware before the handler".to_owned())
        }
        // Where there are exceptions, to throw one is to return the framework's error.
        (Route::Every, Some(Failing::Error)) if handler.error_status() != 500 => {
            Err("a handler that fails has no status in the server protocol".to_owned())
        }
        (Route::Every, Some(Failing::Panic | Failing::Error)) => Ok(respond(r#"{"fail":true}"#)),
        (Route::Every, None) => {
            if let Some((name, _)) = handler.headers.iter().find(|(name, _)| is_carriage(name.as_str())) {
                return Err(format!("the handler's {name} is for the server to say, which carries the answer"));
            }
            let script = Respond { status: handler.status, headers: &handler.headers, body: &handler.body };
            Ok(respond(&serde_json::to_string(&script).map_err(|error| error.to_string())?))
        }
    }
}

fn respond(script: &str) -> String {
    format!("/respond/{}", BASE64_URL_SAFE_NO_PAD.encode(script))
}

/// Whether a header of that name is the server's own, which carries an answer.
pub(super) fn is_carriage(name: &str) -> bool {
    CARRIAGE.iter().any(|own| own.eq_ignore_ascii_case(name))
}
