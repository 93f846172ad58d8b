//! The security checklist of "CORS as a Security Boundary", line by line: which rules hold it, and which vectors ask.

/// A line of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: &'static str,
    /// The rules that hold it; their pages quote it.
    pub rules: &'static [&'static str],
    /// The topics of the vectors that ask.
    pub vectors: &'static [&'static str],
}

/// The lines that a rule holds.
pub fn lines_of(rule: &str) -> impl Iterator<Item = &'static Line> + use<'_> {
    LINES.iter().filter(move |line| line.rules.contains(&rule))
}

/// Every line, in order. The last three are no lines of the list itself: the text says them above it.
pub const LINES: &[Line] = &[
    Line {
        text: "Do NOT blindly echo the Origin header back as Access-Control-Allow-Origin",
        rules: &["over-grant/origin", "over-grant/credentials", "unsafe-config/mirror-with-credentials"],
        vectors: &["near-miss-origins", "wildcard-and-mirror", "policies"],
    },
    Line {
        text: "Validate Origin against an explicit allowlist of known origins",
        rules: &["over-grant/origin", "under-grant/origin", "unsafe-config/public-suffix"],
        vectors: &["origins", "near-miss-origins", "near-miss-hosts", "policies"],
    },
    Line {
        text: "Use exact string matching, not regex (or use very carefully anchored regex)",
        rules: &["over-grant/origin"],
        vectors: &["near-miss-origins", "near-miss-hosts", "origin-patterns"],
    },
    Line {
        text: "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and \
               allowing it defeats the purpose)",
        rules: &["over-grant/origin", "over-grant/null", "unsafe-config/null-origin"],
        vectors: &["null-origin", "policies"],
    },
    Line {
        text: "Don't include localhost or development origins in production configs",
        rules: &["unsafe-config/development-origin"],
        vectors: &["policies"],
    },
    Line {
        text: "Only set Access-Control-Allow-Credentials: true if the endpoint actually needs cookies/auth from \
               cross-origin requests",
        rules: &["over-grant/credentials", "hygiene/allow-credentials-value", "hygiene/without-allow-origin"],
        vectors: &["credentials", "credentials-in-parts"],
    },
    Line {
        text: "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        rules: &[
            "under-grant/credentials",
            "hygiene/wildcard-with-credentials",
            "unsafe-config/wildcard-with-credentials",
        ],
        vectors: &["credentials", "credentials-in-parts", "wildcard-and-mirror", "policies"],
    },
    Line {
        text: "Verify that the combination of credentials + allowed origin doesn't expose user data to unauthorized \
               origins",
        rules: &["over-grant/origin", "over-grant/credentials", "unsafe-config/mirror-with-credentials"],
        vectors: &["credentials", "credentials-in-parts", "interleaved-visitors"],
    },
    Line {
        text: "Only allow the HTTP methods your API actually uses",
        rules: &["over-grant/method", "under-grant/method", "hygiene/forbidden-name"],
        vectors: &["methods", "preflight-lists"],
    },
    Line {
        text: "Only allow the request headers your API actually needs",
        rules: &["over-grant/request-header", "under-grant/request-header", "hygiene/forbidden-name"],
        vectors: &["request-headers", "safelist", "preflight-lists"],
    },
    Line {
        text: "Only expose the response headers your frontend actually reads",
        rules: &["over-grant/exposed-header", "under-grant/exposed-header"],
        vectors: &["exposed-headers", "exposure"],
    },
    Line {
        text: "Don't use wildcard * for methods and headers if credentials are involved",
        rules: &[
            "hygiene/wildcard-with-credentials",
            "unsafe-config/wildcard-methods-with-credentials",
            "unsafe-config/wildcard-request-headers-with-credentials",
        ],
        vectors: &["credentials-in-parts", "policies"],
    },
    Line {
        text: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
        rules: &[
            "cache-unsafe/shared-refuses",
            "cache-unsafe/private",
            "cache-unsafe/preflight",
            "interference/vary",
            "interference/vary-from-request",
            "hygiene/vary-member",
        ],
        vectors: &["caching", "several-visitors", "handler-headers", "handler-cors-headers"],
    },
    Line {
        text: "Set a reasonable Access-Control-Max-Age (don't cache forever, but don't force a preflight on every \
               request either)",
        rules: &["hygiene/max-age", "hygiene/max-age-value"],
        vectors: &["max-age", "preflight-cache"],
    },
    Line {
        text: "Verify that CDN/proxy caching respects Vary: Origin",
        rules: &["cache-unsafe/shared-grants", "cache-unsafe/shared-refuses"],
        vectors: &["caching"],
    },
    Line {
        text: "CORS headers are present on 4xx and 5xx responses, not just 2xx",
        rules: &["missing-on-error/status", "under-grant/exposed-header"],
        vectors: &["statuses", "error-statuses", "routes"],
    },
    Line {
        text: "CORS headers are present on redirect (3xx) responses if applicable",
        rules: &["missing-on-error/status"],
        vectors: &["statuses", "error-statuses"],
    },
    Line {
        text: "Only one layer of your stack adds CORS headers (not both proxy and application)",
        rules: &["hygiene/repeated-header", "under-grant/origin"],
        vectors: &["handler-cors-headers"],
    },
    Line {
        text: "CORS configuration is environment-specific (different origins for staging and production)",
        rules: &["unsafe-config/development-origin"],
        vectors: &["policies"],
    },
    Line {
        text: "CORS configuration is reviewed as part of security reviews",
        rules: &[
            "unsafe-config/mirror-with-credentials",
            "unsafe-config/wildcard-with-credentials",
            "unsafe-config/null-origin",
            "unsafe-config/public-suffix",
        ],
        vectors: &["policies"],
    },
    Line {
        text: "Private Network Access adds a new preflight check",
        rules: &["over-grant/private-network", "under-grant/private-network"],
        vectors: &["raw-requests", "plain-requests"],
    },
    Line {
        text: "If the preflight fails, the browser won't send the actual request.",
        rules: &["over-grant/method", "over-grant/request-header", "interference/preflight-reaches-handler"],
        vectors: &["methods", "request-headers", "preflight-lists"],
    },
    Line {
        text: "Note something important: the request in step 4 still happens.",
        rules: &["interference/permitted-request", "interference/no-origin", "interference/same-origin"],
        vectors: &["plain-requests", "same-origin-and-other-modes", "raw-requests"],
    },
];
