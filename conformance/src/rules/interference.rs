//! The middleware harms what is not CORS, judged against the same application without it.

use cors_adapters::Observation;
use cors_reference::{header::is_token, header_list::HeaderList};

use super::{Class, Finding, Rule, Severity, each_answer, is_from_own_origin, may_read, text::vary};
use crate::drive::{Exchange, Run};

const GENERAL: &str = "https://fetch.spec.whatwg.org/#http-requests";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "interference/plain-options",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "An OPTIONS request that is no CORS-preflight request reaches the handler.",
        why: "WebDAV, health checks and an API's own `OPTIONS` get an answer that is not theirs.",
        quote: "It uses `OPTIONS` as method and includes the following header: Access-Control-Request-Method",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-request",
        mend: "Take for a preflight only `OPTIONS` with `Origin` and `Access-Control-Request-Method`; hand on \
               everything else.",
        needs: &[],
        check: |run| not_reached(run, |exchange| exchange.request.method == "OPTIONS"),
    },
    Rule {
        id: "interference/no-origin",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "A request without Origin reaches the handler.",
        why: "Clients that are no browsers, navigations and health checks are locked out.",
        quote: "A CORS request is an HTTP request that includes an `Origin` header.",
        link: GENERAL,
        mend: "Hand on requests without `Origin`; CORS has nothing to say about them.",
        needs: &[],
        check: |run| not_reached(run, |exchange| !is_options(exchange) && !exchange.request.headers.contains("Origin")),
    },
    Rule {
        id: "interference/same-origin",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "A request of the server's own origin reaches the handler, with Origin or without.",
        why: "The site's own forms fail once CORS is switched on, since browsers send `Origin` with every POST.",
        quote: "It cannot be reliably identified as participating in the CORS protocol as the `Origin` header is also \
                included for all requests whose method is neither `GET` nor `HEAD`.",
        link: GENERAL,
        mend: "Hand on a request whatever its `Origin`; leave out the headers and let the browser refuse.",
        needs: &[],
        check: |run| not_reached(run, |exchange| !is_options(exchange) && is_from_own_origin(exchange)),
    },
    Rule {
        id: "interference/permitted-request",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "A request of a permitted origin reaches the handler.",
        why: "A request that the policy permits gets an answer that is not the application's.",
        quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
                use any status",
        link: "https://fetch.spec.whatwg.org/#http-responses",
        mend: "Hand on every request that is no preflight.",
        needs: &[],
        check: |run| {
            not_reached(run, |exchange| {
                !is_options(exchange) && exchange.request.headers.contains("Origin") && !is_from_own_origin(exchange)
            })
        },
    },
    Rule {
        id: "interference/handler-response",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "The handler's status, body and headers come through.",
        why: "Statuses, bodies or headers of the application are lost or made up.",
        quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
                use any status",
        link: "https://fetch.spec.whatwg.org/#http-responses",
        mend: "Add the CORS headers to the answer, and leave the rest of it alone.",
        needs: &[],
        check: changed,
    },
    Rule {
        id: "interference/vary",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "The handler's Vary comes through; members may be added.",
        why: "A shared cache hands out a variant, such as a language or an encoding, to those who did not ask for it.",
        quote: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
        link: "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
        mend: "Append to `Vary`; never set it.",
        needs: &[],
        check: vary_lost,
    },
    Rule {
        id: "interference/vary-from-request",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "No request decides what its answer varies by.",
        why: "Whoever sends a request spoils a shared cache: by `*`, or by a header that differs for everyone, nothing is \
              found in it any more.",
        quote: "The \"Vary\" header field in a response describes what parts of a request message, aside from the method and \
                target URI, might have influenced the origin server's process for selecting the content of this response.",
        link: "https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5",
        mend: "Read the answer's `Vary` when adding to it, and never the request's.",
        needs: &[],
        check: vary_from_request,
    },
    Rule {
        id: "interference/preflight-reaches-handler",
        class: Class::Interference,
        severity: Severity::Medium,
        says: "The handler does not see a CORS-preflight request.",
        why: "A handler runs for a request that was only a question, with its side effects.",
        quote: "A CORS-preflight request is a CORS request that checks to see if the CORS protocol is understood.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-request",
        mend: "Answer preflights in the middleware and do not call on.",
        needs: &[],
        check: preflight_reaches_handler,
    },
];

