//! A panic, a hang, a process that ends, or an answer that is no HTTP.

use cors_adapters::Failure;
use cors_reference::response::Response;

use super::{Class, Finding, Rule, Severity, has_panicked, is_of_cors};
use crate::drive::{Cost, Run};

const FREEDOM: &str = "Ultimately server developers have a lot of freedom in how they handle HTTP responses";
const ANSWERS: &str = "https://fetch.spec.whatwg.org/#http-responses";

pub(super) const RULES: &[Rule] = &[
    HANG,
    ABORT,
    ALLOCATIONS,
    TIME,
    Rule {
        id: "robustness/server-error",
        class: Class::Robustness,
        severity: Severity::High,
        says: "No request makes the middleware answer 500 to 599 of its own.",
        why: "Anyone fills the error log, and whoever watches it learns to look away.",
        quote: FREEDOM,
        link: ANSWERS,
        mend: "Treat a header that does not parse as one that is not allowed.",
        needs: &[],
        check: failed,
    },
    Rule {
        id: "robustness/state",
        class: Class::Robustness,
        severity: Severity::High,
        says: "What was asked before changes no answer.",
        why: "One visitor's origin, or credentials, end up in the answer to another.",
        quote: FREEDOM,
        link: ANSWERS,
        mend: "Keep nothing of a request beyond its answer.",
        needs: &["robustness/panic"],
        check: remembered,
    },
    Rule {
        id: "robustness/panic",
        class: Class::Robustness,
        severity: Severity::High,
        says: "No request makes the middleware panic.",
        why: "One request from anyone takes down a worker or, where panics abort, the server.",
        quote: FREEDOM,
        link: ANSWERS,
        mend: "Treat every header as bytes from an attacker: compare, and do not unwrap.",
        needs: &[],
        check: panicked,
    },
    Rule {
        id: "robustness/malformed-value",
        class: Class::Robustness,
        severity: Severity::High,
        says: "The answer is HTTP, and no header value of it holds 0x00, 0x0A or 0x0D.",
        why: "Whoever writes into the value can split the answer; a browser refuses it as a whole.",
        quote: "Contains no 0x00 (NUL) or HTTP newline bytes.",
        link: "https://fetch.spec.whatwg.org/#header-value",
        mend: "Build header values by a type that refuses 0x00, 0x0A and 0x0D.",
        needs: &[],
        check: malformed,
    },
];

/// Decided where allocations can be counted, for requests with a header that [grows](crate::case::Grow).
pub const ALLOCATIONS: Rule = Rule {
    id: "robustness/allocations",
    class: Class::Robustness,
    severity: Severity::High,
    says: "The memory that a request makes the server allocate grows no faster than the request.",
    why: "One header of the greatest accepted size costs the server more memory than a flood of small requests.",
    quote: FREEDOM,
    link: ANSWERS,
    mend: "Split lists without copying the rest, and stop at the first name that is not allowed.",
    needs: &[],
    check: |run| grown(run, "memory that the server allocates", |cost| cost.allocations.bytes, BYTES),
};

/// Decided like [`ALLOCATIONS`]. The rule counts allocations, and each of them takes time. A clock would make the verdict
/// depend on the machine and its load. Work that allocates nothing is not counted.
pub const TIME: Rule = Rule {
    id: "robustness/time",
    class: Class::Robustness,
    severity: Severity::High,
    says: "The number of allocations, each of which takes time, grows no faster than the request.",
    why: "One header of the greatest accepted size keeps the server busy for seconds.",
    quote: FREEDOM,
    link: ANSWERS,
    mend: "Look names up in a set instead of comparing each name with every other.",
    needs: &[],
    check: |run| grown(run, "number of allocations", |cost| cost.allocations.count, COUNT),
};

/// Of a server in this process the watchdog over the process finds it.
pub const HANG: Rule = Rule {
    id: "robustness/hang",
    class: Class::Robustness,
    severity: Severity::High,
    says: "Every request is answered in time.",
    why: "One request from anyone keeps a worker busy for good.",
    quote: FREEDOM,
    link: ANSWERS,
    mend: "Let every loop over a header's bytes go on by at least one.",
    needs: &[],
    check: |run| {
        find(run, |exchange| match &exchange.observed.result {
            Err(Failure::Hung(why)) => Some(format!("The request is not answered: {why}.")),
            _ => None,
        })
    },
};

