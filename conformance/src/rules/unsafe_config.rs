//! The server accepts a dangerous policy without a warning. Cases without visits test this.

use cors_policy::review::{RemarkKind, review};

use super::{
    class::{Class, Severity},
    rule::{Finding, Rule},
};
use crate::drive::{Place, Run};

const FIX: &str = "Reject the configuration when the server is built, with a message that names a safe alternative. Or \
                   return a warning that the owner sees.";

macro_rules! unsafe_config {
    ($($name:ident $danger:literal: $requirement:literal, why $why:literal, quote $quote:literal, link $link:literal;)*) => {
        pub(super) static RULES: &[&Rule] = &[$(&$name),*];

        $(#[doc = concat!("The rule `unsafe-config/", $danger, "`.")]
        pub static $name: Rule = Rule {
            id: concat!("unsafe-config/", $danger),
            class: Class::UnsafeConfig,
            severity: Severity::Medium,
            requirement: $requirement,
            why: $why,
            quote: $quote,
            link: $link,
            fix: FIX,
            needs: &[],
            check: |run| accepted_silently(run, $danger),
        };)*
    };
}

unsafe_config! {
    MIRROR_WITH_CREDENTIALS "mirror-with-credentials":
        "A server that mirrors every origin with credentials is not built without a warning.",
        why "Every site that a user visits can read what the user can read. The same-origin policy has no effect.",
        quote "Do NOT blindly echo the Origin header back as Access-Control-Allow-Origin",
        link "https://portswigger.net/web-security/cors";
    WILDCARD_WITH_CREDENTIALS "wildcard-with-credentials":
        "A server that allows the origin `*` with credentials is not built without a warning.",
        why "No browser accepts the combination, so that requests with credentials fail. The common workaround reflects every origin.",
        quote "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        link "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials";
    NULL_ORIGIN "null-origin":
        "A server that lists `null` is not built without a warning.",
        why "Any page can get the origin `null` with a sandboxed frame.",
        quote "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and allowing it \
               defeats the purpose)",
        link "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null";
    PUBLIC_SUFFIX "public-suffix":
        "A server that allows all subdomains of a public suffix is not built without a warning.",
        why "Anyone can register a name under a public suffix.",
        quote "Validate Origin against an explicit allowlist of known origins",
        link "https://publicsuffix.org/";
    DEVELOPMENT_ORIGIN "development-origin":
        "A server in production that lists a development origin is not built without a warning.",
        why "Software on the user's own machine, or on a name that the user's network resolves, can read with that user's rights.",
        quote "Don't include localhost or development origins in production configs",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-origin";
    WILDCARD_METHODS_WITH_CREDENTIALS "wildcard-methods-with-credentials":
        "A server that allows the method `*` with credentials is not built without a warning.",
        why "With credentials, every method that needs a preflight is denied, although the configuration allows every method.",
        quote "Don't use wildcard * for methods and headers if credentials are involved",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
    WILDCARD_REQUEST_HEADERS_WITH_CREDENTIALS "wildcard-request-headers-with-credentials":
        "A server that allows the request header `*` with credentials is not built without a warning.",
        why "With credentials, every header that needs a preflight is denied, although the configuration allows every header.",
        quote "Don't use wildcard * for methods and headers if credentials are involved",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-headers";
}

/// Returns the rule about a danger that [`review`] finds, by the danger's id.
pub(crate) fn of_danger(danger: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id.strip_prefix("unsafe-config/") == Some(danger))
}

fn accepted_silently(run: &Run<'_>, danger: &str) -> Vec<Finding> {
    if !run.visits.is_empty() || !run.warnings.is_empty() {
        return Vec::new();
    }
    let remarks = review(&run.case.policy);
    let remark = remarks.into_iter().find(|remark| remark.kind == RemarkKind::Danger && remark.id == danger);
    let message = remark.map(|remark| {
        format!("The server accepts this configuration without a warning. {}: {}", remark.field, remark.message)
    });
    message.map(|message| Finding::new(Place::default(), Severity::Medium, message)).into_iter().collect()
}
