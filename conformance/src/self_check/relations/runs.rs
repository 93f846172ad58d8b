//! Runs of cases for relations.

use cors_adapters::Middleware;
use cors_reference::request::WireRequest;

use crate::{
    case::Case,
    drive::{VisitRun, drive},
};

/// Runs a case and returns its visits. Returns `None` if no server can be built for it.
pub(super) fn visits<'a>(middleware: &dyn Middleware, case: &'a Case) -> Option<Vec<VisitRun<'a>>> {
    drive(middleware, case).ok().map(|run| run.visits)
}

/// Describes a request.
pub(super) fn description(request: &WireRequest) -> String {
    let origin = request.headers.get("Origin").map(|origin| String::from_utf8_lossy(&origin.to_vec()).into_owned());
    format!("{} {} from {}", request.method, request.url, origin.as_deref().unwrap_or("no origin"))
}
