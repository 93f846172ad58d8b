//! Mutants that affect requests and headers outside of CORS.

use cors_reference::response::Response;

use super::mutant::Mutant;
use crate::{
    rules::{interference, under_grant},
    self_check::response_edits::{drop_from_vary, set, text},
};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "refuses-preflight-status",
        wrong: "Answers a preflight with 404 and the correct headers.",
        rule: &under_grant::PREFLIGHT_STATUS,
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
        id: "swallows-options",
        wrong: "Treats every OPTIONS request as a preflight.",
        rule: &interference::PLAIN_OPTIONS,
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
        wrong: "Refuses a same-origin request because of its Origin.",
        rule: &interference::SAME_ORIGIN,
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
        wrong: "Refuses a request without an Origin.",
        rule: &interference::NO_ORIGIN,
        source: "https://fetch.spec.whatwg.org/#origin-header",
        serve: |served, request| {
            if request.headers.contains("Origin") { served.serve(request) } else { Response::new(400) }
        },
    },
    Mutant {
        id: "checks-method-of-actual-request",
        wrong: "Refuses HEAD and POST unless the policy lists them, although the standard always permits them.",
        rule: &interference::PERMITTED_REQUEST,
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
        wrong: "Replaces the handler's status by 200.",
        rule: &interference::HANDLER_RESPONSE,
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
        rule: &interference::VARY,
        source: "https://github.com/http4s/http4s/issues/2003",
        serve: |served, request| {
            let mut response = served.serve(request);
            set(&mut response, "Vary", "Origin");
            response
        },
    },
    Mutant {
        id: "forwards-preflights",
        wrong: "Passes a preflight on to the handler.",
        rule: &interference::PREFLIGHT_REACHES_HANDLER,
        source: "https://fetch.spec.whatwg.org/#cors-preflight-request",
        serve: |served, request| {
            if request.is_cors_preflight() {
                cors_adapters::application::answer(&served.handler, &request.method);
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "vary-from-the-request",
        wrong: "Copies the Vary of the request into the response.",
        rule: &interference::VARY_FROM_REQUEST,
        source: "https://github.com/honojs/hono/security/advisories/GHSA-q7jf-gf43-6x6p",
        serve: |served, request| {
            let mut response = served.serve(request);
            let asked = text(request, "Vary");
            if !asked.is_empty() {
                response.headers = std::mem::take(&mut response.headers).with("Vary", &asked);
            }
            response
        },
    },
    Mutant {
        id: "first-vary-line-only",
        wrong: "Keeps only the first line of the handler's Vary.",
        rule: &interference::VARY,
        source: "https://docs.rs/actix-cors/0.7.2/actix_cors/",
        serve: |served, request| {
            let mut response = served.serve(request);
            let own = served.handler.script().headers.named("Vary").nth(1).map(|(_, value)| value.isomorphic_decode());
            if let Some(second) = own.filter(|_| !request.is_cors_preflight()) {
                for member in second.split(',') {
                    drop_from_vary(&mut response, member.trim());
                }
            }
            response
        },
    },
    Mutant {
        id: "swallows-options-with-origin",
        wrong: "Treats an OPTIONS request with an Origin as a preflight, even without Access-Control-Request-Method.",
        rule: &interference::PLAIN_OPTIONS,
        source: "https://github.com/fastify/fastify-cors/issues/54",
        serve: |served, request| {
            let is_plain = request.method == "OPTIONS" && !request.is_cors_preflight();
            if is_plain && request.headers.contains("Origin") {
                return Response::new(204);
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "drops-other-headers",
        wrong: "Replaces all headers of the handler's response by the CORS headers.",
        rule: &interference::HANDLER_RESPONSE,
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.headers.contains("Origin") {
                response.headers.delete("Cache-Control");
            }
            response
        },
    },
    Mutant {
        id: "empties-the-body",
        wrong: "Removes the body of every response to a request with an Origin.",
        rule: &interference::HANDLER_RESPONSE,
        source: "https://fetch.spec.whatwg.org/#http-responses",
        serve: |served, request| {
            let mut response = served.serve(request);
            if request.headers.contains("Origin") && !request.is_cors_preflight() {
                response.body.clear();
            }
            response
        },
    },
    Mutant {
        id: "swallows-options-without-origin",
        wrong: "Answers an OPTIONS request without an Origin itself, without CORS headers.",
        rule: &interference::PLAIN_OPTIONS,
        source: "https://github.com/fastify/fastify-cors/issues/54",
        serve: |served, request| {
            if request.method == "OPTIONS" && !request.headers.contains("Origin") {
                return Response::new(204);
            }
            served.serve(request)
        },
    },
];
