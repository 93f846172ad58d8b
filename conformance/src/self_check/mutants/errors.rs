//! Mutants that are correct on success and wrong for other statuses.

use cors_adapters::{handler::Failing, handler::Route, reference_server::Served};
use cors_reference::{request::WireRequest, response::Response};

use super::mutant::Mutant;
use crate::rules::{missing_on_error, under_grant};

const CHECKLIST: &str = "https://fetch.spec.whatwg.org/#http-responses";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "headers-on-success-only",
        wrong: "Omits the CORS headers unless the status is 200 to 299.",
        rule: &missing_on_error::STATUS,
        source: "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header",
        serve: |served, request| omitting(served, request, |response| !response.has_ok_status()),
    },
    Mutant {
        id: "no-headers-on-redirects",
        wrong: "Omits the CORS headers from redirects.",
        rule: &missing_on_error::STATUS,
        source: CHECKLIST,
        serve: |served, request| omitting(served, request, |response| (300..400).contains(&response.status)),
    },
    Mutant {
        id: "no-headers-on-server-errors",
        wrong: "Omits the CORS headers if the status is 500 or above.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/encode/starlette/issues/1116",
        serve: |served, request| omitting(served, request, |response| response.status >= 500),
    },
    Mutant {
        id: "no-headers-on-unauthorized",
        wrong: "Omits the CORS headers from a 401, because authentication runs first.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/actix/actix-extras/issues/588",
        serve: |served, request| omitting(served, request, |response| response.status == 401),
    },
    Mutant {
        id: "behind-the-router",
        wrong: "Omits the CORS headers from responses that the router generates, such as 404.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/http-rs/tide/issues/525",
        serve: |served, request| {
            let is_missing = served.handler.script().route == Route::Missing;
            omitting(served, request, |response| is_missing && response.status == 404)
        },
    },
    Mutant {
        id: "not-on-method-not-allowed",
        wrong: "Omits the CORS headers from the router's 405.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/seanmonstar/warp/issues/518",
        serve: |served, request| omitting(served, request, |response| response.status == 405),
    },
    Mutant {
        id: "not-on-returned-errors",
        wrong: "Omits the CORS headers if the handler returns an error instead of a response.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/actix/actix-extras/issues/19",
        serve: |served, request| {
            let fails = served.handler.script().fail == Some(Failing::Error);
            omitting(served, request, |_| fails)
        },
    },
    Mutant {
        id: "not-on-inner-failures",
        wrong: "Omits the CORS headers if a middleware in front of the handler fails.",
        rule: &missing_on_error::STATUS,
        source: "https://github.com/actix/actix-extras/pull/588",
        serve: |served, request| {
            let fails = served.handler.script().fail == Some(Failing::InnerMiddleware);
            omitting(served, request, |_| fails)
        },
    },
    Mutant {
        id: "no-exposed-headers-on-errors",
        wrong: "Omits Access-Control-Expose-Headers from error responses.",
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

/// Returns the model's response. Removes Access-Control-Allow-Origin if the request is not a preflight and `is_affected`
/// returns true for the response.
fn omitting(served: &Served, request: &WireRequest, is_affected: impl Fn(&Response) -> bool) -> Response {
    let mut response = served.serve(request);
    if !request.is_cors_preflight() && is_affected(&response) {
        for name in ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers"]
        {
            response.headers.delete(name);
        }
    }
    response
}
