//! Mutants that get the origin wrong.

use cors_reference::{policy::Wish, request::WireRequest, response::Response};

use super::{Mutant, set, text};
use crate::reference_server::Served;

const CHECKLIST: &str = "https://portswigger.net/web-security/cors";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "reflects-any-origin",
        wrong: "Answers every origin with itself.",
        rule: "over-grant/origin",
        source: CHECKLIST,
        serve: |served, request| {
            let mut response = served.serve_as(request, |_| true);
            let origin = text(request, "Origin");
            if !origin.is_empty() {
                set(&mut response, "Access-Control-Allow-Origin", &origin);
            }
            response
        },
    },
    Mutant {
        id: "matches-prefix",
        wrong: "Allows an origin that begins with an allowed one, such as https://app.example.evil.example.",
        rule: "over-grant/origin",
        source: "https://github.com/rs/cors/issues/55",
        serve: |served, request| matching(served, request, |listed, origin| origin.starts_with(listed)),
    },
    Mutant {
        id: "matches-suffix",
        wrong: "Allows an origin whose host ends with an allowed one, such as https://evilapp.example.",
        rule: "over-grant/origin",
        source: CHECKLIST,
        serve: |served, request| matching(served, request, |listed, origin| origin.ends_with(host(listed))),
    },
    Mutant {
        id: "unescaped-dot",
        wrong: "Takes the dots of an allowed origin for any character, as an unescaped regular expression does.",
        rule: "over-grant/origin",
        source: "https://cwe.mitre.org/data/definitions/942.html",
        serve: |served, request| {
            matching(served, request, |listed, origin| {
                listed.len() == origin.len() && listed.bytes().zip(origin.bytes()).all(|(l, o)| l == b'.' || l == o)
            })
        },
    },
    Mutant {
        id: "ignores-scheme",
        wrong: "Compares hosts alone, so that http:// passes for https://.",
        rule: "over-grant/origin",
        source: CHECKLIST,
        serve: |served, request| matching(served, request, |listed, origin| host(listed) == host(origin)),
    },
    Mutant {
        id: "allows-null",
        wrong: "Allows the origin null, which any page can get by a sandboxed frame.",
        rule: "over-grant/origin",
        source: "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null",
        serve: |served, request| {
            let mut response = served.serve(request);
            if text(request, "Origin") == "null" {
                set(&mut response, "Access-Control-Allow-Origin", "null");
            }
            response
        },
    },
    Mutant {
        id: "first-origin-only",
        wrong: "Answers everyone with the first origin of the list.",
        rule: "under-grant/origin",
        source: "https://github.com/tower-rs/tower-http/pull/207",
        serve: |served, request| {
            served.serve_with(request, |policy| {
                if let Wish::List(patterns) = &mut policy.origins {
                    patterns.truncate(1);
                }
            })
        },
    },
    Mutant {
        id: "panics-on-null",
        wrong: "Panics on an Origin that it cannot parse as a URL.",
        rule: "robustness/panic",
        source: "https://github.com/seanmonstar/warp/issues/518",
        serve: |served, request| {
            assert!(text(request, "Origin") != "null", "relative URL without a base");
            served.serve(request)
        },
    },
];

/// The model's answer, with a policy's list compared by `matches`.
fn matching(served: &Served, request: &WireRequest, matches: impl Fn(&str, &str) -> bool) -> Response {
    let origin = text(request, "Origin");
    let listed = served.model.policy().origins.list();
    let is_wrongly_allowed = listed.iter().any(|pattern| pattern.is_exact() && matches(pattern.as_str(), &origin));
    let mut response = served.serve_as(request, |origin| is_wrongly_allowed || served.model.allows(origin));
    // A single static origin would be answered as it is.
    if is_wrongly_allowed {
        set(&mut response, "Access-Control-Allow-Origin", &origin);
    }
    response
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
