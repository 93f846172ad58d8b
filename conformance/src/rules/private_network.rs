//! [Private Network Access](https://wicg.github.io/private-network-access/), a protocol of its own beside CORS. Browsers
//! have replaced it by Local Network Access, so that its divergences weigh little; middlewares still speak it.

use cors_reference::response::Response;

use super::{ANSWERED, Class, Finding, Rule, Severity, each_response, may_read};
use crate::drive::{Exchange, Run};

const ASKS: &str = "Access-Control-Request-Private-Network";
const ALLOWS: &str = "Access-Control-Allow-Private-Network";
const PREFLIGHT: &str = "https://wicg.github.io/private-network-access/#cors-preflight";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "over-grant/private-network",
        class: Class::OverGrant,
        severity: Severity::Low,
        says: "A page of a public network reaches the server on a private one only where the policy says so.",
        why: "Any page on the internet reaches a printer or a router in the user's home, with the rights of that \
              network.",
        quote: "Private Network Access adds a new preflight check: before a public website can make a request to a private IP \
                address (RFC 1918 ranges, localhost, link-local), the browser sends a preflight",
        link: PREFLIGHT,
        mend: "Answer `Access-Control-Allow-Private-Network` only where it is configured, and to permitted origins \
               alone.",
        needs: &[],
        check: |run| {
            each_response(run, Severity::Low, |exchange, response| {
                // To a denied origin it says nothing unless that is allowed, too.
                let is_shared = response.headers.contains("Access-Control-Allow-Origin");
                let is_denied = !run.case.policy.private_network || (is_shared && !may_read(run, exchange));
                (asks(exchange) && is_denied && allows(response)).then(|| {
                    "The answer lets a public page into the private network, which the policy denies.".to_owned()
                })
            })
        },
    },
    Rule {
        id: "under-grant/private-network",
        class: Class::UnderGrant,
        severity: Severity::Low,
        says: "A preflight that asks for a private network is granted it where the policy says so.",
        why: "A page that sets up a device in the user's own network cannot reach it.",
        quote: "The server must respond with: Access-Control-Allow-Private-Network: true",
        link: PREFLIGHT,
        mend: "Answer `Access-Control-Allow-Private-Network: true` where the preflight asks for it.",
        needs: ANSWERED,
        check: refused,
    },
];

fn refused(run: &Run<'_>) -> Vec<Finding> {
    each_response(run, Severity::Low, |exchange, response| {
        let is_permitted =
            run.case.policy.private_network && may_read(run, exchange) && exchange.fetch_behind().is_some();
        (asks(exchange) && is_permitted && !allows(response))
            .then(|| "The answer does not let the page into the private network, which the policy permits.".to_owned())
    })
}

/// Whether a preflight asks for access.
fn asks(exchange: &Exchange) -> bool {
    let asked = exchange.request.headers.get(ASKS);
    exchange.request.is_cors_preflight() && asked.is_some_and(|value| value == *"true")
}

fn allows(response: &Response) -> bool {
    response.headers.get(ALLOWS).is_some_and(|value| value == *"true")
}
