//! Near misses: how an origin differs from the entries of a policy's list. Each class is a typical mistake of matchers.

use cors_policy::{AllowList, Policy, origin_set::OriginPattern};
use cors_reference::origin::Origin;
use url::Url;

/// The relation of an origin to the list of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NearMiss {
    /// There is no `Origin`.
    NoOrigin,
    /// The policy is `any` or `mirror`.
    AnyOrigin,
    /// The policy lists the origin.
    Listed,
    /// The origin is `null`, which the policy does not list.
    Null,
    /// A listed host and port with another scheme.
    Scheme,
    /// A listed scheme and host with another port.
    Port,
    /// A listed origin in another letter case.
    Case,
    /// A listed host with a trailing dot.
    TrailingDot,
    /// A subdomain of a listed host.
    Subdomain,
    /// A parent domain of a listed host.
    Superdomain,
    /// A listed host with an appended text.
    Appended,
    /// A listed host with a prepended text that does not end with a dot.
    Prepended,
    /// A listed host in which another character replaces a dot.
    Dot,
    /// None of these.
    Unrelated,
}

/// Returns the class of an origin in a shape: `same-origin` if it is the origin of the requested URL, and the name of its
/// near-miss class otherwise.
pub(crate) fn origin_class(origin: Option<&str>, url: Option<&Url>, policy: &Policy) -> &'static str {
    let own = url.map(Origin::of).filter(|own| !own.is_opaque());
    match own.is_some_and(|own| origin == Some(own.serialize())) {
        true => "same-origin",
        false => NearMiss::of(origin, policy).name(),
    }
}

impl NearMiss {
    /// Returns the class of a serialized origin. `None` is a request without `Origin`.
    pub fn of(origin: Option<&str>, policy: &Policy) -> Self {
        let Some(origin) = origin else { return Self::NoOrigin };
        let AllowList::List(patterns) = &policy.origins else { return Self::AnyOrigin };
        if policy.origins.lists(origin.as_bytes()) {
            return Self::Listed;
        }
        if origin == "null" {
            return Self::Null;
        }
        patterns.iter().map(|pattern| near(origin, pattern)).min().unwrap_or(Self::Unrelated)
    }

    /// Returns the name of the class in a fingerprint.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoOrigin => "no-origin",
            Self::AnyOrigin => "any-origin",
            Self::Listed => "listed",
            Self::Null => "null",
            Self::Scheme => "scheme",
            Self::Port => "port",
            Self::Case => "case",
            Self::TrailingDot => "trailing-dot",
            Self::Subdomain => "subdomain",
            Self::Superdomain => "superdomain",
            Self::Appended => "appended",
            Self::Prepended => "prepended",
            Self::Dot => "dot",
            Self::Unrelated => "unrelated",
        }
    }
}

fn near(origin: &str, pattern: &OriginPattern) -> NearMiss {
    let listed = pattern.as_str().replacen("*.", "", 1);
    let (scheme, host, port) = split(origin);
    let (listed_scheme, listed_host, listed_port) = split(&listed);
    let is_dot_for = |(l, o): (u8, u8)| l == o || l == b'.';
    if host == listed_host {
        return match (scheme == listed_scheme, port == listed_port) {
            (false, true) => NearMiss::Scheme,
            (true, false) => NearMiss::Port,
            // The bare host of a pattern for its subdomains.
            (true, true) => NearMiss::Superdomain,
            (false, false) => NearMiss::Unrelated,
        };
    }
    if listed.eq_ignore_ascii_case(origin) {
        NearMiss::Case
    } else if host.strip_suffix('.') == Some(listed_host) {
        NearMiss::TrailingDot
    } else if host.strip_suffix(listed_host).is_some_and(|rest| rest.ends_with('.')) {
        NearMiss::Subdomain
    } else if listed_host.strip_suffix(host).is_some_and(|rest| rest.ends_with('.')) {
        NearMiss::Superdomain
    } else if host.starts_with(listed_host) {
        NearMiss::Appended
    } else if host.ends_with(listed_host) {
        NearMiss::Prepended
    } else if host.len() == listed_host.len() && listed_host.bytes().zip(host.bytes()).all(is_dot_for) {
        NearMiss::Dot
    } else {
        NearMiss::Unrelated
    }
}

fn split(origin: &str) -> (&str, &str, &str) {
    let (scheme, rest) = origin.split_once("://").unwrap_or(("", origin));
    let colon = rest.rfind(':').filter(|_| !rest.ends_with(']'));
    colon.map_or((scheme, rest, ""), |colon| (scheme, &rest[..colon], &rest[colon..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_its_class() {
        let policy: Policy = serde_json::from_str(r#"{"origins": ["https://app.example.com"]}"#).unwrap();
        for (origin, class) in [
            ("https://app.example.com", NearMiss::Listed),
            ("null", NearMiss::Null),
            ("http://app.example.com", NearMiss::Scheme),
            ("https://app.example.com:8443", NearMiss::Port),
            ("https://app.example.com.", NearMiss::TrailingDot),
            ("https://evil.app.example.com", NearMiss::Subdomain),
            ("https://example.com", NearMiss::Superdomain),
            ("https://app.example.com.evil.example", NearMiss::Appended),
            ("https://evilapp.example.com", NearMiss::Prepended),
            ("https://appxexample.com", NearMiss::Dot),
            ("https://evil.example", NearMiss::Unrelated),
        ] {
            assert_eq!(NearMiss::of(Some(origin), &policy), class, "{origin}");
        }
        assert_eq!(NearMiss::of(None, &policy), NearMiss::NoOrigin);
    }
}
