//! A page is denied what the policy permits.

use cors_policy::intent::exposure;
use cors_reference::{fetch::Verdict, header::HeaderName};

use super::{
    class::{Class, Severity},
    deciding_header::{FailedPart, deciding_header, failed_part},
    deviation::Deviation,
    each::{CorsFetch, cors_fetches},
    header_names::EXPOSE_HEADERS,
    missing_on_error::is_error_of_application,
    robustness::ANSWERED,
    rule::{Finding, Rule},
};
use crate::drive::{Run, is_cors_header};

pub(super) static RULES: &[&Rule] =
    &[&ORIGIN, &CREDENTIALS, &METHOD, &REQUEST_HEADER, &PREFLIGHT_STATUS, &MALFORMED_LIST, &EXPOSED_HEADER];

/// The rule `under-grant/origin`.
pub static ORIGIN: Rule = Rule {
    id: "under-grant/origin",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "A page whose origin the policy lists passes the CORS check.",
    why: "A correctly configured application does not work, and its owner is tempted to allow every origin.",
    quote: "If the result of byte-serializing a request origin with request is not origin, then return failure.",
    link: "https://fetch.spec.whatwg.org/#concept-cors-check",
    fix: "Send a permitted origin back as the only value of one `Access-Control-Allow-Origin` header. Send `*` only if every origin is configured.",
    needs: ANSWERED,
    check: |run| refused(run, FailedPart::Origin),
};

/// The rule `under-grant/credentials`.
pub static CREDENTIALS: Rule = Rule {
    id: "under-grant/credentials",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "A fetch with credentials passes the CORS check if the policy allows credentials.",
    why: "The application fails for logged-in users, because every fetch with credentials fails.",
    quote: "If credentials is `true`, then return success.",
    link: "https://fetch.spec.whatwg.org/#concept-cors-check",
    fix: "With credentials, send the origin itself and never `*`. Also send `Access-Control-Allow-Credentials: true`, in lower case.",
    needs: ANSWERED,
    check: |run| refused(run, FailedPart::Credentials),
};

/// The rule `under-grant/method`.
pub static METHOD: Rule = Rule {
    id: "under-grant/method",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "The preflight response allows every method that the policy lists.",
    why: "The application cannot save or delete, because its preflights fail.",
    quote: "If request's method is not in methods, request's method is not a CORS-safelisted method, and request's \
            credentials mode is \"include\" or methods does not contain `*`, then return a network error.",
    link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
    fix: "List methods exactly as they are configured. Methods are compared byte for byte.",
    needs: ANSWERED,
    check: |run| refused(run, FailedPart::Method),
};

/// The rule `under-grant/request-header`.
pub static REQUEST_HEADER: Rule = Rule {
    id: "under-grant/request-header",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "The preflight response allows every request header that the policy lists.",
    why: "The application cannot send its token or its JSON, because its preflights fail.",
    quote: "For each unsafeName of the CORS-unsafe request-header names with request's header list, if unsafeName is \
            not a byte-case-insensitive match for an item in headerNames and request's credentials mode is \
            \"include\" or headerNames does not contain `*`, return a network error.",
    link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
    fix: "List every configured name. With credentials, `*` is an ordinary name; and `*` never covers `Authorization`.",
    needs: ANSWERED,
    check: |run| refused(run, FailedPart::RequestHeader),
};

/// The rule `under-grant/preflight-status`.
pub static PREFLIGHT_STATUS: Rule = Rule {
    id: "under-grant/preflight-status",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "The response to a permitted preflight has an ok status.",
    why: "Every request that needs a preflight fails. Often this happens only behind a router that does not know `OPTIONS`.",
    quote: "A successful HTTP response to a CORS-preflight request is similar, except it is restricted to an ok \
            status, e.g., 200 or 204.",
    link: "https://fetch.spec.whatwg.org/#http-responses",
    fix: "Answer a preflight in the middleware, before routing and authentication, with status 204 or 200.",
    needs: ANSWERED,
    check: |run| refused(run, FailedPart::PreflightStatus),
};

/// The rule `under-grant/malformed-list`.
pub static MALFORMED_LIST: Rule = Rule {
    id: "under-grant/malformed-list",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "The lists in a preflight response are valid.",
    why: "One invalid character in a list makes every preflight fail.",
    quote: "If either methods or headerNames is failure, return a network error.",
    link: "https://fetch.spec.whatwg.org/#http-new-header-syntax",
    fix: "Write lists as tokens that are separated by commas.",
    needs: ANSWERED,
    check: |run| refused(run, FailedPart::MalformedList),
};

/// The rule `under-grant/exposed-header`.
pub static EXPOSED_HEADER: Rule = Rule {
    id: "under-grant/exposed-header",
    class: Class::UnderGrant,
    severity: Severity::Medium,
    requirement: "A page can read every response header that the policy exposes.",
    why: "The application cannot read values such as its page count or its request id.",
    quote: "Indicates which headers can be exposed as part of the response by listing their names.",
    link: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
    fix: "List every configured name in `Access-Control-Expose-Headers`, also in error responses. With credentials, `*` is an ordinary name.",
    needs: &[],
    check: not_exposed,
};

/// Finds permitted fetches that fail, for the failed part.
fn refused(run: &Run<'_>, wanted: FailedPart) -> Vec<Finding> {
    let found = cors_fetches(run).filter_map(|fetch| {
        let CorsFetch { visit, fetched, last } = fetch;
        let is_refused = fetch.deviation() == Some(Deviation::UnderGrant);
        if !is_refused || is_error_of_application(visit) {
            return None;
        }
        let response = visit.exchanges.last()?.response()?;
        failed_part(fetched, response).filter(|part| *part == wanted)?;
        let message = format!(
            "The page cannot read the response, although the policy permits it. {}",
            fetched.outcome.explanation
        );
        Some(Finding::new(last, Severity::Medium, message).at_header(deciding_header(fetched, response)?))
    });
    found.collect()
}

fn not_exposed(run: &Run<'_>) -> Vec<Finding> {
    let found = cors_fetches(run).filter_map(|fetch| {
        let CorsFetch { visit, fetched, last } = fetch;
        if fetched.outcome.verdict != Verdict::Readable || !fetch.is_permitted() {
            return None;
        }
        let readable = &fetched.outcome.readable_headers;
        let control = visit.exchanges.last()?.control_response()?;
        let is_refused = |name: &HeaderName| {
            let exposure = exposure(&run.case.policy, &fetched.request, name);
            Deviation::of_header(&exposure, readable.contains(name.as_str())) == Some(Deviation::UnderGrant)
        };
        let (name, _) = run.case.handler.headers.iter().find(|(name, _)| {
            // A response of the framework itself, such as its 404, has no headers of the handler. The middleware may
            // replace the handler's CORS headers.
            let is_due = control.headers.contains(name.as_str()) && !is_cors_header(name.as_str());
            is_due && is_refused(name)
        })?;
        let message = format!("The page cannot read the response header `{name}`, which the policy exposes.");
        Some(Finding::new(last, Severity::Medium, message).at_header(EXPOSE_HEADERS))
    });
    found.collect()
}
