//! Checks for parts of a policy that grant something that no browser ever uses.
//!
//! There is no check for origins of `file:` and `data:` URLs. Their pages have the origin `null`, so no policy can list
//! them.

use cors_reference::{
    port_blocking::should_be_blocked_due_to_a_bad_port,
    safelist::{is_forbidden_method, is_forbidden_request_header, is_forbidden_response_header_name, normalize_method},
};
use url::Url;

use super::{
    check::{Check, RemarkKind::Unreachable, of_field, of_items, of_origins},
    max_age::{YEAR, largest_limit, limits_in_words},
};

/// Schemes whose URLs have an origin and never contain a page.
const WITHOUT_PAGES: [&str; 3] = ["ftp", "ws", "wss"];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "origin-without-pages",
        kind: Unreachable,
        quote: "A fetch scheme is \"about\", \"blob\", \"data\", \"file\", or an HTTP(S) scheme.",
        link: "https://fetch.spec.whatwg.org/#fetch-scheme",
        find: |policy| {
            of_origins(policy, |pattern, parts| {
                WITHOUT_PAGES.contains(&parts.scheme).then(|| {
                    format!(
                        "Browsers load no pages from `{}:` URLs, so no page has the origin `{pattern}`. List the \
                         `https:` origin of the page.",
                        parts.scheme
                    )
                })
            })
        },
    },
    Check {
        id: "origin-on-blocked-port",
        kind: Unreachable,
        quote: "If url's scheme is an HTTP(S) scheme and url's port is a bad port, then return blocked.",
        link: "https://fetch.spec.whatwg.org/#block-bad-port",
        find: |policy| {
            of_origins(policy, |pattern, parts| {
                let url = Url::parse(&format!("{}://{}:{}", parts.scheme, parts.host, parts.port)).ok()?;
                should_be_blocked_due_to_a_bad_port(&url).then(|| {
                    format!(
                        "Browsers block port {}, so no page is loaded from `{pattern}`. Serve the page on another \
                         port.",
                        parts.port
                    )
                })
            })
        },
    },
    Check {
        id: "forbidden-method",
        kind: Unreachable,
        quote: "A forbidden method is a method that is a byte-case-insensitive match for CONNECT, TRACE, or TRACK.",
        link: "https://fetch.spec.whatwg.org/#forbidden-method",
        find: |policy| {
            of_items("methods", policy.methods.list(), |_, method| {
                let method = method.as_str();
                is_forbidden_method(method)
                    .then(|| format!("No page can send `{method}`: `fetch()` throws an exception. Remove the entry."))
            })
        },
    },
    Check {
        id: "normalized-method",
        kind: Unreachable,
        quote: "To normalize a method, if it is a byte-case-insensitive match for DELETE, GET, HEAD, OPTIONS, POST, or \
                PUT, byte-uppercase it.",
        link: "https://fetch.spec.whatwg.org/#concept-method-normalize",
        find: |policy| {
            of_items("methods", policy.methods.list(), |_, method| {
                let (method, sent) = (method.as_str(), normalize_method(method.as_str()));
                (method != sent).then(|| {
                    format!(
                        "A page that asks for `{method}` sends `{sent}`, which this entry does not permit. Write \
                             `{sent}`."
                    )
                })
            })
        },
    },
    Check {
        id: "forbidden-request-header",
        kind: Unreachable,
        quote: "These are forbidden so the user agent remains in full control over them.",
        link: "https://fetch.spec.whatwg.org/#forbidden-request-header",
        find: |policy| {
            of_items("request_headers", policy.request_headers.list(), |_, name| {
                is_forbidden_request_header(name.as_str(), b"").then(|| {
                    format!("No page can set `{name}`, because only the browser controls it. Remove the entry.")
                })
            })
        },
    },
    Check {
        id: "forbidden-response-header",
        kind: Unreachable,
        quote: "Any item in list that is not a forbidden response-header name.",
        link: "https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name",
        find: |policy| {
            of_items("exposed_headers", policy.exposed_headers.list(), |_, name| {
                is_forbidden_response_header_name(name)
                    .then(|| format!("No page can read `{name}`, even if the server exposes it. Remove the entry."))
            })
        },
    },
    Check {
        id: "max-age-beyond-caps",
        kind: Unreachable,
        quote: "If max-age is greater than an imposed limit on max-age, then set max-age to the imposed limit.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        find: |policy| {
            let largest = largest_limit();
            let applies = policy.max_age.is_some_and(|seconds| (largest.saturating_add(1)..YEAR).contains(&seconds));
            let message = format!(
                "No browser caches a preflight response for so long ({}). Write {largest} or less.",
                limits_in_words()
            );
            of_field("max_age", applies, &message)
        },
    },
];
