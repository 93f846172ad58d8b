//! The page is refused what the policy permits.

use cors_policy::intent::{Exposure, exposure};
use cors_reference::{
    fetch::Verdict,
    header::HeaderName,
    request::CredentialsMode,
    spec::{self, Step},
};

use super::{ANSWERED, Class, Finding, Rule, Severity, each_cors_fetch, is_of_cors, is_permitted};
use crate::drive::{Fetched, Run, VisitRun};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "under-grant/origin",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "A page of an origin that the policy names passes the CORS check.",
        why: "An application that is configured to work does not, and its owner is tempted to allow everyone.",
        quote: "If the result of byte-serializing a request origin with request is not origin, then return failure.",
        link: "https://fetch.spec.whatwg.org/#concept-cors-check",
        mend: "Answer a permitted origin with itself, as one value on one line; or everyone with `*`, where that is \
               configured.",
        needs: ANSWERED,
        check: |run| refused(run, |part| part == Part::Origin),
    },
    Rule {
        id: "under-grant/credentials",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "A fetch that includes credentials passes the CORS check where the policy wants them.",
        why: "A user who is logged in cannot use the application: every credentialed fetch fails.",
        quote: "If credentials is `true`, then return success.",
        link: "https://fetch.spec.whatwg.org/#concept-cors-check",
        mend: "Beside credentials answer with the origin itself, never with `*`, and with \
               `Access-Control-Allow-Credentials: true` in these letters.",
        needs: ANSWERED,
        check: |run| refused(run, |part| part == Part::Credentials),
    },
    Rule {
        id: "under-grant/method",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "The preflight allows a method that the policy names.",
        why: "The application cannot save or delete: its preflights fail.",
        quote: "If request's method is not in methods, request's method is not a CORS-safelisted method, and request's \
                credentials mode is \"include\" or methods does not contain `*`, then return a network error.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        mend: "List methods as they are configured, in their own letters: methods compare byte for byte.",
        needs: ANSWERED,
        check: |run| refused(run, |part| part == Part::Method),
    },
    Rule {
        id: "under-grant/request-header",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "The preflight allows a request header that the policy names.",
        why: "The application cannot send its token or its JSON: its preflights fail.",
        quote: "For each unsafeName of the CORS-unsafe request-header names with request's header list, if unsafeName is \
                not a byte-case-insensitive match for an item in headerNames and request's credentials mode is \
                \"include\" or headerNames does not contain `*`, return a network error.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        mend: "List every configured name; beside credentials `*` is a name like another, and it never covers \
               `Authorization`.",
        needs: ANSWERED,
        check: |run| refused(run, |part| part == Part::RequestHeader),
    },
    Rule {
        id: "under-grant/preflight-status",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "A preflight that the policy permits is answered with an ok status.",
        why: "Every request that needs a preflight fails, often only behind a router that does not know `OPTIONS`.",
        quote: "A successful HTTP response to a CORS-preflight request is similar, except it is restricted to an ok \
                status, e.g., 200 or 204.",
        link: "https://fetch.spec.whatwg.org/#http-responses",
        mend: "Answer a preflight in the middleware, before routing and authentication, with 204 or 200.",
        needs: ANSWERED,
        check: |run| refused(run, |part| part == Part::PreflightStatus),
    },
    Rule {
        id: "under-grant/malformed-list",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "The lists of a preflight's answer parse.",
        why: "One stray character in a list makes every preflight fail.",
        quote: "If either methods or headerNames is failure, return a network error.",
        link: "https://fetch.spec.whatwg.org/#http-new-header-syntax",
        mend: "Write lists as tokens with commas between them.",
        needs: ANSWERED,
        check: |run| refused(run, |part| part == Part::MalformedList),
    },
    Rule {
        id: "under-grant/exposed-header",
        class: Class::UnderGrant,
        severity: Severity::Medium,
        says: "A response header that the policy exposes is readable.",
        why: "The application does not see its page count or its request id.",
        quote: "Indicates which headers can be exposed as part of the response by listing their names.",
        link: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
        mend: "List every configured name in `Access-Control-Expose-Headers`, on errors too; beside credentials `*` is \
               a name like another.",
        needs: &[],
        check: not_exposed,
    },
];

/// What a network error was decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Origin,
    Credentials,
    Method,
    RequestHeader,
    PreflightStatus,
    MalformedList,
}

fn part(visit: &VisitRun<'_>, fetched: &Fetched) -> Option<Part> {
    let step: &'static Step = fetched.outcome.step;
    let answer = visit.exchanges.last()?.observed.result.as_ref().ok()?;
    let is_wildcard = answer.headers.get("Access-Control-Allow-Origin").is_some_and(|value| value == *"*");
    let includes_credentials = fetched.request.credentials == CredentialsMode::Include;
    [
        // `*` would do, were it not for the credentials.
        (&spec::CORS_CHECK_4, if is_wildcard && includes_credentials { Part::Credentials } else { Part::Origin }),
        (&spec::CORS_CHECK_2, Part::Origin),
        (&spec::CORS_CHECK_8, Part::Credentials),
        (&spec::PREFLIGHT_7_3, Part::MalformedList),
        (&spec::PREFLIGHT_7_5, Part::Method),
        (&spec::PREFLIGHT_7_6, Part::RequestHeader),
        (&spec::PREFLIGHT_7_7, Part::RequestHeader),
        (&spec::PREFLIGHT_8, Part::PreflightStatus),
    ]
    .into_iter()
    .find_map(|(own, part)| (own == step).then_some(part))
}

fn refused(run: &Run<'_>, is_it: fn(Part) -> bool) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        let is_refused = is_permitted(fetched) && fetched.outcome.verdict == Verdict::NetworkError;
        if !is_refused || super::missing_on_error::is_of_an_error(visit) || !part(visit, fetched).is_some_and(is_it) {
            return None;
        }
        let message = format!("The page reads nothing, though the policy permits it. {}", fetched.outcome.explanation);
        Some((visit.exchanges.len() - 1, Severity::Medium, message))
    })
}

fn not_exposed(run: &Run<'_>) -> Vec<Finding> {
    each_cors_fetch(run, |visit, fetched| {
        if fetched.outcome.verdict != Verdict::Readable || !is_permitted(fetched) {
            return None;
        }
        let readable = &fetched.outcome.readable_headers;
        let control = visit.exchanges.last()?.control.result.as_ref().ok()?;
        let last = visit.exchanges.len().saturating_sub(1);
        let is_wanted = |name: &HeaderName| exposure(&run.case.policy, &fetched.request, name) == Exposure::Readable;
        let unread = run.case.handler.headers.iter().find(|(name, _)| {
            // A framework's own answer, such as its 404, has none of the handler's; and what a handler says of CORS, the
            // middleware may replace.
            let is_owed = control.headers.contains(name.as_str()) && !is_of_cors(name.as_str());
            is_owed && is_wanted(name) && !readable.contains(name.as_str())
        });
        unread.map(|(name, _)| {
            let message = format!("The page cannot read the response header {name}, which the policy exposes.");
            (last, Severity::Medium, message)
        })
    })
}
