//! Panics, hangs, processes that end, and responses that are not valid HTTP.

use cors_adapters::Failure;
use cors_reference::response::Response;

use super::{
    class::{Class, Severity},
    rule::{Finding, Rule},
};
use crate::drive::{Cost, Exchange, Place, Run, is_cors_header};

const FREEDOM: &str = "Ultimately server developers have a lot of freedom in how they handle HTTP responses";
const ANSWERS: &str = "https://fetch.spec.whatwg.org/#http-responses";

pub(super) static RULES: &[&Rule] =
    &[&HANG, &ABORT, &ALLOCATIONS, &TIME, &SERVER_ERROR, &STATE, &PANIC, &MALFORMED_VALUE];

/// The rules that every rule about a page's success needs: without an answer, a further finding proves nothing.
pub(super) static ANSWERED: &[&Rule] = &[&PANIC, &ABORT, &HANG];

/// The rule `robustness/server-error`.
pub static SERVER_ERROR: Rule = Rule {
    id: "robustness/server-error",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "No request makes the middleware itself answer with a status from 500 to 599.",
    why: "Anyone can fill the error log, and its readers learn to ignore it.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Treat a header that does not parse like one that is not allowed.",
    needs: &[],
    check: failed,
};

/// The rule `robustness/state`.
pub static STATE: Rule = Rule {
    id: "robustness/state",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "Earlier requests do not change a response.",
    why: "The origin or the credentials of one visitor end up in the response to another.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Keep nothing of a request after its response.",
    needs: &[&PANIC],
    check: remembered,
};

/// The rule `robustness/panic`.
pub static PANIC: Rule = Rule {
    id: "robustness/panic",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "No request makes the middleware panic.",
    why: "One request from anyone ends a worker or, if panics abort, the server.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Treat every header as bytes from an attacker. Compare them, and do not unwrap.",
    needs: &[],
    check: panicked,
};

/// The rule `robustness/malformed-value`.
pub static MALFORMED_VALUE: Rule = Rule {
    id: "robustness/malformed-value",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "The response is valid HTTP, and no header value contains 0x00, 0x0A or 0x0D.",
    why: "An attacker who controls the value can split the response. A browser rejects the whole response.",
    quote: "Contains no 0x00 (NUL) or HTTP newline bytes.",
    link: "https://fetch.spec.whatwg.org/#header-value",
    fix: "Build header values with a type that rejects 0x00, 0x0A and 0x0D.",
    needs: &[],
    check: malformed,
};

/// Decided where allocations can be counted, for requests with a header that [grows](crate::case::Grow).
pub static ALLOCATIONS: Rule = Rule {
    id: "robustness/allocations",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "The memory that a request makes the server allocate grows no faster than the request.",
    why: "One header of the greatest accepted size costs the server more memory than a flood of small requests.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Split lists without copying the rest, and stop at the first name that is not allowed.",
    needs: &[],
    check: |run| grown(run, "memory that the server allocates", |cost| cost.allocations.bytes, BYTES),
};

/// Decided like [`ALLOCATIONS`]. The rule counts allocations, and each of them takes time. A clock would make the verdict
/// depend on the machine and its load. Work that allocates nothing is not counted.
pub static TIME: Rule = Rule {
    id: "robustness/time",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "The number of allocations, each of which takes time, grows no faster than the request.",
    why: "One header of the greatest accepted size keeps the server busy for seconds.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Look names up in a set instead of comparing each name with every other.",
    needs: &[],
    check: |run| grown(run, "number of allocations", |cost| cost.allocations.count, COUNT),
};

/// The rule `robustness/hang`.
pub static HANG: Rule = Rule {
    id: "robustness/hang",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "The server answers every request in time.",
    why: "One request from anyone keeps a worker busy forever.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Make sure that each iteration over a header's bytes advances by at least one byte.",
    needs: &[],
    check: |run| {
        find(run, |exchange| match &exchange.observed.result {
            Err(Failure::Hung(why)) => Some(format!("The server does not answer the request: {why}.")),
            _ => None,
        })
    },
};

/// The rule `robustness/abort`.
pub static ABORT: Rule = Rule {
    id: "robustness/abort",
    class: Class::Robustness,
    severity: Severity::High,
    requirement: "No request ends the server's process.",
    why: "One request from anyone ends the server for everyone.",
    quote: FREEDOM,
    link: ANSWERS,
    fix: "Limit recursion by the configuration, not by the request, and never abort.",
    needs: &[],
    check: |run| {
        find(run, |exchange| match &exchange.observed.result {
            Err(Failure::Ended(why)) => Some(format!("The server's process ends: {why}.")),
            _ => None,
        })
    },
};

