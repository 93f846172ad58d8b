//! A panic, a hang, a process that ends, or an answer that is no HTTP.

use super::{Class, Finding, Rule, Severity, has_panicked};
use crate::drive::Run;

const FREEDOM: &str = "Ultimately server developers have a lot of freedom in how they handle HTTP responses";
const ANSWERS: &str = "https://fetch.spec.whatwg.org/#http-responses";

pub(super) const RULES: &[Rule] = &[
    HANG,
    ABORT,
    Rule {
        id: "robustness/panic",
        class: Class::Robustness,
        says: "No request makes the middleware panic.",
        quote: FREEDOM,
        link: ANSWERS,
        needs: &[],
        check: panicked,
    },
    Rule {
        id: "robustness/malformed-value",
        class: Class::Robustness,
        says: "No header value of the answer holds 0x00, 0x0A or 0x0D.",
        quote: "Contains no 0x00 (NUL) or HTTP newline bytes.",
        link: "https://fetch.spec.whatwg.org/#header-value",
        needs: &[],
        check: malformed,
    },
];

/// Nothing in the process of a server that hangs or ends can find this: the watchdog over it does.
pub const HANG: Rule = Rule {
    id: "robustness/hang",
    class: Class::Robustness,
    says: "Every request is answered in time.",
    quote: FREEDOM,
    link: ANSWERS,
    needs: &[],
    check: |_| Vec::new(),
};

/// The same of a process that ends, as by a stack that overflows.
pub const ABORT: Rule = Rule {
    id: "robustness/abort",
    class: Class::Robustness,
    says: "No request ends the server's process.",
    quote: FREEDOM,
    link: ANSWERS,
    needs: &[],
    check: |_| Vec::new(),
};

fn panicked(run: &Run<'_>) -> Vec<Finding> {
    find(run, |exchange| {
        // The script's panic is the handler's own, and it is not reached unless it is called.
        let is_scripted = exchange.control.result.is_err() && exchange.observed.handler_calls > 0;
        let is_own = has_panicked(exchange) && !is_scripted;
        is_own.then(|| format!("The server panics, and the application alone does not: {:?}", exchange.observed.result))
    })
}

fn malformed(run: &Run<'_>) -> Vec<Finding> {
    find(run, |exchange| {
        let response = exchange.observed.result.as_ref().ok()?;
        let (name, value) = response.headers.iter().find(|(_, value)| !value.is_header_value())?;
        Some(format!("The value of {name} is {value:?}."))
    })
}

fn find(run: &Run<'_>, check: impl Fn(&crate::drive::Exchange) -> Option<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, of_visit) in run.visits.iter().enumerate() {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            if let Some(message) = check(of_exchange) {
                findings.push(Finding { visit, exchange, severity: Severity::High, message });
            }
        }
    }
    findings
}
