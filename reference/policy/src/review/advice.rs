//! What works, and could be said better.

use crate::AllowList;
use cors_reference::safelist::{is_cors_safelisted_method, is_cors_safelisted_response_header_name};

use super::{
    Check, RemarkKind::Advice, each, each_origin, grants::is_reachable_method, unreachable::caps_in_words, whole,
};

/// The seconds of a year.
pub(super) const YEAR: u64 = 31_536_000;

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
            let message = "Without credentials `any` grants the same to the same, as one answer that a cache can keep \
                           for all. Write `any`, before somebody turns credentials on.";
            whole("origins", applies, message)
        },
    },
    Check {
        id: "subdomains-with-credentials",
        kind: Advice,
        quote: "Use an exact match against a set of known origins.",
        link: "https://fetch.spec.whatwg.org/#http-access-control-allow-origin",
        find: |policy| {
            each_origin(policy, |pattern, parts| {
                let is_own = !parts.is_loopback() && !parts.are_below_public_suffix();
                (policy.credentials && parts.subdomains && is_own).then(|| {
                    format!(
                        "Whoever takes over one subdomain, by a forgotten DNS record or a hole in its page, reads with \
                         credentials by `{pattern}`. List the subdomains in use."
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
            let message = "By the standard `*` is every header but `Authorization`, though browsers still let it pass. \
                           List the request headers if pages set that one.";
            whole("request_headers", applies, message)
        },
    },
    Check {
        id: "exposed-any",
        kind: Advice,
        quote: "Only expose the response headers your frontend actually reads",
        link: "https://fetch.spec.whatwg.org/#http-access-control-expose-headers",
        find: |policy| {
            let applies = policy.exposed_headers == AllowList::Any && !policy.credentials;
            let message = "Every response header is readable, those that a proxy or a framework adds among them. List \
                           the headers that the page reads.";
            whole("exposed_headers", applies, message)
        },
    },
    Check {
        id: "safelisted-method",
        kind: Advice,
        quote: "A CORS-safelisted method is a method that is GET, HEAD, or POST.",
        link: "https://fetch.spec.whatwg.org/#cors-safelisted-method",
        find: |policy| {
            each("methods", policy.methods.list(), |_, method| {
                let method = method.as_str();
                is_cors_safelisted_method(method).then(|| {
                    format!("`{method}` needs no listing, and leaving it out refuses nothing. It is harmless.")
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
            each("methods", policy.methods.list(), |_, method| {
                let is_upper = !method.as_str().bytes().any(|b| b.is_ascii_lowercase());
                let (method, is_reachable) = (method.as_str(), is_reachable_method(method));
                (is_reachable && !is_upper).then(|| {
                    let upper = method.to_ascii_uppercase();
                    format!(
                        "Methods compare byte for byte, so `{method}` does not grant `{upper}`. Write `{upper}`, if \
                             that is what pages send."
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
            each("exposed_headers", policy.exposed_headers.list(), |_, name| {
                is_cors_safelisted_response_header_name(name, &[])
                    .then(|| format!("`{name}` needs no listing, and leaving it out hides nothing. It is harmless."))
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
                "Where it is honoured, what is granted today is granted for {YEAR} seconds or more; browsers keep it at \
                 most: {}. Write an hour or a day.",
                caps_in_words()
            );
            whole("max_age", applies, &message)
        },
    },
    Check {
        id: "max-age-zero",
        kind: Advice,
        quote: "Set a reasonable Access-Control-Max-Age (don't cache forever, but don't force a preflight on every \
                request either)",
        link: MAX_AGE,
        find: |policy| {
            let message = "Each request that needs a preflight is preceded by one, every time. Write an hour or a day, once \
                           the policy is settled.";
            whole("max_age", policy.max_age == Some(0), message)
        },
    },
    Check {
        id: "private-network-no-longer-asked",
        kind: Advice,
        quote: "This proposal builds on top of Chrome's previously paused PRIVATE-NETWORK-ACCESS work but differs by \
                gating access on a permission rather than via preflight requests.",
        link: "https://wicg.github.io/local-network-access/#intro",
        find: |policy| {
            let message = "Where browsers ask before a page reaches a private network, they now ask the visitor and no \
                           longer the server. Turn it off, unless older browsers need it.";
            whole("private_network", policy.private_network, message)
        },
    },
];
