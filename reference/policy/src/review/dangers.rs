//! Checks for access that no owner should grant.

use crate::AllowList;

use super::check::{Check, RemarkKind::Danger, of_field, of_items, of_origins};

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
            let message = "The policy mirrors every origin and includes credentials, so any website can read what \
                           this server sends to its visitors with their cookies. List the origins that need access, \
                           or turn `credentials` off.";
            of_field("origins", applies, message)
        },
    },
    Check {
        id: "wildcard-with-credentials",
        kind: Danger,
        quote: "If credentials mode is \"include\", then Access-Control-Allow-Origin cannot be *.",
        link: CREDENTIALS,
        find: |policy| {
            let applies = policy.origins == AllowList::Any && policy.credentials;
            let message = "Browsers reject `*` for fetches with credentials, so no page can read these responses. \
                           Servers that work around this echo every origin. List the origins that need credentials, \
                           or turn `credentials` off.";
            of_field("origins", applies, message)
        },
    },
    Check {
        id: "null-origin",
        kind: Danger,
        quote: "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and \
                allowing it defeats the purpose)",
        link: ORIGIN,
        find: |policy| {
            of_items("origins", policy.origins.list(), |_, pattern| {
                let message = "Any website can obtain the origin `null` with a sandboxed frame, so this entry lets \
                               every website read. Remove it. For public resources, write `\"origins\": \"any\"` \
                               without credentials.";
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
            of_origins(policy, |pattern, parts| {
                parts.are_below_public_suffix().then(|| {
                    format!(
                        "`{}` is a public suffix: `{pattern}` covers every domain that anyone registers below it. \
                         List your own domains.",
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
            of_origins(policy, |pattern, parts| {
                (policy.production && parts.is_of_development()).then(|| {
                    format!(
                        "`{pattern}` is a development origin. In production it lets programs on a visitor's own \
                         device or network read responses. Move it to the policy for development."
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
            of_origins(policy, |pattern, parts| {
                (policy.credentials && parts.scheme == "http" && !parts.is_loopback()).then(|| {
                    format!(
                        "`{pattern}` is not encrypted: an attacker in a visitor's network can inject a script there \
                         that reads with the visitor's credentials. Allow only `https:`."
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
            of_origins(policy, |pattern, parts| {
                (policy.credentials && parts.port == "*" && !parts.is_loopback()).then(|| {
                    format!(
                        "`{pattern}` lets every port of the host read with credentials, including test servers. List \
                         the ports that serve the application."
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
            let message = "For fetches with credentials, `*` is the name of a method and not a wildcard. A server \
                           that treats it as a wildcard permits every method with credentials. List the methods in \
                           use.";
            of_field("methods", applies, message)
        },
    },
    Check {
        id: "wildcard-request-headers-with-credentials",
        kind: Danger,
        quote: NO_WILDCARD,
        link: CREDENTIALS,
        find: |policy| {
            let applies = policy.request_headers == AllowList::Any && policy.credentials;
            let message = "For fetches with credentials, `*` is the name of a header and not a wildcard. A server \
                           that treats it as a wildcard permits every header with credentials. List the request \
                           headers in use.";
            of_field("request_headers", applies, message)
        },
    },
    Check {
        id: "mirrored-methods-with-credentials",
        kind: Danger,
        quote: "Only allow the HTTP methods your API actually uses",
        link: METHODS,
        find: |policy| {
            let applies = policy.methods == AllowList::Mirror && policy.credentials;
            let message = "The policy permits every requested method with credentials, so no preflight ever refuses \
                           one. List the methods in use.";
            of_field("methods", applies, message)
        },
    },
    Check {
        id: "mirrored-request-headers-with-credentials",
        kind: Danger,
        quote: "Only allow the request headers your API actually needs",
        link: HEADERS,
        find: |policy| {
            let applies = policy.request_headers == AllowList::Mirror && policy.credentials;
            let message = "The policy permits every requested header with credentials, including headers that a proxy \
                           or framework trusts. List the request headers in use.";
            of_field("request_headers", applies, message)
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
            let message = "Every public website can reach this server through its visitors' networks and read the \
                           responses. List the origins that need access, or turn `private_network` off.";
            of_field("private_network", applies, message)
        },
    },
];
