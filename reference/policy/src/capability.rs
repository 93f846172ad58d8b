//! The parts of a policy that a middleware's configuration may or may not be able to express.

use std::fmt;

use crate::{AllowList, Policy};

/// One part of a policy that a configuration must express.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// Any origin, by the standard's `*`.
    AnyOrigin,
    /// Every origin, by echoing the request's origin.
    MirrorOrigin,
    /// No origin.
    NoOrigin,
    /// A list with a serialized origin.
    ListedOrigin,
    /// A list with more than one entry.
    SeveralOrigins,
    /// A list with the origin `null`.
    NullOrigin,
    /// A list with a pattern for every subdomain of a host: `https://*.a.example`.
    SubdomainPattern,
    /// A list with a pattern for every port of a host: `https://a.example:*`.
    PortPattern,
    /// Fetches that include credentials.
    Credentials,
    /// Any method, by the standard's `*`.
    AnyMethod,
    /// Every method, by echoing the requested one.
    MirrorMethod,
    /// A list with methods.
    ListedMethod,
    /// Any request header, by the standard's `*`.
    AnyRequestHeader,
    /// Every request header, by echoing the requested names.
    MirrorRequestHeader,
    /// A list with request headers.
    ListedRequestHeader,
    /// Any exposed header, by the standard's `*`.
    AnyExposedHeader,
    /// A list with exposed headers.
    ListedExposedHeader,
    /// The time for which a browser may cache a preflight's answer.
    MaxAge,
    /// Requests from public networks to a private one.
    PrivateNetwork,
}

/// Whether a configuration can express a part of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Support {
    /// It can, with this part of its interface.
    Yes(&'static str),
    /// It cannot, for this reason.
    No(&'static str),
}

impl Capability {
    /// All capabilities, in the order of a policy's fields.
    pub const ALL: [Self; 19] = [
        Self::AnyOrigin,
        Self::MirrorOrigin,
        Self::NoOrigin,
        Self::ListedOrigin,
        Self::SeveralOrigins,
        Self::NullOrigin,
        Self::SubdomainPattern,
        Self::PortPattern,
        Self::Credentials,
        Self::AnyMethod,
        Self::MirrorMethod,
        Self::ListedMethod,
        Self::AnyRequestHeader,
        Self::MirrorRequestHeader,
        Self::ListedRequestHeader,
        Self::AnyExposedHeader,
        Self::ListedExposedHeader,
        Self::MaxAge,
        Self::PrivateNetwork,
    ];

    fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Returns true if a configuration needs this capability to express a policy.
    pub fn is_needed_by(self, policy: &Policy) -> bool {
        let origins = policy.origins.list();
        match self {
            Self::AnyOrigin => policy.origins == AllowList::Any,
            Self::MirrorOrigin => policy.origins == AllowList::Mirror,
            Self::NoOrigin => policy.origins == AllowList::List(Vec::new()),
            Self::ListedOrigin => origins.iter().any(|origin| origin.is_exact() && origin.as_str() != "null"),
            Self::SeveralOrigins => origins.len() > 1,
            Self::NullOrigin => origins.iter().any(|origin| origin.as_str() == "null"),
            Self::SubdomainPattern => origins.iter().any(|origin| origin.as_str().contains("://*.")),
            Self::PortPattern => origins.iter().any(|origin| origin.as_str().ends_with(":*")),
            Self::Credentials => policy.credentials,
            Self::AnyMethod => policy.methods == AllowList::Any,
            Self::MirrorMethod => policy.methods == AllowList::Mirror,
            Self::ListedMethod => !policy.methods.list().is_empty(),
            Self::AnyRequestHeader => policy.request_headers == AllowList::Any,
            Self::MirrorRequestHeader => policy.request_headers == AllowList::Mirror,
            Self::ListedRequestHeader => !policy.request_headers.list().is_empty(),
            Self::AnyExposedHeader => policy.exposed_headers == AllowList::Any,
            Self::ListedExposedHeader => !policy.exposed_headers.list().is_empty(),
            Self::MaxAge => policy.max_age.is_some(),
            Self::PrivateNetwork => policy.private_network,
        }
    }

    /// Returns a small policy that needs this capability, as JSON.
    pub fn example(self) -> &'static str {
        match self {
            Self::AnyOrigin => r#"{"origins": "any"}"#,
            Self::MirrorOrigin => r#"{"origins": "mirror"}"#,
            Self::NoOrigin => "{}",
            Self::ListedOrigin => r#"{"origins": ["https://a.example"]}"#,
            Self::SeveralOrigins => r#"{"origins": ["https://a.example", "https://b.example"]}"#,
            Self::NullOrigin => r#"{"origins": ["null"]}"#,
            Self::SubdomainPattern => r#"{"origins": ["https://*.a.example"]}"#,
            Self::PortPattern => r#"{"origins": ["https://a.example:*"]}"#,
            Self::Credentials => r#"{"origins": ["https://a.example"], "credentials": true}"#,
            Self::AnyMethod => r#"{"origins": ["https://a.example"], "methods": "any"}"#,
            Self::MirrorMethod => r#"{"origins": ["https://a.example"], "methods": "mirror"}"#,
            Self::ListedMethod => r#"{"origins": ["https://a.example"], "methods": ["PUT"]}"#,
            Self::AnyRequestHeader => r#"{"origins": ["https://a.example"], "request_headers": "any"}"#,
            Self::MirrorRequestHeader => r#"{"origins": ["https://a.example"], "request_headers": "mirror"}"#,
            Self::ListedRequestHeader => r#"{"origins": ["https://a.example"], "request_headers": ["x-a"]}"#,
            Self::AnyExposedHeader => r#"{"origins": ["https://a.example"], "exposed_headers": "any"}"#,
            Self::ListedExposedHeader => r#"{"origins": ["https://a.example"], "exposed_headers": ["x-b"]}"#,
            Self::MaxAge => r#"{"origins": ["https://a.example"], "max_age": 600}"#,
            Self::PrivateNetwork => r#"{"origins": ["https://a.example"], "private_network": true}"#,
        }
    }
}

