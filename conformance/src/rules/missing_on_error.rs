//! Responses with an error status lack what successful responses have.

use cors_reference::fetch::RequestKind;

use super::{
    class::{Class, Severity},
    deciding_header::deciding_header,
    deviation::Deviation,
    each::{CorsFetch, cors_fetches},
    robustness::ANSWERED,
    rule::{Finding, Rule},
};
use crate::drive::{Run, VisitRun};

pub(super) static RULES: &[&Rule] = &[&STATUS];

/// The rule `missing-on-error/status`.
pub static STATUS: Rule = Rule {
    id: "missing-on-error/status",
    class: Class::MissingOnError,
    severity: Severity::Medium,
    requirement: "A permitted page can read the handler's response, regardless of its status.",
    why: "The page gets a network error instead of \"not found\" or \"try again\". It cannot distinguish errors, and monitoring does not see them.",
    quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
        use any status, as long as it includes the headers stated above with values matching up with the request.",
    link: "https://fetch.spec.whatwg.org/#http-responses",
    fix: "Add the headers to every response, including those of errors, routers and inner layers. Make the middleware the outermost layer.",
    needs: ANSWERED,
    check: refused,
};

/// Returns true if the last request of a visit is not a preflight and the application alone answers it with a status of
/// 300 or above.
pub(super) fn is_error_of_application(visit: &VisitRun<'_>) -> bool {
    visit.exchanges.last().is_some_and(|exchange| {
        exchange.kind == Some(RequestKind::Actual)
            && exchange.control_response().is_some_and(|response| response.status >= 300)
    })
}

fn refused(run: &Run<'_>) -> Vec<Finding> {
    let found = cors_fetches(run).filter_map(|fetch| {
        let CorsFetch { visit, fetched, last } = fetch;
        let is_refused = fetch.deviation() == Some(Deviation::UnderGrant);
        if !is_refused || fetched.ends_in_a_redirect() || !is_error_of_application(visit) {
            return None;
        }
        let exchange = visit.exchanges.last()?;
        let status = exchange.control_response()?.status;
        let message = format!(
            "The page cannot read the application's response with status {status}, although the policy permits it. {}",
            fetched.outcome.explanation
        );
        let finding = Finding::new(last, Severity::Medium, message);
        let header = exchange.response().and_then(|response| deciding_header(fetched, response));
        Some(match header {
            Some(header) => finding.at_header(header),
            None => finding,
        })
    });
    found.collect()
}