fn is_options(exchange: &Exchange) -> bool {
    exchange.request.method == "OPTIONS"
}

/// Whether nothing allows the middleware to answer for the handler: no preflight, and no origin to refuse.
fn is_the_handlers(run: &Run<'_>, exchange: &Exchange) -> bool {
    !exchange.request.is_cors_preflight() && (may_read(run, exchange) || is_from_own_origin(exchange))
}

/// Whether the application was asked. Where its router answers for the handler, as by 404, its status tells.
fn was_reached(exchange: &Exchange) -> bool {
    let status = |observation: &Observation| observation.result.as_ref().ok().map(|response| response.status);
    let is_the_routers = exchange.control.handler_calls == 0;
    exchange.observed.handler_calls >= exchange.control.handler_calls
        && (!is_the_routers || status(&exchange.observed) == status(&exchange.control))
}

fn not_reached(run: &Run<'_>, is_it: fn(&Exchange) -> bool) -> Vec<Finding> {
    each_answer(run, Severity::Medium, |_, exchange, observed, _| {
        let is_lost = is_it(exchange) && is_the_handlers(run, exchange) && !was_reached(exchange);
        is_lost.then(|| {
            format!(
                "The {} request never reaches the application: {} is answered for it.",
                exchange.request.method, observed.status
            )
        })
    })
}

fn changed(run: &Run<'_>) -> Vec<Finding> {
    each_answer(run, Severity::Medium, |_, exchange, observed, control| {
        if !is_the_handlers(run, exchange) || !was_reached(exchange) {
            return None;
        }
        if observed.status != control.status {
            return Some(format!("The handler's status {} becomes {}.", control.status, observed.status));
        }
        if observed.body != control.body {
            return Some("The handler's body is changed.".to_owned());
        }
        let is_other = |name: &str| {
            let name = name.to_ascii_lowercase();
            !name.starts_with("access-control-") && !matches!(name.as_str(), "vary" | "date")
        };
        let values =
            |list: &HeaderList, name: &str| -> Vec<_> { list.named(name).map(|(_, value)| value.clone()).collect() };
        let names = control.headers.iter().map(|(name, _)| name.as_str()).filter(|name| is_other(name));
        let mut differing = names.filter(|name| values(&observed.headers, name) != values(&control.headers, name));
        differing.next().map(|name| format!("The handler's header {name} does not come through as it is."))
    })
}

fn vary_lost(run: &Run<'_>) -> Vec<Finding> {
    each_answer(run, Severity::Medium, |_, exchange, observed, control| {
        if !is_the_handlers(run, exchange) || !was_reached(exchange) {
            return None;
        }
        let kept = vary(&observed.headers);
        let is_lost = |member: &String| !kept.contains(member) && !kept.iter().any(|kept| kept == "*");
        let lost = vary(&control.headers).into_iter().find(is_lost)?;
        Some(format!("`{lost}` of the handler's Vary is lost."))
    })
}

fn vary_from_request(run: &Run<'_>) -> Vec<Finding> {
    each_answer(run, Severity::Medium, |_, exchange, observed, control| {
        let own = vary(&control.headers);
        let asked = vary(&exchange.request.headers);
        let taken =
            vary(&observed.headers).into_iter().find(|member| asked.contains(member) && !own.contains(member))?;
        Some(format!("`{taken}` of the request's own Vary is in the answer's."))
    })
}

fn preflight_reaches_handler(run: &Run<'_>) -> Vec<Finding> {
    each_answer(run, Severity::Medium, |_, exchange, _, _| {
        let has = |name: &'static str, is_it: fn(&[u8]) -> bool| {
            exchange.request.headers.get(name).is_some_and(|value| is_it(&value.to_vec()))
        };
        // No browser asks for what is no method, in the name of nobody; what becomes of that is open.
        let is_asked = has("Access-Control-Request-Method", is_token) && has("Origin", |origin| !origin.is_empty());
        let is_seen = exchange.request.is_cors_preflight() && is_asked && exchange.observed.handler_calls > 0;
        is_seen.then(|| "The preflight reaches the handler.".to_owned())
    })
}
