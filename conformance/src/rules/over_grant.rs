//! The page gets what the policy denies.

use cors_reference::{
    fetch::{Kind, Verdict},
    intent::{Denied, Exposure, Intent, exposure},
    preflight::needs_preflight,
    request::CredentialsMode,
};

use super::{Class, Finding, Rule, Severity, each_cors_fetch};
use crate::drive::{Fetched, Run, VisitRun};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "over-grant/origin",
        class: Class::OverGrant,
        says: "A page of an origin that the policy does not name reads nothing.",
        quote: "Validate Origin against an explicit allowlist of known origins",
        link: "https://fetch.spec.whatwg.org/#concept-cors-check",
        needs: &[],
        check: |run| granted(run, |denied| matches!(denied, Denied::Origin)),
    },
    Rule {
        id: "over-grant/credentials",
        class: Class::OverGrant,
        says: "A fetch that includes credentials reads nothing where the policy wants none.",
        quote: "Only set Access-Control-Allow-Credentials: true if the endpoint actually needs cookies/auth from \
                cross-origin requests",
        link: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        needs: &[],
        check: |run| granted(run, |denied| matches!(denied, Denied::Credentials)),
    },
    Rule {
        id: "over-grant/method",
        class: Class::OverGrant,
        says: "A method that the policy does not name is never sent.",
        quote: "Only allow the HTTP methods your API actually uses",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        needs: &[],
        check: |run| granted(run, |denied| matches!(denied, Denied::Method)),
    },
    Rule {
        id: "over-grant/request-header",
        class: Class::OverGrant,
        says: "A request header that the policy does not name is never sent.",
        quote: "Only allow the request headers your API actually needs",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        needs: &[],
        check: |run| granted(run, |denied| matches!(denied, Denied::RequestHeader(_))),
    },
    Rule {
        id: "over-grant/exposed-header",
        class: Class::OverGrant,
        says: "A response header that the policy does not name is not readable.",
        quote: "Only expose the response headers your frontend actually reads",
        link: "https://fetch.spec.whatwg.org/#concept-filtered-response-cors",
        needs: &[],
        check: exposed,
    },
];

fn granted(run: &Run<'_>, is_denied_for: fn(&Denied) -> bool) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        let Intent::Deny(denied) = &fetched.intent else { return None };
        let got = is_denied_for(denied).then(|| got(visit, fetched)).flatten()?;
        let why = fetched.denial()?;
        let last = visit.exchanges.len().saturating_sub(1);
        Some((last, severity(fetched), format!("The page {got}, though {why}.")))
    })
}

/// What the page got of a fetch that it should get nothing of.
fn got(visit: &VisitRun<'_>, fetched: &Fetched) -> Option<&'static str> {
    if fetched.outcome.verdict == Verdict::Readable {
        return (!is_the_handlers_own(visit, "Access-Control-Allow-Origin")).then_some("reads the answer");
    }
    // "If the preflight fails, the browser won't send the actual request."
    let was_sent = visit.exchanges.iter().any(|exchange| exchange.kind == Some(Kind::Actual));
    (was_sent && needs_preflight(&fetched.request)).then_some("has its request sent past the preflight")
}

/// Whether the application grants it by itself, without the middleware.
fn is_the_handlers_own(visit: &VisitRun<'_>, name: &str) -> bool {
    let control = visit.exchanges.last().and_then(|exchange| exchange.control.result.as_ref().ok());
    control.is_some_and(|response| response.headers.contains(name))
}

/// Every origin of a page can be sent by a browser.
fn severity(fetched: &Fetched) -> Severity {
    match fetched.request.credentials {
        CredentialsMode::Include => Severity::Critical,
        CredentialsMode::Omit | CredentialsMode::SameOrigin => Severity::High,
    }
}

fn exposed(run: &Run<'_>) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        if fetched.outcome.verdict != Verdict::Readable
            || fetched.intent != Intent::Permit
            || is_the_handlers_own(visit, "Access-Control-Expose-Headers")
        {
            return None;
        }
        let is_hidden = |name| exposure(&run.case.policy, &fetched.request, name) == Exposure::Hidden;
        let (name, _) = fetched.outcome.readable_headers.iter().find(|(name, _)| is_hidden(name))?;
        let message = format!("The page reads the response header {name}, which the policy does not expose.");
        Some((visit.exchanges.len().saturating_sub(1), severity(fetched), message))
    })
}
