//! What no browser ever does. Origins of `file:` and `data:` are not among it, since no policy can name them: their
//! pages have the origin `null`.

use cors_reference::{
    agent::AGENTS,
    port_blocking::should_be_blocked_due_to_a_bad_port,
    safelist::{is_forbidden_method, is_forbidden_request_header, is_forbidden_response_header_name, normalize_method},
};
use url::Url;

use super::{Check, RemarkKind::Unreachable, advice::YEAR, each, each_origin, whole};

/// Schemes with origins, whose addresses no page is loaded from.
const WITHOUT_PAGES: [&str; 3] = ["ftp", "ws", "wss"];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "origin-without-pages",
        kind: Unreachable,
        quote: "A fetch scheme is \"about\", \"blob\", \"data\", \"file\", or an HTTP(S) scheme.",
        link: "https://fetch.spec.whatwg.org/#fetch-scheme",
        find: |policy| {
            each_origin(policy, |pattern, parts| {
                WITHOUT_PAGES.contains(&parts.scheme).then(|| {
                    format!(
                        "No page is loaded by `{}:`, so none has the origin `{pattern}`. Name the origin of the page, \
                         by `https:`.",
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
            each_origin(policy, |pattern, parts| {
                let url = Url::parse(&format!("{}://{}:{}", parts.scheme, parts.host, parts.port)).ok()?;
                should_be_blocked_due_to_a_bad_port(&url).then(|| {
                    format!(
                        "Browsers fetch nothing from port {}, so no page is loaded from `{pattern}`. Serve the page on \
                         another port.",
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
            each("methods", policy.methods.list(), |_, method| {
                let method = method.as_str();
                is_forbidden_method(method)
                    .then(|| format!("No page can send `{method}`: `fetch()` throws. Remove it."))
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
            each("methods", policy.methods.list(), |_, method| {
                let (method, sent) = (method.as_str(), normalize_method(method.as_str()));
                (method != sent).then(|| {
                    format!("A page that asks for `{method}` sends `{sent}`, which is not the same. Write `{sent}`.")
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
            each("request_headers", policy.request_headers.list(), |_, name| {
                is_forbidden_request_header(name.as_str(), b"").then(|| {
                    format!("No page can set `{name}`: it is the browser's own, and never asked for. Remove it.")
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
            each("exposed_headers", policy.exposed_headers.list(), |_, name| {
                is_forbidden_response_header_name(name)
                    .then(|| format!("No page can read `{name}`, whatever is exposed. Remove it."))
            })
        },
    },
    Check {
        id: "max-age-beyond-caps",
        kind: Unreachable,
        quote: "If max-age is greater than an imposed limit on max-age, then set max-age to the imposed limit.",
        link: "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0",
        find: |policy| {
            let caps = AGENTS.iter().filter_map(|agent| agent.max_age_limit);
            let largest = caps.max().unwrap_or(u64::MAX);
            let applies = policy.max_age.is_some_and(|seconds| (largest + 1..YEAR).contains(&seconds));
            let message =
                format!("No browser keeps an answer for so long: {}. Write {largest} or less.", caps_in_words());
            whole("max_age", applies, &message)
        },
    },
];

/// For how long each browser keeps an answer at most.
pub(super) fn caps_in_words() -> String {
    let with_limit = AGENTS.iter().filter_map(|agent| Some((agent.name, agent.max_age_limit?)));
    with_limit.map(|(name, limit)| format!("{name} for {limit} seconds")).collect::<Vec<_>>().join(", ")
}
