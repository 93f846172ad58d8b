//! A dangerous policy is served without a word: neither refused, nor with a warning. A case without visits asks.

use cors_policy::review::{Remark, RemarkKind, review};

use super::{Class, Finding, Rule, Severity};
use crate::drive::Run;

const MEND: &str = "Refuse the configuration as it is built, with a message that says what to write instead; or return a \
                    warning that the owner sees.";

macro_rules! unsafe_config {
    ($($id:literal $danger:literal: $says:literal, why $why:literal, quote $quote:literal, link $link:literal;)*) => {
        pub(super) const RULES: &[Rule] = &[$(Rule {
            id: $id,
            class: Class::UnsafeConfig,
            severity: Severity::Medium,
            says: $says,
            why: $why,
            quote: $quote,
            link: $link,
            mend: MEND,
            needs: &[],
            check: |run| served_in_silence(run, $danger),
        }),*];
    };
}

unsafe_config! {
    "unsafe-config/mirror-with-credentials" "mirror-with-credentials":
        "No server is built without a word that mirrors every origin beside credentials.",
        why "Every site that a user visits reads what the user may read: the same-origin policy is switched off.",
        quote "Do NOT blindly echo the Origin header back as Access-Control-Allow-Origin",
        link "https://portswigger.net/web-security/cors";
    "unsafe-config/wildcard-with-credentials" "wildcard-with-credentials":
        "No server is built without a word that has `*` for its origins beside credentials.",
        why "No browser takes it, so that nothing credentialed works; what works instead is to reflect every origin.",
        quote "If you set credentials: true, you MUST NOT use wildcard * for origin, headers, or methods",
        link "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials";
    "unsafe-config/null-origin" "null-origin":
        "No server is built without a word that lists `null`.",
        why "Any page gets the origin `null` by a sandboxed frame.",
        quote "Don't include null as an allowed origin (sandboxed iframes and redirects send Origin: null, and allowing it \
               defeats the purpose)",
        link "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null";
    "unsafe-config/public-suffix" "public-suffix":
        "No server is built without a word for all subdomains of a public suffix.",
        why "Anyone registers a name below it.",
        quote "Validate Origin against an explicit allowlist of known origins",
        link "https://publicsuffix.org/";
    "unsafe-config/development-origin" "development-origin":
        "No server is built without a word that lists a development origin in production.",
        why "Whatever runs on a user's own machine, or on a name that their network answers for, reads as that user.",
        quote "Don't include localhost or development origins in production configs",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-origin";
    "unsafe-config/wildcard-methods-with-credentials" "wildcard-methods-with-credentials":
        "No server is built without a word that has `*` for its methods beside credentials.",
        why "A credentialed fetch is refused every method that needs a preflight, though the configuration says any.",
        quote "Don't use wildcard * for methods and headers if credentials are involved",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
    "unsafe-config/wildcard-request-headers-with-credentials" "wildcard-request-headers-with-credentials":
        "No server is built without a word that has `*` for its request headers beside credentials.",
        why "A credentialed fetch is refused every header that needs a preflight, though the configuration says any.",
        quote "Don't use wildcard * for methods and headers if credentials are involved",
        link "https://fetch.spec.whatwg.org/#http-access-control-allow-headers";
}

fn served_in_silence(run: &Run<'_>, danger: &str) -> Vec<Finding> {
    if !run.visits.is_empty() || !run.warnings.is_empty() {
        return Vec::new();
    }
    let is_it = |remark: &Remark| remark.kind == RemarkKind::Danger && remark.id == danger;
    review(&run.case.policy)
        .into_iter()
        .find(is_it)
        .map(|remark| Finding {
            visit: 0,
            exchange: 0,
            severity: Severity::Medium,
            message: format!("The server is built without a warning. {}: {}", remark.field, remark.message),
            aside: Vec::new(),
        })
        .into_iter()
        .collect()
}