/// A set of capabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities {
    bits: u32,
}

impl Capabilities {
    /// All capabilities.
    pub const ALL: Self = Self { bits: u32::MAX };

    /// Returns the capabilities for which a predicate holds.
    pub fn of(holds: impl Fn(&Capability) -> bool) -> Self {
        let bits = Capability::ALL.iter().filter(|capability| holds(capability)).map(|capability| capability.bit());
        Self { bits: bits.fold(0, |bits, bit| bits | bit) }
    }

    /// Returns true if a capability is in the set.
    pub fn contains(self, capability: Capability) -> bool {
        self.bits & capability.bit() != 0
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AnyOrigin => "any origin",
            Self::MirrorOrigin => "mirrored origin",
            Self::NoOrigin => "no origin",
            Self::ListedOrigin => "listed origin",
            Self::SeveralOrigins => "several origins",
            Self::NullOrigin => "null origin",
            Self::SubdomainPattern => "subdomain pattern",
            Self::PortPattern => "port pattern",
            Self::Credentials => "credentials",
            Self::AnyMethod => "any method",
            Self::MirrorMethod => "mirrored method",
            Self::ListedMethod => "listed method",
            Self::AnyRequestHeader => "any request header",
            Self::MirrorRequestHeader => "mirrored request header",
            Self::ListedRequestHeader => "listed request header",
            Self::AnyExposedHeader => "any exposed header",
            Self::ListedExposedHeader => "listed exposed header",
            Self::MaxAge => "max-age",
            Self::PrivateNetwork => "private network",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_needs_its_capability_and_at_most_a_listed_origin() {
        for capability in Capability::ALL {
            let policy: Policy = serde_json::from_str(capability.example()).unwrap();
            let needed: Vec<_> = Capability::ALL.into_iter().filter(|other| other.is_needed_by(&policy)).collect();
            assert!(needed.contains(&capability), "{capability}");
            let others = needed.into_iter().filter(|other| *other != capability);
            assert!(
                others.eq([Capability::ListedOrigin]
                    .into_iter()
                    .filter(|listed| listed.is_needed_by(&policy) && *listed != capability)),
                "{capability}"
            );
        }
    }
}
