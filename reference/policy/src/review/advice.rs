//! Checks for policies that work and could be written better.

use crate::AllowList;
use cors_reference::safelist::{is_cors_safelisted_method, is_cors_safelisted_response_header_name};

use super::{
    check::{Check, RemarkKind::Advice, of_field, of_items, of_origins},
    grants::is_reachable_method,
    max_age::{YEAR, limits_in_words},
};

const MAX_AGE: &str = "https://fetch.spec.whatwg.org/#http-access-control-max-age";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "mirror-without-credentials",
        kind: Advice,
        quote: "However, if Access-Control-Allow-Origin is set to * or a static origin for a particular resource, then \
                configure the server to always send Access-Control-Allow-Origin in responses for the resource",
        link: "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches",
        find: |policy| {
            let applies = policy.origins == AllowList::Mirror && !policy.credentials;
            let message = "Without credentials, `any` permits the same fetches, and caches can share one response \
                           between all origins. Write `any` before someone turns credentials on.";
            of_field("origins", applies, message)
        },
    },
    Check {
        id: "subdomains-with-credentials",
        kind: Advice,
        quote: "Use an exact match against a set of known origins.",
        link: "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        find: |policy| {
            of_origins(policy, |pattern, parts| {
                let is_own = !parts.is_loopback() && !parts.are_below_public_suffix();
                (policy.credentials && parts.subdomains && is_own).then(|| {
                    format!(
                        "An attacker who takes over one subdomain, through a stale DNS record or a flaw in its page, \
                         can read with credentials because of `{pattern}`. List the subdomains in use."
                    )
                })
            })
        },
    },
    Check {
        id: "wildcard-leaves-out-authorization",
        kind: Advice,
        quote: "If one of request's header list's names is a CORS non-wildcard request-header name and is not a \
                byte-case-insensitive match for an item in headerNames, then return a network error.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        find: |policy| {
            let applies = policy.request_headers == AllowList::Any && !policy.credentials;
            let message = "The standard's `*` does not cover `Authorization`, although some browsers accept it. List \
                           the request headers if pages send `Authorization`.";
            of_field("request_headers", applies, message)
        },
    },
    Check {
        id: "exposed-any",
        kind: Advice,
        quote: "Only expose the response headers your frontend actually reads",
        link: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
        find: |policy| {
            let applies = policy.exposed_headers == AllowList::Any && !policy.credentials;
            let message = "Pages can read every response header, including those that a proxy or framework adds. List \
                           the headers that pages read.";
            of_field("exposed_headers", applies, message)
        },
    },
    Check {
        id: "safelisted-method",
        kind: Advice,
        quote: "A CORS-safelisted method is a method that is GET, HEAD, or POST.",
        link: "https://fetch.spec.whatwg.org/#cors-safelisted-method",
        find: |policy| {
            of_items("methods", policy.methods.list(), |_, method| {
                let method = method.as_str();
                is_cors_safelisted_method(method).then(|| {
                    format!(
                        "`{method}` is always permitted. The entry has no effect, and removing it refuses \
                             nothing."
                    )
                })
            })
        },
    },
    Check {
        id: "method-in-lower-case",
        kind: Advice,
        quote: "Egg or eGg would be fine, though uppercase is encouraged for consistency.",
        link: "https://fetch.spec.whatwg.org/#concept-method-normalize",
        find: |policy| {
            of_items("methods", policy.methods.list(), |_, method| {
                let is_upper = !method.as_str().bytes().any(|b| b.is_ascii_lowercase());
                let (method, is_reachable) = (method.as_str(), is_reachable_method(method));
                (is_reachable && !is_upper).then(|| {
                    let upper = method.to_ascii_uppercase();
                    format!(
                        "Methods are compared byte for byte, so `{method}` does not permit `{upper}`. Write `{upper}` \
                         if pages send that."
                    )
                })
            })
        },
    },
    Check {
        id: "safelisted-response-header",
        kind: Advice,
        quote: "A CORS-safelisted response-header name, given a list of header names list, is a header name that is a \
                byte-case-insensitive match for one of",
        link: "https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name",
        find: |policy| {
            of_items("exposed_headers", policy.exposed_headers.list(), |_, name| {
                is_cors_safelisted_response_header_name(name, &[]).then(|| {
                    format!(
                        "`{name}` is always readable. The entry has no effect, and removing it hides \
                                      nothing."
                    )
                })
            })
        },
    },
    Check {
        id: "max-age-of-a-year",
        kind: Advice,
        quote: "Don't set Access-Control-Max-Age to a year. A day or an hour is usually enough.",
        link: MAX_AGE,
        find: |policy| {
            let applies = policy.max_age.is_some_and(|seconds| seconds >= YEAR);
            let message = format!(
                "A browser without a limit keeps a permission for {YEAR} seconds or more. Browsers with a limit keep \
                 it for less: {}. Write an hour or a day.",
                limits_in_words()
            );
            of_field("max_age", applies, &message)
        },
    },
    Check {
        id: "max-age-zero",
        kind: Advice,
        quote: "Set a reasonable Access-Control-Max-Age (don't cache forever, but don't force a preflight on every \
                request either)",
        link: MAX_AGE,
        find: |policy| {
            let message = "Browsers send a preflight before every request that needs one. Write an hour or a day once \
                           the policy is stable.";
            of_field("max_age", policy.max_age == Some(0), message)
        },
    },
    Check {
        id: "private-network-no-longer-asked",
        kind: Advice,
        quote: "This proposal builds on top of Chrome's previously paused PRIVATE-NETWORK-ACCESS work but differs by \
                gating access on a permission rather than via preflight requests.",
        link: "https://wicg.github.io/local-network-access/#intro",
        find: |policy| {
            let message = "Current browsers ask the visitor, not the server, before a page reaches a private network. \
                           Turn `private_network` off unless older browsers need it.";
            of_field("private_network", policy.private_network, message)
        },
    },
];
