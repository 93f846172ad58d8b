//! What no owner should want.

use crate::AllowList;

use super::{Check, RemarkKind::Danger, each, each_origin, whole};

const CREDENTIALS: &str = "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials";
const ORIGIN: &str = "https://fetch.spec.whatwg.org/#http-access-control-allow-origin";
const METHODS: &str = "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
const HEADERS: &str = "https://fetch.spec.whatwg.org/#http-access-control-allow-headers";
const NO_WILDCARD: &str = "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "mirror-with-credentials",
        kind: Danger,
        quote: "Do NOT blindly echo the Origin header back as Access-Control-Allow-Origin",
        link: CREDENTIALS,
        find: |policy| {
            let applies = policy.origins == AllowList::Mirror && policy.credentials;
            let message = "Every origin is echoed beside credentials, so any website reads what this server answers to \
                           its visitors' cookies. List the origins that may, or turn `credentials` off.";
            whole("origins", applies, message)
        },
    },
    Check {
        id: "wildcard-with-credentials",
        kind: Danger,
        quote: "If credentials mode is \"include\", then Access-Control-Allow-Origin cannot be *.",
        link: CREDENTIALS,
        find: |policy| {
            let applies = policy.origins == AllowList::Any && policy.credentials;
            let message = "No browser lets a page read an answer with credentials by `*`, so this works for nobody, and \
                           what servers do to make it work is to echo every origin. List the origins that need \
                           credentials, or turn `credentials` off.";
            whole("origins", applies, message)
        },
    },
    Check {
        id: "null-origin",
        kind: Danger,
        quote: "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and \
                allowing it defeats the purpose)",
        link: ORIGIN,
        find: |policy| {
            each("origins", policy.origins.list(), |_, pattern| {
                let message = "Any website can have the origin `null`, by a sandboxed frame, so this lets all of them \
                               read. Remove it; what everybody may read is `\"origins\": \"any\"`, without credentials.";
                (pattern.as_str() == "null").then(|| message.to_owned())
            })
        },
    },
    Check {
        id: "public-suffix",
        kind: Danger,
        quote: "A \"public suffix\" is one under which Internet users can (or historically could) directly register \
                names.",
        link: "https://publicsuffix.org/",
        find: |policy| {
            each_origin(policy, |pattern, parts| {
                parts.are_below_public_suffix().then(|| {
                    format!(
                        "`{}` is a public suffix: whoever registers a name below it is covered by `{pattern}`. Name \
                         the domains that are yours.",
                        parts.host
                    )
                })
            })
        },
    },
    Check {
        id: "development-origin",
        kind: Danger,
        quote: "Don't include localhost or development origins in production configs",
        link: ORIGIN,
        find: |policy| {
            each_origin(policy, |pattern, parts| {
                (policy.production && parts.is_of_development()).then(|| {
                    format!(
                        "`{pattern}` is a developer's, and in production it lets whatever runs there on a visitor's \
                         own device or network read. Keep it to the policy of development."
                    )
                })
            })
        },
    },
    Check {
        id: "http-origin-with-credentials",
        kind: Danger,
        quote: "Verify that the combination of credentials + allowed origin doesn't expose user data to unauthorized \
                origins",
        link: CREDENTIALS,
        find: |policy| {
            each_origin(policy, |pattern, parts| {
                (policy.credentials && parts.scheme == "http" && !parts.is_loopback()).then(|| {
                    format!(
                        "`{pattern}` is not encrypted: whoever is on a visitor's network can put a script there that \
                         reads with their credentials. Allow `https:` alone."
                    )
                })
            })
        },
    },
    Check {
        id: "any-port-with-credentials",
        kind: Danger,
        quote: "Validate Origin against an explicit allowlist of known origins",
        link: ORIGIN,
        find: |policy| {
            each_origin(policy, |pattern, parts| {
                (policy.credentials && parts.port == "*" && !parts.is_loopback()).then(|| {
                    format!(
                        "`{pattern}` lets whatever listens on any port of that host read with credentials, a test \
                         server among them. Name the ports that serve the application."
                    )
                })
            })
        },
    },
    Check {
        id: "wildcard-methods-with-credentials",
        kind: Danger,
        quote: NO_WILDCARD,
        link: CREDENTIALS,
        find: |policy| {
            let applies = policy.methods == AllowList::Any && policy.credentials;
            let message = "Beside credentials, `*` is a method of that name and no wildcard, and a server that makes it \
                           work grants every method to every cookie. List the methods in use.";
            whole("methods", applies, message)
        },
    },
    Check {
        id: "wildcard-request-headers-with-credentials",
        kind: Danger,
        quote: NO_WILDCARD,
        link: CREDENTIALS,
        find: |policy| {
            let applies = policy.request_headers == AllowList::Any && policy.credentials;
            let message = "Beside credentials, `*` is a header of that name and no wildcard, and a server that makes it \
                           work grants every header to every cookie. List the request headers in use.";
            whole("request_headers", applies, message)
        },
    },
    Check {
        id: "mirrored-methods-with-credentials",
        kind: Danger,
        quote: "Only allow the HTTP methods your API actually uses",
        link: METHODS,
        find: |policy| {
            let applies = policy.methods == AllowList::Mirror && policy.credentials;
            let message = "Whatever method is asked for is granted, with credentials, so no preflight ever refuses one. \
                           List the methods in use.";
            whole("methods", applies, message)
        },
    },
    Check {
        id: "mirrored-request-headers-with-credentials",
        kind: Danger,
        quote: "Only allow the request headers your API actually needs",
        link: HEADERS,
        find: |policy| {
            let applies = policy.request_headers == AllowList::Mirror && policy.credentials;
            let message = "Whatever header is asked for is granted, with credentials, those that a proxy or a framework \
                           trusts among them. List the request headers in use.";
            whole("request_headers", applies, message)
        },
    },
    Check {
        id: "private-network-for-everyone",
        kind: Danger,
        quote: "For resources where data is protected through IP authentication or a firewall (unfortunately relatively \
                common still), using the CORS protocol is unsafe.",
        link: "https://fetch.spec.whatwg.org/#basic-safe-cors-protocol-setup",
        find: |policy| {
            let applies = policy.private_network && matches!(policy.origins, AllowList::Any | AllowList::Mirror);
            let message = "Every public website may reach this server through its visitors' networks, and read what it \
                           answers. List the origins that may, or turn `private_network` off.";
            whole("private_network", applies, message)
        },
    },
];
