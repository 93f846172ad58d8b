//! The security checklist of "CORS as a Security Boundary", line by line, with the rules that check each line and the
//! vectors that test it.

use super::{
    cache_unsafe, hygiene, interference, missing_on_error, over_grant, private_network, rule::Rule, under_grant,
    unsafe_config,
};

/// A line of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The text of the line.
    pub text: &'static str,
    /// The rules that check the line. Their pages quote it.
    pub rules: &'static [&'static Rule],
    /// The topics of the vectors that test the line.
    pub vectors: &'static [&'static str],
}

/// Returns the lines that a rule checks.
pub fn lines_of(rule: &Rule) -> impl Iterator<Item = &'static Line> + use<'_> {
    LINES.iter().filter(move |line| line.rules.contains(&rule))
}

/// Every line, in order. The last three come from the text above the list.
pub static LINES: &[Line] = &[
    Line {
        text: "Do NOT blindly echo the Origin header back as Access-Control-Allow-Origin",
        rules: &[&over_grant::ORIGIN, &over_grant::CREDENTIALS, &unsafe_config::MIRROR_WITH_CREDENTIALS],
        vectors: &["near-miss-origins", "wildcard-and-mirror", "policies"],
    },
    Line {
        text: "Validate Origin against an explicit allowlist of known origins",
        rules: &[&over_grant::ORIGIN, &under_grant::ORIGIN, &unsafe_config::PUBLIC_SUFFIX],
        vectors: &["origins", "near-miss-origins", "near-miss-hosts", "policies"],
    },
    Line {
        text: "Use exact string matching, not regex (or use very carefully anchored regex)",
        rules: &[&over_grant::ORIGIN],
        vectors: &["near-miss-origins", "near-miss-hosts", "origin-patterns"],
    },
    Line {
        text: "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and \
               allowing it defeats the purpose)",
        rules: &[&over_grant::ORIGIN, &over_grant::NULL, &unsafe_config::NULL_ORIGIN],
        vectors: &["null-origin", "policies"],
    },
    Line {
        text: "Don't include localhost or development origins in production configs",
        rules: &[&unsafe_config::DEVELOPMENT_ORIGIN],
        vectors: &["policies"],
    },
    Line {
        text: "Only set Access-Control-Allow-Credentials: true if the endpoint actually needs cookies/auth from \
               cross-origin requests",
        rules: &[&over_grant::CREDENTIALS, &hygiene::ALLOW_CREDENTIALS_VALUE, &hygiene::WITHOUT_ALLOW_ORIGIN],
        vectors: &["credentials", "credentials-in-parts"],
    },
    Line {
        text: "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        rules: &[
            &under_grant::CREDENTIALS,
            &hygiene::WILDCARD_WITH_CREDENTIALS,
            &unsafe_config::WILDCARD_WITH_CREDENTIALS,
        ],
        vectors: &["credentials", "credentials-in-parts", "wildcard-and-mirror", "policies"],
    },
    Line {
        text: "Verify that the combination of credentials + allowed origin doesn't expose user data to unauthorized \
               origins",
        rules: &[&over_grant::ORIGIN, &over_grant::CREDENTIALS, &unsafe_config::MIRROR_WITH_CREDENTIALS],
        vectors: &["credentials", "credentials-in-parts", "interleaved-visitors"],
    },
    Line {
        text: "Only allow the HTTP methods your API actually uses",
        rules: &[&over_grant::METHOD, &under_grant::METHOD, &hygiene::FORBIDDEN_NAME],
        vectors: &["methods", "preflight-lists"],
    },
    Line {
        text: "Only allow the request headers your API actually needs",
        rules: &[&over_grant::REQUEST_HEADER, &under_grant::REQUEST_HEADER, &hygiene::FORBIDDEN_NAME],
        vectors: &["request-headers", "safelist", "preflight-lists"],
    },
    Line {
        text: "Only expose the response headers your frontend actually reads",
        rules: &[&over_grant::EXPOSED_HEADER, &under_grant::EXPOSED_HEADER],
        vectors: &["exposed-headers", "exposure"],
    },
    Line {
        text: "Don't use wildcard * for methods and headers if credentials are involved",
        rules: &[
            &hygiene::WILDCARD_WITH_CREDENTIALS,
            &unsafe_config::WILDCARD_METHODS_WITH_CREDENTIALS,
            &unsafe_config::WILDCARD_REQUEST_HEADERS_WITH_CREDENTIALS,
        ],
        vectors: &["credentials-in-parts", "policies"],
    },
    Line {
        text: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
        rules: &[
            &cache_unsafe::SHARED_REFUSES,
            &cache_unsafe::PRIVATE,
            &cache_unsafe::PREFLIGHT,
            &interference::VARY,
            &interference::VARY_FROM_REQUEST,
            &hygiene::VARY_MEMBER,
        ],
        vectors: &["caching", "several-visitors", "handler-headers", "handler-cors-headers"],
    },
    Line {
        text: "Set a reasonable Access-Control-Max-Age (don't cache forever, but don't force a preflight on every \
               request either)",
        rules: &[&hygiene::MAX_AGE, &hygiene::MAX_AGE_VALUE],
        vectors: &["max-age", "preflight-cache"],
    },
    Line {
        text: "Verify that CDN/proxy caching respects Vary: Origin",
        rules: &[&cache_unsafe::SHARED_GRANTS, &cache_unsafe::SHARED_REFUSES],
        vectors: &["caching"],
    },
    Line {
        text: "CORS headers are present on 4xx and 5xx responses, not just 2xx",
        rules: &[&missing_on_error::STATUS, &under_grant::EXPOSED_HEADER],
        vectors: &["statuses", "error-statuses", "routes"],
    },
    Line {
        text: "CORS headers are present on redirect (3xx) responses if applicable",
        rules: &[&missing_on_error::STATUS],
        vectors: &["statuses", "error-statuses"],
    },
    Line {
        text: "Only one layer of your stack adds CORS headers (not both proxy and application)",
        rules: &[&hygiene::REPEATED_HEADER, &under_grant::ORIGIN],
        vectors: &["handler-cors-headers"],
    },
    Line {
        text: "CORS configuration is environment-specific (different origins for staging and production)",
        rules: &[&unsafe_config::DEVELOPMENT_ORIGIN],
        vectors: &["policies"],
    },
    Line {
        text: "CORS configuration is reviewed as part of security reviews",
        rules: &[
            &unsafe_config::MIRROR_WITH_CREDENTIALS,
            &unsafe_config::WILDCARD_WITH_CREDENTIALS,
            &unsafe_config::NULL_ORIGIN,
            &unsafe_config::PUBLIC_SUFFIX,
        ],
        vectors: &["policies"],
    },
    Line {
        text: "Private Network Access adds a new preflight check",
        rules: &[&private_network::OVER_GRANT, &private_network::UNDER_GRANT],
        vectors: &["raw-requests", "plain-requests"],
    },
    Line {
        text: "If the preflight fails, the browser won't send the actual request.",
        rules: &[&over_grant::METHOD, &over_grant::REQUEST_HEADER, &interference::PREFLIGHT_REACHES_HANDLER],
        vectors: &["methods", "request-headers", "preflight-lists"],
    },
    Line {
        text: "Note something important: the request in step 4 still happens.",
        rules: &[&interference::PERMITTED_REQUEST, &interference::NO_ORIGIN, &interference::SAME_ORIGIN],
        vectors: &["plain-requests", "same-origin-and-other-modes", "raw-requests"],
    },
];
