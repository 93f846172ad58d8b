//! Mutants that serve a dangerous policy without a word; of every other danger they warn.

use super::Mutant;
use cors_adapters::reference_server::Served;

macro_rules! suppressed_warning {
    ($($id:literal $rule:literal $wrong:literal $source:literal;)*) => {
        pub(super) const MUTANTS: &[Mutant] =
            &[$(Mutant { id: $id, wrong: $wrong, rule: $rule, source: $source, serve: Served::serve }),*];
    };
}

suppressed_warning! {
    "silent-about-mirroring" "unsafe-config/mirror-with-credentials"
        "Mirrors every origin beside credentials, without a warning."
        "https://github.com/gofiber/fiber/security/advisories/GHSA-fmg4-x8pw-hjhg";
    "silent-about-the-wildcard" "unsafe-config/wildcard-with-credentials"
        "Takes `*` beside credentials, without a warning."
        "https://github.com/rs/cors/issues/55";
    "silent-about-null" "unsafe-config/null-origin"
        "Takes `null` on its list, without a warning."
        "https://w3c.github.io/webappsec-cors-for-developers/#avoid-returning-access-control-allow-origin-null";
    "silent-about-public-suffixes" "unsafe-config/public-suffix"
        "Takes all subdomains of a public suffix, without a warning."
        "https://publicsuffix.org/";
    "silent-about-localhost" "unsafe-config/development-origin"
        "Takes a development origin in production, without a warning."
        "https://portswigger.net/web-security/cors";
    "silent-about-any-method" "unsafe-config/wildcard-methods-with-credentials"
        "Takes `*` for methods beside credentials, without a warning."
        "https://fetch.spec.whatwg.org/#http-access-control-allow-methods";
    "silent-about-any-request-header" "unsafe-config/wildcard-request-headers-with-credentials"
        "Takes `*` for request headers beside credentials, without a warning."
        "https://fetch.spec.whatwg.org/#http-access-control-allow-headers";
}
