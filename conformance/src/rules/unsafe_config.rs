//! A dangerous policy is served without a word: neither refused, nor with a warning. A case without visits asks.

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
        "No server is built without a word that mirrors every origin beside credentials.",
        why "Every site that a user visits reads what the user may read: the same-origin policy is switched off.",
        quote "Do NOT blindly echo the Origin header back as Access-Control-Allow-Origin",
        link "https://portswigger.net/web-security/cors";
    WILDCARD_WITH_CREDENTIALS "wildcard-with-credentials":
        "No server is built without a word that has `*` for its origins beside credentials.",
        why "No browser takes it, so that nothing credentialed works; what works instead is to reflect every origin.",
        quote "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        link "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials";
    NULL_ORIGIN "null-origin":
        "No server is built without a word that lists `null`.",
        why "Any page gets the origin `null` by a sandboxed frame.",
        quote "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and allowing it \
               defeats the purpose)",
        link "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null";
    PUBLIC_SUFFIX "public-suffix":
        "No server is built without a word for all subdomains of a public suffix.",
        why "Anyone registers a name below it.",
        quote "Validate Origin against an explicit allowlist of known origins",
        link "https://publicsuffix.org/";
    DEVELOPMENT_ORIGIN "development-origin":
        "No server is built without a word that lists a development origin in production.",
        why "Whatever runs on a user's own machine, or on a name that their network answers for, reads as that user.",
        quote "Don't include localhost or development origins in production configs",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-origin";
    WILDCARD_METHODS_WITH_CREDENTIALS "wildcard-methods-with-credentials":
        "No server is built without a word that has `*` for its methods beside credentials.",
        why "A credentialed fetch is refused every method that needs a preflight, though the configuration says any.",
        quote "Don't use wildcard * for methods and headers if credentials are involved",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
    WILDCARD_REQUEST_HEADERS_WITH_CREDENTIALS "wildcard-request-headers-with-credentials":
        "No server is built without a word that has `*` for its request headers beside credentials.",
        why "A credentialed fetch is refused every header that needs a preflight, though the configuration says any.",
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
