//! Generated handlers: the response of the application behind the middleware, its failures, and the headers that another
//! layer adds.

use arbitrary::{Result, Unstructured};
use cors_adapters::handler::{Failing, Handler, Route};
use cors_reference::header_list::HeaderList;

use super::{
    draw::{chance, some},
    settings::Settings,
};

const STATUSES: [u16; 14] = [200, 200, 200, 201, 204, 301, 302, 304, 400, 401, 404, 405, 500, 503];
const HEADERS: [(&str, &str); 10] = [
    ("Vary", "Accept-Encoding"),
    ("Vary", "Accept, Origin"),
    ("Vary", "*"),
    ("Cache-Control", "public, max-age=600"),
    ("Cache-Control", "private"),
    ("Cache-Control", "no-store"),
    ("ETag", "\"v1\""),
    ("X-Total-Count", "120"),
    ("X-Request-Id", "7"),
    ("Content-Type", "application/json"),
];
/// CORS headers that an application sends itself.
const OF_CORS: [(&str, &str); 5] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Origin", "https://app.example"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "x-b"),
    ("Vary", "Origin"),
];
/// Harmless headers that a layer around the middleware adds.
const OUTER: [(&str, &str); 3] = [("Vary", "Accept-Encoding"), ("Vary", "Origin"), ("X-Served-By", "outer")];
const LOCATIONS: [&str; 4] =
    ["https://api.example/other", "/other", "https://third.example/", "https://user@third.example/"];

/// Generates a handler.
pub(super) fn handler(bytes: &mut Unstructured<'_>, settings: &Settings) -> Result<Handler> {
    let mut handler =
        Handler { status: *bytes.choose(&STATUSES)?, headers: list(some(bytes, &HEADERS, 3)?), ..Handler::default() };
    if matches!(handler.status, 204 | 304) {
        // Responses with these statuses have no body.
        handler.body.clear();
    }
    if matches!(handler.status, 301 | 302) && bytes.arbitrary()? {
        handler.headers = handler.headers.with("Location", bytes.choose(&LOCATIONS)?);
    }
    if chance(bytes, settings.failing, 100)? {
        match bytes.int_in_range(0..=4)? {
            0 => handler.route = Route::GetOnly,
            1 => handler.route = Route::Missing,
            2 => handler.fail = Some(Failing::Error),
            3 => handler.fail = Some(Failing::InnerMiddleware),
            _ => handler.fail = Some(Failing::Panic),
        }
    }
    if chance(bytes, settings.layered, 100)? {
        if bytes.arbitrary()? {
            let said = list(some(bytes, &OF_CORS, 2)?);
            said.iter().for_each(|(name, value)| handler.headers.append(name.clone(), value.clone()));
        } else {
            handler.outer_headers = list(some(bytes, &OUTER, 2)?);
        }
    }
    Ok(handler)
}

fn list(headers: Vec<(&'static str, &str)>) -> HeaderList {
    headers.into_iter().fold(HeaderList::EMPTY, |list, (name, value)| list.with(name, value))
}