fn panicked(run: &Run<'_>) -> Vec<Finding> {
    find(run, |exchange| {
        // If the case's handler is to panic, its panic counts only as long as the handler is not called.
        let is_scripted = exchange.control.result.is_err() && exchange.observed.handler_calls > 0;
        let Err(Failure::Panicked(why)) = &exchange.observed.result else { return None };
        (!is_scripted).then(|| format!("The server panics, and the application alone does not: {why}"))
    })
}

fn malformed(run: &Run<'_>) -> Vec<Finding> {
    let found = run.exchanges().filter_map(|(place, exchange)| {
        let finding = |message: String| Finding::new(place, Severity::High, message);
        match &exchange.observed.result {
            Ok(response) => {
                let (name, value) = response.headers.iter().find(|(_, value)| !value.is_header_value())?;
                let message = format!("The value of the response header `{name}` is {value:?}.");
                Some(finding(message).at_header(name.as_str()))
            }
            Err(Failure::Malformed(why)) => Some(finding(format!("The response is not valid HTTP: {why}."))),
            Err(_) => None,
        }
    });
    found.collect()
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
    let is_steep = |less: &Cost, more: &Cost| {
        let ratio = (more.size / less.size) as u64;
        let proportional = amount(less).max(1).saturating_mul(ratio);
        amount(more) > proportional.saturating_mul(bound.factor) && amount(more) > more.size as u64 * bound.per_byte
    };
    let visits = run.visits.iter().enumerate();
    let steep = visits.filter(|(_, visit)| visit.costs.windows(2).any(|pair| is_steep(&pair[0], &pair[1])));
    let message = format!("As the header grows, the {what} grows much faster than the header.");
    steep.map(|(visit, _)| Finding::new(Place { visit, exchange: 0 }, Severity::High, message.clone())).collect()
}

fn failed(run: &Run<'_>) -> Vec<Finding> {
    let is_an_error = |status: u16| (500..=599).contains(&status);
    let found = run.exchanges().filter_map(|(place, exchange)| {
        let (status, own) = (exchange.response()?.status, exchange.control_response()?.status);
        let message = format!("The server answers with {status}, and the application alone answers with {own}.");
        let is_own_error = is_an_error(status) && !is_an_error(own);
        is_own_error.then(|| Finding::new(place, Severity::High, message).at_status())
    });
    found.collect()
}

/// Compares the last answer with the answer of a new server to the same request.
fn remembered(run: &Run<'_>) -> Vec<Finding> {
    let fresh = run.fresh.as_ref().and_then(|fresh| fresh.result.as_ref().ok());
    let last = run.exchanges().next_back();
    let (Some((place, exchange)), Some(fresh)) = (last, fresh) else { return Vec::new() };
    let Some(observed) = exchange.response() else { return Vec::new() };
    let cors_headers = |response: &Response| -> Vec<(String, String)> {
        let headers = response.headers.iter().filter(|(name, _)| is_cors_header(name.as_str()) || **name == *"Vary");
        headers.map(|(name, value)| (name.as_str().to_ascii_lowercase(), value.isomorphic_decode())).collect()
    };
    let (headers, fresh_headers) = (cors_headers(observed), cors_headers(fresh));
    if observed.status == fresh.status && headers == fresh_headers {
        return Vec::new();
    }
    let list = fresh_headers.iter().map(|(name, value)| format!("`{name}: {value}`")).collect::<Vec<_>>().join(", ");
    let list = if list.is_empty() { "no CORS headers".to_owned() } else { list };
    let message = format!(
        "A new server answers the last request differently, with status {} and {list}. An earlier request changed the \
         answer.",
        fresh.status
    );
    let finding = Finding::new(place, Severity::High, message);
    let mut differing = headers.iter().chain(&fresh_headers);
    let differing = differing.find(|header| headers.contains(header) != fresh_headers.contains(header));
    vec![match differing {
        _ if observed.status != fresh.status => finding.at_status(),
        Some((name, _)) => finding.at_header(name),
        None => finding,
    }]
}

fn find(run: &Run<'_>, check: impl Fn(&Exchange) -> Option<String>) -> Vec<Finding> {
    let found = run.exchanges().filter_map(|(place, exchange)| {
        let message = check(exchange)?;
        Some(Finding::new(place, Severity::High, message))
    });
    found.collect()
}
