//! Mutants that answer right on success, and wrong on another status.

use cors_reference::{request::WireRequest, response::Response};

use super::Mutant;
use crate::rules::{missing_on_error, under_grant};
use cors_adapters::{handler::Failing, handler::Route, reference_server::Served};

const CHECKLIST: &str = "https://fetch.spec.whatwg.org/#http-responses";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "headers-on-success-only",
        wrong: "Leaves out the CORS headers unless the status is 200 to 299.",
        rule: &missing_on_error::STATUS,
        source: "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
        serve: |served, request| leaving_out(served, request, |response| !response.has_ok_status()),
    },
    Mutant {
        id: "no-headers-on-redirects",
        wrong: "Leaves out the CORS headers on redirects.",
        rule: &missing_on_error::STATUS,
        source: CHECKLIST,
        serve: |served, request| leaving_out(served, request, |response| (300..400).contains(&response.status)),
    },
    Mutant {
        id: "no-headers-on-server-errors",
        wrong: "Leaves out the CORS headers where the status is 500 or above.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/encode/starlette/issues/1116",
        serve: |served, request| leaving_out(served, request, |response| response.status >= 500),
    },
    Mutant {
        id: "no-headers-on-unauthorized",
        wrong: "Leaves out the CORS headers on 401, since authentication comes first.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/actix/actix-extras/issues/588",
        serve: |served, request| leaving_out(served, request, |response| response.status == 401),
    },
    Mutant {
        id: "behind-the-router",
        wrong: "Does not see what the router answers by itself, such as 404.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/http-rs/tide/issues/525",
        serve: |served, request| {
            let is_missing = served.handler.script().route == Route::Missing;
            leaving_out(served, request, |response| is_missing && response.status == 404)
        },
    },
    Mutant {
        id: "not-on-method-not-allowed",
        wrong: "Does not see the router's 405.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/seanmonstar/warp/issues/518",
        serve: |served, request| leaving_out(served, request, |response| response.status == 405),
    },
    Mutant {
        id: "not-on-returned-errors",
        wrong: "Leaves out the CORS headers where the handler returns an error in the place of an answer.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/actix/actix-extras/issues/19",
        serve: |served, request| {
            let fails = served.handler.script().fail == Some(Failing::Error);
            leaving_out(served, request, |_| fails)
        },
    },
    Mutant {
        id: "not-on-inner-failures",
        wrong: "Leaves out the CORS headers where a middleware before the handler fails.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/actix/actix-extras/pull/588",
        serve: |served, request| {
            let fails = served.handler.script().fail == Some(Failing::InnerMiddleware);
            leaving_out(served, request, |_| fails)
        },
    },
    Mutant {
        id: "no-exposed-headers-on-errors",
        wrong: "Forgets Access-Control-Expose-Headers on errors.",
        rule: &under_grant::EXPOSED_HEADER,
        source: CHECKLIST,
        serve: |served, request| {
            let mut response = served.serve(request);
            if !response.has_ok_status() {
                response.headers.delete("Access-Control-Expose-Headers");
            }
            response
        },
    },
];

/// The answer without Access-Control-Allow-Origin, but for preflights, where `is_it` says so.
fn leaving_out(served: &Served, request: &WireRequest, is_it: impl Fn(&Response) -> bool) -> Response {
    let mut response = served.serve(request);
    if !request.is_cors_preflight() && is_it(&response) {
        for name in ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers"]
        {
            response.headers.delete(name);
        }
    }
    response
}
