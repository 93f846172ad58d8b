//! The handler's script as the path of a request.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use cors_reference::header_list::HeaderList;
use serde::Serialize;

use crate::{
    handler::{Failing, Handler, Route},
    socket::FRAMING_HEADERS,
};

#[derive(Serialize)]
struct Respond<'a> {
    status: u16,
    headers: &'a HeaderList,
    body: &'a str,
}

/// Returns the path by which the program's application follows the script.
///
/// # Errors
///
/// Returns the reason why the server protocol cannot express the script.
pub(super) fn path(handler: &Handler) -> Result<String, String> {
    if !handler.outer_headers.is_empty() {
        return Err("the server protocol has no layer around the middleware".to_owned());
    }
    match (handler.route, handler.fail) {
        (Route::Missing, _) => Ok("/missing".to_owned()),
        (Route::GetOnly, None) if *handler == Handler { route: Route::GetOnly, ..Handler::default() } => {
            Ok("/get-only".to_owned())
        }
        (Route::GetOnly, _) => Err("the server protocol cannot script a route that takes only GET".to_owned()),
        (Route::Every, Some(Failing::InnerMiddleware)) => {
            Err("the server protocol has no middleware before the handler".to_owned())
        }
        // In a language with exceptions, throwing one is how a handler returns the framework's error.
        (Route::Every, Some(Failing::Error)) if handler.error_status() != 500 => {
            Err("the server protocol cannot set the status of a handler that fails".to_owned())
        }
        (Route::Every, Some(Failing::Panic | Failing::Error)) => Ok(respond(r#"{"fail":true}"#)),
        (Route::Every, None) => {
            if let Some((name, _)) = handler.headers.iter().find(|(name, _)| is_framing_header(name.as_str())) {
                return Err(format!("the server sets {name} itself, so that the handler cannot"));
            }
            let script = Respond { status: handler.status, headers: &handler.headers, body: &handler.body };
            Ok(respond(&serde_json::to_string(&script).map_err(|error| error.to_string())?))
        }
    }
}

fn respond(script: &str) -> String {
    format!("/respond/{}", BASE64_URL_SAFE_NO_PAD.encode(script))
}

/// Returns true if servers set a header with this name to frame their answers.
pub(super) fn is_framing_header(name: &str) -> bool {
    FRAMING_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(handler: &Handler) -> String {
        let path = path(handler).unwrap();
        let script = path.strip_prefix("/respond/").unwrap_or_else(|| panic!("{path}"));
        String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(script).unwrap()).unwrap()
    }

    #[test]
    fn a_script_keeps_repeated_headers_in_order_and_encodes_each_byte_as_a_character() {
        let mut headers = HeaderList::EMPTY.with("X-A", "1").with("x-a", "2");
        headers.append("X-B".parse().unwrap(), cors_reference::header::HeaderValue::from_wire(b"\xff"));
        let handler = Handler { headers, status: 201, ..Handler::default() };
        let expected =
            "{\"status\":201,\"headers\":[[\"X-A\",\"1\"],[\"X-A\",\"2\"],[\"X-B\",\"\u{ff}\"]],\"body\":\"ok\"}";
        assert_eq!(script(&handler), expected);
    }

    #[test]
    fn a_failing_handler_is_scripted_only_with_status_500() {
        for fail in [Failing::Panic, Failing::Error] {
            assert_eq!(script(&Handler { fail: Some(fail), ..Handler::default() }), r#"{"fail":true}"#);
        }
        assert!(path(&Handler { fail: Some(Failing::Error), status: 418, ..Handler::default() }).is_err());
        assert!(path(&Handler { fail: Some(Failing::InnerMiddleware), ..Handler::default() }).is_err());
    }

    #[test]
    fn an_inexpressible_script_is_refused_and_a_route_has_its_path() {
        let route = |route| Handler { route, ..Handler::default() };
        assert_eq!(path(&route(Route::GetOnly)), Ok("/get-only".to_owned()));
        assert_eq!(path(&route(Route::Missing)), Ok("/missing".to_owned()));
        let headers = HeaderList::EMPTY.with("Content-Length", "3");
        for handler in [
            Handler { status: 201, ..route(Route::GetOnly) },
            Handler { outer_headers: headers.clone(), ..Handler::default() },
            Handler { headers, ..Handler::default() },
        ] {
            assert!(path(&handler).is_err(), "{handler:?}");
        }
    }
}
