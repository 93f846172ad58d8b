//! The parts of an origin pattern, and the nature of its host.

use std::net::IpAddr;

use crate::origin_set::OriginPattern;
use cors_reference::address_space::AddressSpace;

/// The parts of a pattern other than `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) scheme: &'a str,
    /// True if `*.` precedes the host.
    pub(super) subdomains: bool,
    pub(super) host: &'a str,
    /// The port: `*` for any, empty for the default port of the scheme.
    pub(super) port: &'a str,
}

impl<'a> Parts<'a> {
    /// Returns the parts of a pattern. `null` has none.
    pub(super) fn of(pattern: &'a OriginPattern) -> Option<Self> {
        let (scheme, rest) = pattern.as_str().split_once("://")?;
        let (rest, subdomains) = rest.strip_prefix("*.").map_or((rest, false), |rest| (rest, true));
        let port = rest.rsplit_once(':').filter(|_| !rest.ends_with(']'));
        let (host, port) = port.unwrap_or((rest, ""));
        Some(Self { scheme, subdomains, host, port })
    }

    /// Returns the host without a final dot.
    fn name(&self) -> &'a str {
        self.host.strip_suffix('.').unwrap_or(self.host)
    }

    /// Returns the address if the host is one.
    fn address(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    /// Returns true if the host is the domain or one of its subdomains.
    fn is_within(&self, domain: &str) -> bool {
        let labels = self.name().strip_suffix(domain);
        labels.is_some_and(|labels| labels.is_empty() || labels.ends_with('.'))
    }

    /// Returns true if the host is the visitor's own device.
    pub(super) fn is_loopback(&self) -> bool {
        let is_loopback = |address| AddressSpace::of(address) == AddressSpace::Loopback;
        self.is_within("localhost") || self.address().is_some_and(is_loopback)
    }

    /// Returns true if the host exists only on a developer's device or network.
    pub(super) fn is_of_development(&self) -> bool {
        let is_not_public = |address| AddressSpace::of(address) != AddressSpace::Public;
        ["localhost", "test", "local"].iter().any(|domain| self.is_within(domain))
            || self.address().is_some_and(is_not_public)
    }

    /// Returns true if the pattern covers the names directly below a public suffix, which belong to different owners.
    ///
    /// A top-level domain that is not on the list, such as one of an intranet, is not a public suffix.
    pub(super) fn are_below_public_suffix(&self) -> bool {
        let is_suffix = |name: &str| {
            let suffix = psl::suffix(name.as_bytes());
            suffix.is_some_and(|suffix| suffix.is_known() && *suffix.as_bytes() == *name.as_bytes())
        };
        // The rule `*.ck` of the list makes every name directly below `ck` a public suffix.
        self.subdomains && (is_suffix(self.name()) || is_suffix(&format!("any-label.{}", self.name())))
    }

    /// Returns true if this pattern covers every origin of `other`, which must have a wildcard.
    fn include(&self, other: &Self) -> bool {
        let below = || other.host.strip_suffix(self.host).is_some_and(|labels| labels.ends_with('.'));
        let host = (self.subdomains, self.host) == (other.subdomains, other.host) || (self.subdomains && below());
        self.scheme == other.scheme && host && (self.port == "*" || self.port == other.port)
    }
}

/// Returns true if `wide` covers every origin that `narrow` covers.
pub(super) fn covers(wide: &OriginPattern, narrow: &OriginPattern) -> bool {
    if narrow.is_exact() {
        return wide.matches(narrow.as_str().as_bytes());
    }
    Parts::of(wide).zip(Parts::of(narrow)).is_some_and(|(wide, narrow)| wide.include(&narrow))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> OriginPattern {
        text.parse().unwrap()
    }

    fn holds(text: &str, question: impl Fn(&Parts<'_>) -> bool) -> bool {
        question(&Parts::of(&pattern(text)).unwrap())
    }

    #[test]
    fn a_pattern_covers_itself_and_narrower_patterns() {
        for (wide, narrow, covered) in [
            ("https://a.example", "https://a.example", true),
            ("https://a.example", "https://a.example:*", false),
            ("https://a.example:*", "https://a.example:8443", true),
            ("https://*.a.example", "https://b.a.example", true),
            ("https://*.a.example", "https://a.example", false),
            ("https://*.a.example", "https://*.b.a.example", true),
            ("https://*.a.example", "https://*.xa.example", false),
            ("https://*.b.a.example", "https://*.a.example", false),
            ("https://*.a.example", "https://b.a.example:*", false),
            ("https://*.a.example:*", "https://b.a.example:*", true),
            ("https://*.a.example:*", "http://*.a.example:*", false),
            ("http://[::1]:*", "http://[::1]", true),
            ("null", "null", true),
            ("null", "https://*.a.example", false),
        ] {
            assert_eq!(covers(&pattern(wide), &pattern(narrow)), covered, "{wide} {narrow}");
        }
    }

    #[test]
    fn local_names_and_addresses_are_hosts_of_development() {
        for text in [
            "http://localhost:3000",
            "http://localhost.",
            "http://*.localhost:*",
            "http://app.localhost",
            "https://127.1.2.3",
            "http://[::1]:*",
            "http://0.0.0.0:8080",
            "https://app.test",
            "https://*.test",
            "http://printer.local",
            "http://10.0.0.1",
            "http://192.168.1.1:8080",
            "http://[fd00::1]",
        ] {
            assert!(holds(text, |parts| parts.is_of_development()), "{text}");
        }
        for text in ["https://a.example", "https://localhost.example", "https://mylocalhost", "https://9.9.9.9"] {
            assert!(!holds(text, |parts| parts.is_of_development()), "{text}");
        }
    }

    #[test]
    fn public_suffixes_belong_to_registries_and_hosting_providers() {
        for text in [
            "https://*.com",
            "https://*.co.uk",
            "https://*.github.io",
            "https://*.ck",
            "https://*.kawasaki.jp",
            "https://*.xn--p1ai",
        ] {
            assert!(holds(text, |parts| parts.are_below_public_suffix()), "{text}");
        }
        for text in ["https://*.example.com", "https://*.intranet", "https://github.io", "https://*.me.github.io"] {
            assert!(!holds(text, |parts| parts.are_below_public_suffix()), "{text}");
        }
    }
}