/// The same of a process that ends, as by a stack that overflows.
pub const ABORT: Rule = Rule {
    id: "robustness/abort",
    class: Class::Robustness,
    severity: Severity::High,
    says: "No request ends the server's process.",
    why: "One request from anyone ends the server for everyone.",
    quote: FREEDOM,
    link: ANSWERS,
    mend: "Bound recursion by the configuration, not by the request, and never abort.",
    needs: &[],
    check: |run| {
        find(run, |exchange| match &exchange.observed.result {
            Err(Failure::Ended(why)) => Some(format!("The server is gone: {why}.")),
            _ => None,
        })
    },
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
        let response = match &exchange.observed.result {
            Ok(response) => response,
            Err(Failure::Malformed(why)) => return Some(format!("The answer is no HTTP: {why}.")),
            Err(_) => return None,
        };
        let (name, value) = response.headers.iter().find(|(_, value)| !value.is_header_value())?;
        Some(format!("The value of {name} is {value:?}."))
    })
}

/// The least growth between two sizes that is a finding. Both parts are generous: a server that doubles its buffers
/// stays below them.
struct Bound {
    /// The factor by which the cost exceeds one that is proportional to the size.
    factor: u64,
    /// The cost at the greater size, for each byte of that size.
    per_byte: u64,
}

/// The bound for the size of all allocations, in bytes.
const BYTES: Bound = Bound { factor: 3, per_byte: 100 };

/// The bound for the number of allocations.
const COUNT: Bound = Bound { factor: 3, per_byte: 10 };

fn grown(run: &Run<'_>, what: &str, amount: fn(&Cost) -> u64, bound: Bound) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, visit_run) in run.visits.iter().enumerate() {
        let is_steep = |less: &Cost, more: &Cost| {
            let ratio = (more.size / less.size) as u64;
            let proportional = amount(less).max(1).saturating_mul(ratio);
            amount(more) > proportional.saturating_mul(bound.factor) && amount(more) > more.size as u64 * bound.per_byte
        };
        if visit_run.costs.windows(2).any(|pair| is_steep(&pair[0], &pair[1])) {
            let message = format!("As the header grows, the {what} grows much faster than the header.");
            findings.push(Finding { visit, exchange: 0, severity: Severity::High, message, aside: Vec::new() });
        }
    }
    findings
}

fn failed(run: &Run<'_>) -> Vec<Finding> {
    find(run, |exchange| {
        let is_an_error = |status: u16| (500..=599).contains(&status);
        let status = exchange.observed.result.as_ref().ok()?.status;
        let own = exchange.control.result.as_ref().ok()?.status;
        (is_an_error(status) && !is_an_error(own))
            .then(|| format!("The request is answered {status}, and the application alone answers {own}."))
    })
}

/// Compares the last answer with that of a server that was never asked before.
fn remembered(run: &Run<'_>) -> Vec<Finding> {
    let last_visit = run.visits.iter().enumerate().rev().find(|(_, visit)| !visit.exchanges.is_empty());
    let (Some((visit, of_visit)), Some(fresh)) = (last_visit, &run.fresh) else { return Vec::new() };
    let exchange = of_visit.exchanges.len() - 1;
    let (Ok(observed), Ok(fresh)) = (&of_visit.exchanges[exchange].observed.result, &fresh.result) else {
        return Vec::new();
    };
    let of_cors = |response: &Response| -> Vec<_> {
        let headers = response.headers.iter().filter(|(name, _)| is_of_cors(name.as_str()) || **name == *"Vary");
        headers.map(|(name, value)| (name.to_lowercase(), value.clone())).collect()
    };
    if observed.status == fresh.status && of_cors(observed) == of_cors(fresh) {
        return Vec::new();
    }
    let message = format!(
        "A server that was asked nothing before answers the last request otherwise: {}, {:?}.",
        fresh.status,
        of_cors(fresh).iter().map(|(name, value)| format!("{name}: {}", value.isomorphic_decode())).collect::<Vec<_>>()
    );
    vec![Finding { visit, exchange, severity: Severity::High, message, aside: Vec::new() }]
}

fn find(run: &Run<'_>, check: impl Fn(&crate::drive::Exchange) -> Option<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, of_visit) in run.visits.iter().enumerate() {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            if let Some(message) = check(of_exchange) {
                findings.push(Finding { visit, exchange, severity: Severity::High, message, aside: Vec::new() });
            }
        }
    }
    findings
}
