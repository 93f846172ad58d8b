//! Right on success, wrong on another status.

use cors_reference::fetch::{RequestKind, Verdict};

use super::{ANSWERED, Class, Finding, Rule, Severity, each_cors_fetch, is_permitted};
use crate::drive::{Run, VisitRun};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "missing-on-error/status",
    class: Class::MissingOnError,
    severity: Severity::Medium,
    says: "A permitted page reads the handler's answer whatever its status.",
    why: "The page sees a network error in the place of \"not found\" or \"try again\": errors cannot be told apart, \
          and monitoring is blind.",
    quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
            use any status, as long as it includes the headers stated above with values matching up with the request.",
    link: "https://fetch.spec.whatwg.org/#http-responses",
    mend: "Add the headers to every answer, also to those that errors, routers and inner layers make; put the \
           middleware outermost.",
    needs: ANSWERED,
    check: refused,
}];

/// Whether the last request of a visit is the actual one, and the application alone answers it with a
/// status of 300 or above.
pub(super) fn is_of_an_error(visit: &VisitRun<'_>) -> bool {
    visit.exchanges.last().is_some_and(|exchange| {
        exchange.kind == Some(RequestKind::Actual)
            && exchange.control.result.as_ref().is_ok_and(|response| response.status >= 300)
    })
}

fn refused(run: &Run<'_>) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        let is_refused = is_permitted(fetched) && fetched.outcome.verdict == Verdict::NetworkError;
        if !is_refused || fetched.ends_in_a_redirect() || !is_of_an_error(visit) {
            return None;
        }
        let status = visit.exchanges.last()?.control.result.as_ref().ok()?.status;
        let message = format!(
            "The page does not learn of the application's status {status}, though the policy permits it. {}",
            fetched.outcome.explanation
        );
        Some((visit.exchanges.len() - 1, Severity::Medium, message))
    })
}
