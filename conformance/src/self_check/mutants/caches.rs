//! Mutants that are correct without a cache and wrong behind an HTTP cache.

use cors_reference::response::Response;

use super::mutant::Mutant;
use crate::{
    rules::{cache_unsafe, hygiene},
    self_check::response_edits::{drop_from_vary, set},
};

const CACHES: &str = "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "never-varies",
        wrong: "Adds nothing to Vary. A cache therefore serves the response to one visitor to everyone.",
        rule: &cache_unsafe::SHARED_REFUSES,
        source: "https://nvd.nist.gov/vuln/detail/CVE-2017-7674",
        serve: |served, request| without_vary(served.serve(request)),
    },
    Mutant {
        id: "varies-for-permitted-origins-only",
        wrong: "Sends Vary: Origin only if the origin is allowed.",
        rule: &cache_unsafe::SHARED_REFUSES,
        source: "https://github.com/expressjs/cors/issues/330",
        serve: |served, request| {
            let response = served.serve(request);
            if response.headers.contains("Access-Control-Allow-Origin") { response } else { without_vary(response) }
        },
    },
    Mutant {
        id: "varies-with-an-origin-only",
        wrong: "Sends Vary: Origin only if the request has an Origin.",
        rule: &cache_unsafe::SHARED_REFUSES,
        source: CACHES,
        serve: |served, request| {
            let response = served.serve(request);
            if request.headers.contains("Origin") { response } else { without_vary(response) }
        },
    },
    Mutant {
        id: "varies-by-another-header",
        wrong: "Sends Vary: Access-Control-Allow-Origin, which names a response header.",
        rule: &hygiene::VARY_MEMBER,
        source: "https://github.com/actix/actix-extras/issues/369",
        serve: |served, request| {
            let response = served.serve(request);
            let headers = response.headers.clone().with("Vary", "Access-Control-Allow-Origin");
            Response { headers, ..response }
        },
    },
    Mutant {
        id: "star-without-origin",
        wrong: "Sends `*` without Vary if the request has no Origin, even for a policy that lists origins.",
        rule: &cache_unsafe::SHARED_GRANTS,
        source: CACHES,
        serve: |served, request| {
            let mut response = served.serve(request);
            if !request.headers.contains("Origin") {
                response = without_vary(response);
                response.headers.delete("Access-Control-Allow-Credentials");
                set(&mut response, "Access-Control-Allow-Origin", "*");
            }
            response
        },
    },
    Mutant {
        id: "varies-for-shared-caches-only",
        wrong: "Sends no Vary if the response is private, because no shared cache stores it.",
        rule: &cache_unsafe::PRIVATE,
        source: CACHES,
        serve: |served, request| {
            let response = served.serve(request);
            let control = response.headers.get("Cache-Control").map(|value| value.to_vec()).unwrap_or_default();
            if control.starts_with(b"private") { without_vary(response) } else { response }
        },
    },
    Mutant {
        id: "preflights-do-not-vary",
        wrong: "Sends no Vary in the response to a preflight, although the response depends on the origin.",
        rule: &cache_unsafe::PREFLIGHT,
        source: "https://github.com/nelmio/NelmioCorsBundle/issues/110",
        serve: |served, request| {
            let response = served.serve(request);
            if request.is_cors_preflight() { without_vary(response) } else { response }
        },
    },
];

/// Returns the response without the members that the model adds to `Vary`.
fn without_vary(mut response: Response) -> Response {
    drop_from_vary(&mut response, "Origin");
    response
}
