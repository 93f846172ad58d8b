//! [Private Network Access](https://wicg.github.io/private-network-access/), a separate protocol. Browsers have replaced it
//! with Local Network Access, so its severity is low. Middlewares still implement it.

use cors_reference::response::Response;

use super::{
    class::{Class, Severity},
    each::responses,
    header_names::{ALLOW_ORIGIN, ALLOW_PRIVATE_NETWORK, REQUEST_PRIVATE_NETWORK},
    robustness::ANSWERED,
    rule::{Finding, Rule},
};
use crate::drive::{Exchange, Run};

const PREFLIGHT: &str = "https://wicg.github.io/private-network-access/#cors-preflight";

pub(super) static RULES: &[&Rule] = &[&OVER_GRANT, &UNDER_GRANT];

/// The rule `over-grant/private-network`.
pub static OVER_GRANT: Rule = Rule {
    id: "over-grant/private-network",
    class: Class::OverGrant,
    severity: Severity::Low,
    requirement: "A page on a public network can reach a server on a private network only if the policy allows it.",
    why: "Any page on the internet can reach a printer or a router in the user's home.",
    quote: "Private Network Access adds a new preflight check: before a public website can make a request to a private IP \
            address (RFC 1918 ranges, localhost, link-local), the browser sends a preflight",
    link: PREFLIGHT,
    fix: "Send `Access-Control-Allow-Private-Network` only if it is configured, and only to permitted origins.",
    needs: &[],
    check: granted,
};

/// The rule `under-grant/private-network`.
pub static UNDER_GRANT: Rule = Rule {
    id: "under-grant/private-network",
    class: Class::UnderGrant,
    severity: Severity::Low,
    requirement: "A preflight gets access to a private network if the policy allows it.",
    why: "A page that sets up a device on the user's own network cannot reach the device.",
    quote: "The server must respond with: Access-Control-Allow-Private-Network: true",
    link: PREFLIGHT,
    fix: "Send `Access-Control-Allow-Private-Network: true` if the preflight asks for it.",
    needs: ANSWERED,
    check: refused,
};

fn granted(run: &Run<'_>) -> Vec<Finding> {
    let policy = &run.case.policy;
    let found = responses(run).filter(|(_, exchange, response)| {
        // The header has no effect for a denied origin unless `Access-Control-Allow-Origin` allows that origin too.
        let is_shared = response.headers.contains(ALLOW_ORIGIN);
        let is_denied = !policy.private_network || (is_shared && !run.may_read(exchange));
        asks(exchange) && is_denied && allows(response)
    });
    let message = "The response gives a public page access to the private network, which the policy denies.";
    found.map(|(place, ..)| Finding::new(place, Severity::Low, message).at_header(ALLOW_PRIVATE_NETWORK)).collect()
}

fn refused(run: &Run<'_>) -> Vec<Finding> {
    let found = responses(run).filter(|(_, exchange, response)| {
        let is_permitted =
            run.case.policy.private_network && run.may_read(exchange) && exchange.fetch_behind().is_some();
        asks(exchange) && is_permitted && !allows(response)
    });
    let message = "The response does not give the page access to the private network, which the policy permits.";
    found.map(|(place, ..)| Finding::new(place, Severity::Low, message).at_header(ALLOW_PRIVATE_NETWORK)).collect()
}

/// Returns true if the request is a preflight that asks for access to a private network.
fn asks(exchange: &Exchange) -> bool {
    let asked = exchange.request.headers.get(REQUEST_PRIVATE_NETWORK);
    exchange.request.is_cors_preflight() && asked.is_some_and(|value| value == *"true")
}

fn allows(response: &Response) -> bool {
    response.headers.get(ALLOW_PRIVATE_NETWORK).is_some_and(|value| value == *"true")
}
