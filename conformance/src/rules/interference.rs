//! The middleware harms what is not CORS, judged against the same application without it.

use cors_adapters::Observation;
use cors_reference::{header_list::HeaderList, response::Response};

use super::{Class, Finding, Rule, each_answer, is_from_own_origin, may_read};
use crate::drive::{Exchange, Run};

const GENERAL: &str = "https://fetch.spec.whatwg.org/#http-requests";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "interference/plain-options",
        class: Class::Interference,
        says: "An OPTIONS request that is no CORS-preflight request reaches the handler.",
        quote: "It uses `OPTIONS` as method and includes the following header: Access-Control-Request-Method",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-request",
        needs: &[],
        check: |run| not_reached(run, |exchange| exchange.request.method == "OPTIONS"),
    },
    Rule {
        id: "interference/no-origin",
        class: Class::Interference,
        says: "A request without Origin reaches the handler.",
        quote: "A CORS request is an HTTP request that includes an `Origin` header.",
        link: GENERAL,
        needs: &[],
        check: |run| not_reached(run, |exchange| !is_options(exchange) && !exchange.request.headers.contains("Origin")),
    },
    Rule {
        id: "interference/same-origin",
        class: Class::Interference,
        says: "A request of the server's own origin reaches the handler, with Origin or without.",
        quote: "It cannot be reliably identified as participating in the CORS protocol as the `Origin` header is also \
                included for all requests whose method is neither `GET` nor `HEAD`.",
        link: GENERAL,
        needs: &[],
        check: |run| not_reached(run, |exchange| !is_options(exchange) && is_from_own_origin(exchange)),
    },
    Rule {
        id: "interference/permitted-request",
        class: Class::Interference,
        says: "A request of a permitted origin reaches the handler.",
        quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
                use any status",
        link: "https://fetch.spec.whatwg.org/#http-responses",
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
        says: "The handler's status, body and headers come through.",
        quote: "A successful HTTP response, i.e., one where the server developer intends to share it, to a CORS request can \
                use any status",
        link: "https://fetch.spec.whatwg.org/#http-responses",
        needs: &[],
        check: changed,
    },
    Rule {
        id: "interference/vary",
        class: Class::Interference,
        says: "The handler's Vary comes through; members may be added.",
        quote: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
        link: "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
        needs: &[],
        check: vary_lost,
    },
    Rule {
        id: "interference/preflight-reaches-handler",
        class: Class::Interference,
        says: "The handler does not see a CORS-preflight request.",
        quote: "A CORS-preflight request is a CORS request that checks to see if the CORS protocol is understood.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-request",
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
    each_answer(run, |_, exchange, observed, _| {
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
    each_answer(run, |_, exchange, observed, control| {
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
    each_answer(run, |_, exchange, observed, control| {
        if !is_the_handlers(run, exchange) || !was_reached(exchange) {
            return None;
        }
        let kept = vary(observed);
        let is_lost = |member: &String| !kept.contains(member) && !kept.iter().any(|kept| kept == "*");
        let lost = vary(control).into_iter().find(is_lost)?;
        Some(format!("`{lost}` of the handler's Vary is lost."))
    })
}

/// The members of a response's `Vary`, in lower case.
fn vary(response: &Response) -> Vec<String> {
    let lines = response.headers.named("Vary").map(|(_, value)| value.isomorphic_decode().to_ascii_lowercase());
    lines.flat_map(|line| line.split(',').map(|member| member.trim().to_owned()).collect::<Vec<_>>()).collect()
}

fn preflight_reaches_handler(run: &Run<'_>) -> Vec<Finding> {
    each_answer(run, |_, exchange, _, _| {
        let is_seen = exchange.request.is_cors_preflight() && exchange.observed.handler_calls > 0;
        is_seen.then(|| "The preflight reaches the handler.".to_owned())
    })
}
