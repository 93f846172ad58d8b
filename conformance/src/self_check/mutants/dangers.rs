//! Mutants that serve a dangerous policy without a word; of every other danger they warn.

use super::Mutant;
use crate::rules::unsafe_config;
use cors_adapters::reference_server::Served;

macro_rules! suppressed_warning {
    ($($id:literal $rule:ident $wrong:literal $source:literal;)*) => {
        pub(super) const MUTANTS: &[Mutant] =
            &[$(Mutant { id: $id, wrong: $wrong, rule: &unsafe_config::$rule, source: $source, serve: Served::serve }),*];
    };
}

suppressed_warning! {
    "silent-about-mirroring" MIRROR_WITH_CREDENTIALS
        "Mirrors every origin beside credentials, without a warning."
        "https://github.com/gofiber/fiber/security/advisories/GHSA-fmg4-x8pw-hjhg";
    "silent-about-the-wildcard" WILDCARD_WITH_CREDENTIALS
        "Takes `*` beside credentials, without a warning."
        "https://github.com/rs/cors/issues/55";
    "silent-about-null" NULL_ORIGIN
        "Takes `null` on its list, without a warning."
        "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null";
    "silent-about-public-suffixes" PUBLIC_SUFFIX
        "Takes all subdomains of a public suffix, without a warning."
        "https://publicsuffix.org/";
    "silent-about-localhost" DEVELOPMENT_ORIGIN
        "Takes a development origin in production, without a warning."
        "https://portswigger.net/web-security/cors";
    "silent-about-any-method" WILDCARD_METHODS_WITH_CREDENTIALS
        "Takes `*` for methods beside credentials, without a warning."
        "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
    "silent-about-any-request-header" WILDCARD_REQUEST_HEADERS_WITH_CREDENTIALS
        "Takes `*` for request headers beside credentials, without a warning."
        "https://fetch.spec.whatwg.org/#http-access-control-allow-headers";
}
