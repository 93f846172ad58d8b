//! Mutants that accept one kind of dangerous policy without a warning. They warn of every other danger.

use cors_adapters::reference_server::Served;

use super::mutant::Mutant;
use crate::rules::unsafe_config;

macro_rules! suppressed_warning {
    ($($id:literal $rule:ident $wrong:literal $source:literal;)*) => {
        pub(super) const MUTANTS: &[Mutant] =
            &[$(Mutant { id: $id, wrong: $wrong, rule: &unsafe_config::$rule, source: $source, serve: Served::serve }),*];
    };
}

suppressed_warning! {
    "silent-about-mirroring" MIRROR_WITH_CREDENTIALS
        "Accepts mirrored origins with credentials without a warning."
        "https://github.com/gofiber/fiber/security/advisories/GHSA-fmg4-x8pw-hjhg";
    "silent-about-the-wildcard" WILDCARD_WITH_CREDENTIALS
        "Accepts `*` with credentials without a warning."
        "https://github.com/rs/cors/issues/55";
    "silent-about-null" NULL_ORIGIN
        "Accepts `null` in the list without a warning."
        "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null";
    "silent-about-public-suffixes" PUBLIC_SUFFIX
        "Accepts all subdomains of a public suffix without a warning."
        "https://publicsuffix.org/";
    "silent-about-localhost" DEVELOPMENT_ORIGIN
        "Accepts a development origin in production without a warning."
        "https://portswigger.net/web-security/cors";
    "silent-about-any-method" WILDCARD_METHODS_WITH_CREDENTIALS
        "Accepts `*` for methods with credentials without a warning."
        "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
    "silent-about-any-request-header" WILDCARD_REQUEST_HEADERS_WITH_CREDENTIALS
        "Accepts `*` for request headers with credentials without a warning."
        "https://fetch.spec.whatwg.org/#http-access-control-allow-headers";
}
