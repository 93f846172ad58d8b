//! The response to one request, with the response of the control.
//!
//! Two frameworks may respond differently without any middleware. That is not a difference between the middlewares, so
//! each response is compared with its own control.

use cors_reference::{fetch, header::HeaderName};

use crate::{
    case::Case,
    drive::{Exchange, VisitRun, is_cors_header},
};

/// Returns true if the request reaches the application exactly if it reaches the application of the control.
pub(super) fn reaches_application_like_control(exchange: &Exchange) -> bool {
    (exchange.observed.handler_calls > 0) == (exchange.control.handler_calls > 0)
}

/// Returns true if the status and the body are those of the control.
pub(super) fn has_control_response(exchange: &Exchange) -> bool {
    match (&exchange.observed.result, &exchange.control.result) {
        (Ok(observed), Ok(control)) => (observed.status, &observed.body) == (control.status, &control.body),
        _ => false,
    }
}

/// Returns true if the status has the same class as that of the control.
pub(super) fn has_control_status_class(exchange: &Exchange) -> bool {
    match (&exchange.observed.result, &exchange.control.result) {
        (Ok(observed), Ok(control)) => observed.status / 100 == control.status / 100,
        _ => false,
    }
}

/// Returns true if both controls have the same status and both or neither reach the application.
pub(super) fn have_similar_controls(a: &Exchange, b: &Exchange) -> bool {
    let summary = |exchange: &Exchange| {
        let status = exchange.control.result.as_ref().ok().map(|control| control.status);
        (status, exchange.control.handler_calls > 0)
    };
    summary(a) == summary(b)
}

/// Returns true if the application fails without the middleware in any exchange of the visit.
pub(super) fn control_fails(visit: &VisitRun<'_>) -> bool {
    visit.exchanges.iter().any(|exchange| exchange.control.result.is_err())
}

/// Returns true if the server fails in any exchange of the visit.
pub(super) fn server_fails(visit: &VisitRun<'_>) -> bool {
    visit.exchanges.iter().any(|exchange| exchange.observed.result.is_err())
}

/// Returns the status that the application sends if the request reaches it; the greater one if the frameworks differ.
pub(super) fn application_status(a: &VisitRun<'_>, b: &VisitRun<'_>) -> Option<u16> {
    let status = |visit: &VisitRun<'_>| {
        let last = visit.exchanges.last().filter(|exchange| exchange.kind != Some(fetch::RequestKind::Preflight))?;
        last.control.result.as_ref().ok().map(|control| control.status)
    };
    status(a).max(status(b))
}

/// Returns the names of the application's headers, except those that the middleware owns.
pub(super) fn application_headers(case: &Case) -> impl Iterator<Item = &HeaderName> {
    let headers = case.handler.headers.iter().chain(case.handler.outer_headers.iter()).map(|(name, _)| name);
    headers.filter(|name| !is_cors_header(name.as_str()) && **name != *"Vary")
}
