//! The middleware harms requests and responses that CORS does not apply to. The control shows what the application does
//! without the middleware.

use cors_adapters::Observation;
use cors_reference::{header::is_token, header_list::HeaderList};

use super::{
    class::{Class, Severity},
    each::{Answered, answered},
    header_names::{ORIGIN, REQUEST_METHOD, VARY as VARY_HEADER},
    rule::{Finding, Rule},
};
use crate::drive::{Exchange, Run, is_cors_header, vary};

const GENERAL: &str = "https://fetch.spec.whatwg.org/#http-requests";

pub(super) static RULES: &[&Rule] = &[
    &PLAIN_OPTIONS,
    &NO_ORIGIN,
    &SAME_ORIGIN,
    &PERMITTED_REQUEST,
    &HANDLER_RESPONSE,
    &VARY,
    &VARY_FROM_REQUEST,
    &PREFLIGHT_REACHES_HANDLER,
];

/// The rule `interference/plain-options`.
pub static PLAIN_OPTIONS: Rule = Rule {
    id: "interference/plain-options",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "An OPTIONS request that is not a CORS-preflight request reaches the handler.",
    why: "WebDAV, health checks and an API's own `OPTIONS` requests get a response that the application did not make.",
    quote: "It uses `OPTIONS` as method and includes the following header: Access-Control-Request-Method",
    link: "https://fetch.spec.whatwg.org/#cors-preflight-request",
    fix: "Treat a request as a preflight only if it is `OPTIONS` with `Origin` and `Access-Control-Request-Method`. Forward every other request.",
    needs: &[],
    check: |run| not_reached(run, |exchange| exchange.request.method == "OPTIONS"),
};

/// The rule `interference/no-origin`.
pub static NO_ORIGIN: Rule = Rule {
    id: "interference/no-origin",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "A request without `Origin` reaches the handler.",
    why: "Navigations, health checks and clients that are not browsers are blocked.",
    quote: "A CORS request is an HTTP request that includes an `Origin` header.",
    link: GENERAL,
    fix: "Forward requests without `Origin`. CORS does not apply to them.",
    needs: &[],
    check: |run| not_reached(run, |exchange| !is_options(exchange) && !exchange.request.headers.contains("Origin")),
};

/// The rule `interference/same-origin`.
pub static SAME_ORIGIN: Rule = Rule {
    id: "interference/same-origin",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "A request from the server's own origin reaches the handler, with or without `Origin`.",
    why: "The site's own forms fail as soon as CORS is enabled, because browsers send `Origin` with every POST.",
    quote: "It cannot be reliably identified as participating in the CORS protocol as the `Origin` header is also \
            included for all requests whose method is neither `GET` nor `HEAD`.",
    link: GENERAL,
    fix: "Forward requests with any `Origin`. Leave out the CORS headers, and the browser denies access.",
    needs: &[],
    check: |run| not_reached(run, |exchange| !is_options(exchange) && exchange.is_from_own_origin()),
};

/// The rule `interference/permitted-request`.
pub static PERMITTED_REQUEST: Rule = Rule {
    id: "interference/permitted-request",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "A request from a permitted origin reaches the handler.",
    why: "A permitted request gets a response that the application did not make.",
    quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
            use any status",
    link: "https://fetch.spec.whatwg.org/#http-responses",
    fix: "Forward every request that is not a preflight.",
    needs: &[],
    check: |run| {
        not_reached(run, |exchange| {
            !is_options(exchange) && exchange.request.headers.contains("Origin") && !exchange.is_from_own_origin()
        })
    },
};

/// The rule `interference/handler-response`.
pub static HANDLER_RESPONSE: Rule = Rule {
    id: "interference/handler-response",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "The middleware keeps the handler's status, body and headers.",
    why: "The client gets a status, body or header that differs from the application's.",
    quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
            use any status",
    link: "https://fetch.spec.whatwg.org/#http-responses",
    fix: "Add the CORS headers to the response, and do not change anything else.",
    needs: &[],
    check: changed,
};

/// The rule `interference/vary`.
pub static VARY: Rule = Rule {
    id: "interference/vary",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "The middleware keeps the handler's `Vary`. It may add members.",
    why: "A shared cache serves a variant, such as a language or an encoding, to clients that did not ask for it.",
    quote: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
    link: "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
    fix: "Append to `Vary` instead of replacing it.",
    needs: &[],
    check: vary_lost,
};

/// The rule `interference/vary-from-request`.
pub static VARY_FROM_REQUEST: Rule = Rule {
    id: "interference/vary-from-request",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "The response's `Vary` does not depend on the request.",
    why: "An attacker can disable a shared cache: with `*`, or with a header that differs for every client, the cache finds nothing.",
    quote: "The \"Vary\" header field in a response describes what parts of a request message, aside from the method and \
            target URI, might have influenced the origin server's process for selecting the content of this response.",
    link: "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5",
    fix: "Read the response's `Vary` before adding to it, and never the request's.",
    needs: &[],
    check: vary_from_request,
};

