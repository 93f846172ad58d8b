//! Checks that the responses to a preflight and to its actual request allow the same origins.

use cors_adapters::{Middleware, handler::Route};
use cors_reference::{cors_check::cors_check, fetch::RequestKind, request::Request, response::Response, spec};

use super::runs::{description, visits};
use crate::{case::Case, drive::Exchange};

pub(super) fn check(middleware: &dyn Middleware, case: &Case) -> Option<String> {
    // Other parts of the server also determine error responses and responses with CORS headers from other layers.
    let handler = &case.handler;
    let mut names = handler.headers.iter().chain(handler.outer_headers.iter()).map(|(name, _)| name.as_str());
    let is_marked = names.any(|name| name.to_ascii_lowercase().starts_with("access-control-"));
    if is_marked || handler.status >= 300 || handler.fail.is_some() || handler.route != Route::Every {
        return None;
    }
    visits(middleware, case)?.iter().find_map(|visit| {
        let request = &visit.fetched.as_ref()?.request;
        let [preflight, actual] = visit.exchanges.as_slice() else { return None };
        let granted = answer(preflight, RequestKind::Preflight).filter(|response| response.has_ok_status())?;
        let (granted, allowed) =
            (allows_origin(request, granted), allows_origin(request, answer(actual, RequestKind::Actual)?));
        (granted != allowed).then(|| {
            format!(
                "{}: the preflight is {}, and the actual request is {}",
                description(&actual.request),
                decision(granted),
                decision(allowed)
            )
        })
    })
}

fn answer(exchange: &Exchange, kind: RequestKind) -> Option<&Response> {
    exchange.observed.result.as_ref().ok().filter(|_| exchange.kind == Some(kind))
}

/// Returns true if the CORS check passes or fails only because of the credentials.
fn allows_origin(request: &Request, response: &Response) -> bool {
    cors_check(request, response).err().is_none_or(|step| std::ptr::eq(step, &spec::CORS_CHECK_8))
}

fn decision(allows: bool) -> &'static str {
    if allows { "allowed" } else { "refused" }
}
