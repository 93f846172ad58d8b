//! Handlers: what the application behind the middleware answers, and how it fails.

use arbitrary::{Result, Unstructured};
use cors_adapters::handler::{Failing, Handler, Route};
use cors_reference::header_list::HeaderList;

use super::{Settings, some};

const STATUSES: [u16; 14] = [200, 200, 200, 201, 204, 301, 302, 304, 400, 401, 404, 405, 500, 503];
const HEADERS: [(&str, &str); 9] = [
    ("Vary", "Accept-Encoding"),
    ("Vary", "Accept, Origin"),
    ("Cache-Control", "public, max-age=600"),
    ("Cache-Control", "private"),
    ("Cache-Control", "no-store"),
    ("ETag", "\"v1\""),
    ("X-Total-Count", "120"),
    ("X-Request-Id", "7"),
    ("Content-Type", "application/json"),
];

pub(super) fn handler(bytes: &mut Unstructured<'_>, settings: &Settings) -> Result<Handler> {
    let headers = some(bytes, &HEADERS, 3)?;
    let mut handler = Handler {
        status: *bytes.choose(&STATUSES)?,
        headers: headers.into_iter().fold(HeaderList::EMPTY, |list, (name, value)| list.with(name, value)),
        ..Handler::default()
    };
    if matches!(handler.status, 204 | 304) {
        // These have none.
        handler.body.clear();
    }
    if bytes.ratio(settings.failing, 100)? {
        match bytes.int_in_range(0..=4)? {
            0 => handler.route = Route::GetOnly,
            1 => handler.route = Route::Missing,
            2 => handler.fail = Some(Failing::Error),
            3 => handler.fail = Some(Failing::InnerMiddleware),
            _ => handler.fail = Some(Failing::Panic),
        }
    }
    Ok(handler)
}