/// The rule `interference/preflight-reaches-handler`.
pub static PREFLIGHT_REACHES_HANDLER: Rule = Rule {
    id: "interference/preflight-reaches-handler",
    class: Class::Interference,
    severity: Severity::Medium,
    requirement: "A CORS-preflight request does not reach the handler.",
    why: "The handler runs, with its side effects, for a request that only asks for permission.",
    quote: "A CORS-preflight request is a CORS request that checks to see if the CORS protocol is understood.",
    link: "https://fetch.spec.whatwg.org/#cors-preflight-request",
    fix: "Answer preflights in the middleware, and do not call the handler.",
    needs: &[],
    check: preflight_reaches_handler,
};

fn is_options(exchange: &Exchange) -> bool {
    exchange.request.method == "OPTIONS"
}

/// Returns true if the handler should answer: the request is not a preflight, and the policy does not deny its origin.
fn belongs_to_handler(run: &Run<'_>, exchange: &Exchange) -> bool {
    !exchange.request.is_cors_preflight() && (run.may_read(exchange) || exchange.is_from_own_origin())
}

/// Returns true if the request reached the application. If the control's router answers, for example with 404, an equal
/// status shows that the request reached the router.
fn was_reached(exchange: &Exchange) -> bool {
    let status = |observation: &Observation| observation.result.as_ref().ok().map(|response| response.status);
    let is_answered_by_router = exchange.control.handler_calls == 0;
    exchange.observed.handler_calls >= exchange.control.handler_calls
        && (!is_answered_by_router || status(&exchange.observed) == status(&exchange.control))
}

/// Finds requests that should reach the application and do not, among those that `matches` selects.
fn not_reached(run: &Run<'_>, matches: fn(&Exchange) -> bool) -> Vec<Finding> {
    let is_lost =
        |exchange: &Exchange| matches(exchange) && belongs_to_handler(run, exchange) && !was_reached(exchange);
    let found = answered(run).filter(|answered| is_lost(answered.exchange));
    let found = found.map(|Answered { place, exchange, observed, .. }| {
        let (method, status) = (&exchange.request.method, observed.status);
        let message =
            format!("The {method} request does not reach the application. The server answers it with {status}.");
        Finding::new(place, Severity::Medium, message).at_status()
    });
    found.collect()
}

fn changed(run: &Run<'_>) -> Vec<Finding> {
    let reached =
        answered(run).filter(|answered| belongs_to_handler(run, answered.exchange) && was_reached(answered.exchange));
    let found = reached.filter_map(|Answered { place, observed, control, .. }| {
        let finding = |message: String| Finding::new(place, Severity::Medium, message);
        if observed.status != control.status {
            let message =
                format!("The server changes the handler's status from {} to {}.", control.status, observed.status);
            return Some(finding(message).at_status());
        }
        if observed.body != control.body {
            return Some(finding("The server changes the handler's body.".to_owned()));
        }
        let is_other = |name: &str| !is_cors_header(name) && !["vary", "date"].contains(&&*name.to_ascii_lowercase());
        let values =
            |list: &HeaderList, name: &str| -> Vec<_> { list.named(name).map(|(_, value)| value.clone()).collect() };
        let mut names = control.headers.iter().map(|(name, _)| name.as_str()).filter(|name| is_other(name));
        let name = names.find(|name| values(&observed.headers, name) != values(&control.headers, name))?;
        Some(finding(format!("The server changes or drops the handler's header `{name}`.")).at_header(name))
    });
    found.collect()
}

fn vary_lost(run: &Run<'_>) -> Vec<Finding> {
    let reached =
        answered(run).filter(|answered| belongs_to_handler(run, answered.exchange) && was_reached(answered.exchange));
    let found = reached.filter_map(|Answered { place, observed, control, .. }| {
        let kept = vary(&observed.headers);
        let is_lost = |member: &String| !kept.contains(member) && !kept.iter().any(|kept| kept == "*");
        let lost = vary(&control.headers).into_iter().find(is_lost)?;
        let message = format!("The server drops `{lost}` from the handler's `Vary`.");
        Some(Finding::new(place, Severity::Medium, message).at_header(VARY_HEADER))
    });
    found.collect()
}

fn vary_from_request(run: &Run<'_>) -> Vec<Finding> {
    let found = answered(run).filter_map(|Answered { place, exchange, observed, control }| {
        let own = vary(&control.headers);
        let asked = vary(&exchange.request.headers);
        let copied =
            vary(&observed.headers).into_iter().find(|member| asked.contains(member) && !own.contains(member))?;
        let message = format!("The server copies `{copied}` from the request's `Vary` to the response's `Vary`.");
        Some(Finding::new(place, Severity::Medium, message).at_header(VARY_HEADER))
    });
    found.collect()
}

fn preflight_reaches_handler(run: &Run<'_>) -> Vec<Finding> {
    let found = answered(run).filter(|Answered { exchange, .. }| {
        let has = |name: &'static str, is_valid: fn(&[u8]) -> bool| {
            exchange.request.headers.get(name).is_some_and(|value| is_valid(&value.to_vec()))
        };
        // No browser sends an invalid method or an empty `Origin`. How a server treats them is open.
        let is_valid = has(REQUEST_METHOD, is_token) && has(ORIGIN, |origin| !origin.is_empty());
        exchange.request.is_cors_preflight() && is_valid && exchange.observed.handler_calls > 0
    });
    let message = "The preflight reaches the handler.";
    found.map(|Answered { place, .. }| Finding::new(place, Severity::Medium, message)).collect()
}
