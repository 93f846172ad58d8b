//! Mutants that harm what is not CORS, or answer right on success alone.

use cors_reference::response::Response;

use super::{Mutant, set, text};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "refuses-preflight-status",
        wrong: "Answers a preflight 404, with the right headers.",
        rule: "under-grant/preflight-status",
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.is_cors_preflight() {
                response.status = 404;
            }
            response
        },
    },
    Mutant {
        id: "headers-on-success-only",
        wrong: "Leaves out the CORS headers unless the status is 200 to 299.",
        rule: "missing-on-error/status",
        source: "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
        serve: |served, request| {
            let mut response = served.serve(request);
            if !response.has_ok_status() {
                response.headers.delete("Access-Control-Allow-Origin");
            }
            response
        },
    },
    Mutant {
        id: "swallows-options",
        wrong: "Takes every OPTIONS request for a preflight.",
        rule: "interference/plain-options",
        source: "https://github.com/tower-rs/tower-http/issues/497",
        serve: |served, request| {
            if request.method == "OPTIONS" && !request.is_cors_preflight() {
                return Response::new(200);
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "blocks-same-origin",
        wrong: "Refuses a request for its Origin, though it is the server's own.",
        rule: "interference/same-origin",
        source: "https://github.com/actix/actix-extras/issues/286",
        serve: |served, request| {
            let origin = text(request, "Origin");
            if !origin.is_empty() && !served.model.allows(&origin) && !request.is_cors_preflight() {
                return Response::new(403);
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "blocks-without-origin",
        wrong: "Refuses a request that has no Origin.",
        rule: "interference/no-origin",
        source: "https://fetch.spec.whatwg.org/#origin-header",
        serve: |served, request| {
            if request.headers.contains("Origin") { served.serve(request) } else { Response::new(400) }
        },
    },
    Mutant {
        id: "checks-method-of-actual-request",
        wrong: "Refuses a HEAD or POST that the policy does not list, though they need no listing.",
        rule: "interference/permitted-request",
        source: "https://fetch.spec.whatwg.org/#cors-safelisted-method",
        serve: |served, request| {
            let is_listed = served.model.policy().methods.list().iter().any(|method| method.as_str() == request.method);
            let mut response = served.serve(request);
            let needs_none = matches!(request.method.as_str(), "HEAD" | "POST");
            if needs_none && !is_listed && request.headers.contains("Origin") {
                served.handler.take_calls();
                response.status = 405;
            }
            response
        },
    },
    Mutant {
        id: "changes-status",
        wrong: "Answers 200 whatever the handler's status.",
        rule: "interference/handler-response",
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            let mut response = served.serve(request);
            if !request.is_cors_preflight() {
                response.status = 200;
            }
            response
        },
    },
    Mutant {
        id: "overwrites-vary",
        wrong: "Replaces the handler's Vary.",
        rule: "interference/vary",
        source: "https://github.com/http4s/http4s/issues/2003",
        serve: |served, request| {
            let mut response = served.serve(request);
            set(&mut response, "Vary", "Origin");
            response
        },
    },
    Mutant {
        id: "poisoned-by-a-panic",
        wrong: "Counts requests behind a lock that a handler's panic poisons, and panics at every later request.",
        rule: "robustness/panic",
        source: "https://doc.rust-lang.org/std/sync/struct.Mutex.html#poisoning",
        serve: |served, request| {
            let Ok(mut count) = served.count.lock() else { panic!("the lock is poisoned") };
            *count += 1;
            served.serve(request)
        },
    },
    Mutant {
        id: "newline-in-value",
        wrong: "Ends a header's value with a newline that a configuration file left there.",
        rule: "robustness/malformed-value",
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
        id: "forwards-preflights",
        wrong: "Lets the handler see a preflight.",
        rule: "interference/preflight-reaches-handler",
        source: "https://fetch.spec.whatwg.org/#cors-preflight-request",
        serve: |served, request| {
            if request.is_cors_preflight() {
                crate::application::answer(&served.handler, request);
            }
            served.serve(request)
        },
    },
];
