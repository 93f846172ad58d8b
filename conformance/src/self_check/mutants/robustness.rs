//! Mutants that a single request can break, or whose responses depend on earlier requests.

use cors_reference::response::Response;

use super::mutant::Mutant;
use crate::{
    rules::robustness,
    self_check::response_edits::{set, text},
};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "poisoned-by-a-panic",
        wrong: "Counts requests behind a lock that a panic of the handler poisons, and then panics at every request.",
        rule: &robustness::PANIC,
        source: "https://doc.rust-lang.org/std/sync/struct.Mutex.html#poisoning",
        serve: |served, request| {
            let Ok(mut memory) = served.memory.lock() else { panic!("the lock is poisoned") };
            memory.requests += 1;
            served.serve(request)
        },
    },
    Mutant {
        id: "panics-on-null",
        wrong: "Panics on an Origin that it cannot parse as a URL.",
        rule: &robustness::PANIC,
        source: "https://github.com/seanmonstar/warp/issues/518",
        serve: |served, request| {
            assert!(text(request, "Origin") != "null", "relative URL without a base");
            served.serve(request)
        },
    },
    Mutant {
        id: "panics-on-odd-bytes",
        wrong: "Panics on an Origin that is not UTF-8.",
        rule: &robustness::PANIC,
        source: "https://docs.rs/http/latest/http/header/struct.HeaderValue.html#method.to_str",
        serve: |served, request| {
            let origin = request.headers.get("Origin").map(|origin| origin.to_vec()).unwrap_or_default();
            assert!(origin.is_ascii(), "failed to convert header to a str");
            served.serve(request)
        },
    },
    Mutant {
        id: "fails-on-odd-origins",
        wrong: "Answers 500 to an Origin that is not `null` and has no scheme.",
        rule: &robustness::SERVER_ERROR,
        source: "https://github.com/fruitcake/laravel-cors/issues/149",
        serve: |served, request| {
            let origin = text(request, "Origin");
            if !origin.is_empty() && origin != "null" && !origin.contains("://") {
                return Response::new(500);
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "newline-in-value",
        wrong: "Ends a header value with a newline from a configuration file.",
        rule: &robustness::MALFORMED_VALUE,
        source: "https://fetch.spec.whatwg.org/#header-value",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() {
                set(&mut response, "Access-Control-Max-Age", "600\n");
            }
            response
        },
    },
    Mutant {
        id: "remembers-the-last-origin",
        wrong: "Remembers the origin that it allowed last, and sends it in the response to a later request without an Origin.",
        rule: &robustness::STATE,
        source: "https://github.com/encode/starlette/issues/510",
        serve: |served, request| {
            let mut response = served.serve(request);
            let allowed = response.headers.get("Access-Control-Allow-Origin").map(|value| value.to_vec());
            let allowed = allowed.map(|value| String::from_utf8_lossy(&value).into_owned());
            let Ok(mut memory) = served.memory.lock() else { return response };
            match (&allowed, &memory.origin) {
                (None, Some(last)) if !request.headers.contains("Origin") => {
                    set(&mut response, "Access-Control-Allow-Origin", last);
                }
                (Some(_), _) => memory.origin = allowed,
                _ => {}
            }
            response
        },
    },
    Mutant {
        id: "forgets-after-the-first",
        wrong: "Moves its list of methods into the response to the first preflight, and has none for the next.",
        rule: &robustness::STATE,
        source: "https://github.com/jub0bs/cors/issues/14",
        serve: |served, request| {
            let mut response = served.serve(request);
            if let (true, Ok(mut memory)) = (request.is_cors_preflight(), served.memory.lock()) {
                memory.requests += 1;
                if memory.requests > 1 {
                    response.headers.delete("Access-Control-Allow-Methods");
                }
            }
            response
        },
    },
];
