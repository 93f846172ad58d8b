//! Mutants that get methods, request headers or exposed headers wrong.

use cors_reference::{policy::Wish, response::Response};

use super::{Mutant, set};

const SYNTAX: &str = "https://fetch.spec.whatwg.org/#http-new-header-syntax";
const PREFLIGHT: &str = "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "allows-every-method",
        wrong: "Allows whatever method is asked for.",
        rule: "over-grant/method",
        source: PREFLIGHT,
        serve: |served, request| served.serve_with(request, |policy| policy.methods = Wish::Mirror),
    },
    Mutant {
        id: "allows-every-request-header",
        wrong: "Allows whatever request headers are asked for.",
        rule: "over-grant/request-header",
        source: PREFLIGHT,
        serve: |served, request| served.serve_with(request, |policy| policy.request_headers = Wish::Mirror),
    },
    Mutant {
        id: "exposes-every-header",
        wrong: "Exposes every header of the response.",
        rule: "over-grant/exposed-header",
        source: "https://fetch.spec.whatwg.org/#concept-main-fetch",
        serve: |served, request| served.serve_with(request, |policy| policy.exposed_headers = Wish::Any),
    },
    Mutant {
        id: "methods-in-lower-case",
        wrong: "Lists methods in lower case, though they compare byte for byte.",
        rule: "under-grant/method",
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| list.to_ascii_lowercase());
            response
        },
    },
    Mutant {
        id: "first-request-header-only",
        wrong: "Lists only the first of the allowed request headers.",
        rule: "under-grant/request-header",
        source: PREFLIGHT,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Headers", |list| {
                list.split(',').next().unwrap_or_default().to_owned()
            });
            response
        },
    },
    Mutant {
        id: "semicolons-in-lists",
        wrong: "Separates the allowed methods by semicolons, so that the list does not parse.",
        rule: "under-grant/malformed-list",
        source: SYNTAX,
        serve: |served, request| {
            let mut response = served.serve(request);
            rewrite(&mut response, "Access-Control-Allow-Methods", |list| format!("{list};"));
            response
        },
    },
    Mutant {
        id: "exposes-nothing",
        wrong: "Forgets Access-Control-Expose-Headers.",
        rule: "under-grant/exposed-header",
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| served.serve_with(request, |policy| policy.exposed_headers = Wish::List(Vec::new())),
    },
];

/// Rewrites a header of a response, where it has it.
fn rewrite(response: &mut Response, name: &str, change: impl FnOnce(&str) -> String) {
    if let Some(value) = response.headers.get(name) {
        let value = change(&String::from_utf8_lossy(&value.to_vec()));
        set(response, name, &value);
    }
}
