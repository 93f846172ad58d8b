//! A policy's origins, and the matcher over the raw bytes of an `Origin` header.

use std::{collections::HashSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::origin::{Origin, OriginError};

/// One entry of a policy's list: a serialized origin, `null`, or one with `*.` before its host or `:*`
/// for its port. `https://*.a.example` means one or more labels before `.a.example`, never `a.example`
/// itself; `:*` is any port, the default one included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct OriginPattern {
    text: Box<str>,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kind {
    Exact,
    Wild { scheme: Box<str>, subdomains: bool, host: Box<str>, port: Port },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Port {
    Any,
    /// As serialized; empty for the scheme's default.
    Exactly(Box<str>),
}

impl OriginPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether this is one origin, `null` included, rather than many.
    pub fn is_exact(&self) -> bool {
        self.kind == Kind::Exact
    }

    /// Whether the pattern covers the bytes of an `Origin` header.
    pub fn matches(&self, origin: &[u8]) -> bool {
        let Kind::Wild { scheme, subdomains, host, port } = &self.kind else {
            return *self.text.as_bytes() == *origin;
        };
        let Some((its_scheme, its_host, its_port)) = split(origin) else {
            return false;
        };
        let host_matches = if *subdomains {
            let labels = its_host.strip_suffix(host.as_bytes()).and_then(|rest| rest.strip_suffix(b"."));
            labels.is_some_and(are_labels)
        } else {
            *its_host == *host.as_bytes()
        };
        let port_matches = match port {
            Port::Any => true,
            Port::Exactly(port) => *its_port == *port.as_bytes(),
        };
        *its_scheme == *scheme.as_bytes() && host_matches && port_matches
    }
}

/// Whether the bytes are one or more labels of a serialized host: lower-case ASCII without a
/// [forbidden domain code point](https://url.spec.whatwg.org/#forbidden-domain-code-point).
fn are_labels(bytes: &[u8]) -> bool {
    let is_allowed = |b: &u8| b.is_ascii_graphic() && !b.is_ascii_uppercase() && !br"#/:<>?@[\]^|%".contains(b);
    bytes.split(|b| *b == b'.').all(|label| !label.is_empty() && label.iter().all(is_allowed))
}

/// A serialized origin's scheme, host and port; the port is empty where it is the default.
fn split(origin: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let colon = origin.windows(3).position(|w| w == b"://")?;
    let (scheme, rest) = (&origin[..colon], &origin[colon + 3..]);
    let colon = rest.iter().rposition(|b| *b == b':').filter(|_| !rest.ends_with(b"]"));
    let (host, port) = colon.map_or((rest, &[][..]), |colon| (&rest[..colon], &rest[colon + 1..]));
    let is_port = match port {
        [] => colon.is_none(),
        [b'0', ..] => false,
        digits => {
            digits.iter().all(u8::is_ascii_digit)
                && str::from_utf8(digits).is_ok_and(|port| port.parse::<u16>().is_ok())
        }
    };
    is_port.then_some((scheme, host, port))
}

impl FromStr for OriginPattern {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let of = |kind| Self { text: text.into(), kind };
        let (without_port, any_port) = text.strip_suffix(":*").map_or((text, false), |rest| (rest, true));
        let (scheme, rest) = without_port.split_once("://").unwrap_or(("", ""));
        let (host, subdomains) = rest.strip_prefix("*.").map_or((rest, false), |rest| (rest, true));
        // The URL parser takes `*` for a letter of a host.
        if host.contains('*') {
            return Err(OriginError::NotAnOrigin(text.into()));
        }
        if !any_port && !subdomains {
            return text.parse::<Origin>().map(|_| of(Kind::Exact));
        }
        // What is left without the wildcards must be an origin by itself, with a name to put labels before.
        let bare = format!("{scheme}://{host}");
        let origin: Origin = bare.parse()?;
        let (_, host, port) =
            split(origin.serialize().as_bytes()).ok_or_else(|| OriginError::NotAnOrigin(text.into()))?;
        let is_address = host.starts_with(b"[") || host.rsplit(|b| *b == b'.').next().is_some_and(is_number);
        if (subdomains && is_address) || (any_port && !port.is_empty()) {
            return Err(OriginError::NotAnOrigin(text.into()));
        }
        let own = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned().into_boxed_str();
        let port = if any_port { Port::Any } else { Port::Exactly(own(port)) };
        Ok(of(Kind::Wild { scheme: scheme.into(), subdomains, host: own(host), port }))
    }
}

fn is_number(label: &[u8]) -> bool {
    label.iter().all(u8::is_ascii_digit)
}

impl TryFrom<String> for OriginPattern {
    type Error = OriginError;
    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl From<OriginPattern> for String {
    fn from(pattern: OriginPattern) -> Self {
        pattern.text.into()
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A list of patterns, built once and asked often. A query allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct OriginSet {
    exact: HashSet<Box<[u8]>>,
    wild: Vec<OriginPattern>,
}

impl OriginSet {
    /// The set of these patterns.
    pub fn new(patterns: &[OriginPattern]) -> Self {
        let (exact, wild): (Vec<_>, Vec<_>) = patterns.iter().cloned().partition(OriginPattern::is_exact);
        Self { exact: exact.into_iter().map(|pattern| pattern.text.into_boxed_bytes()).collect(), wild }
    }

    /// Whether some pattern covers the bytes of an `Origin` header.
    pub fn contains(&self, origin: &[u8]) -> bool {
        self.exact.contains(origin) || self.wild.iter().any(|pattern| pattern.matches(origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, covered: &[&str], not_covered: &[&str]) {
        let set = OriginSet::new(&[pattern.parse().unwrap()]);
        for origin in covered {
            assert!(set.contains(origin.as_bytes()), "{pattern} does not cover {origin}");
        }
        for origin in not_covered {
            assert!(!set.contains(origin.as_bytes()), "{pattern} covers {origin}");
        }
    }

    #[test]
    fn an_exact_origin_covers_itself_alone() {
        let near = [
            "http://a.example",
            "https://a.example:8443",
            "https://b.a.example",
            "https://xa.example",
            "null",
            "",
            "https://a.example.evil.example",
            "https://a.example.",
            "HTTPS://A.EXAMPLE",
            "https://a.example, https://b.example",
        ];
        check("https://a.example", &["https://a.example"], &near);
    }

    #[test]
    fn subdomains_are_one_or_more_whole_labels() {
        check(
            "https://*.a.example",
            &["https://b.a.example", "https://c.b.a.example", "https://a_b.a.example"],
            &[
                "https://a.example",
                "https://.a.example",
                "https://xa.example",
                "https://b.a.example:8443",
                "http://b.a.example",
                "https://b..a.example",
                "https://evil.example/b.a.example",
                "https://evil.example@b.a.example",
                "https://b.a.example.evil.example",
            ],
        );
    }

    #[test]
    fn any_port_includes_the_default_one() {
        check(
            "http://a.example:*",
            &["http://a.example", "http://a.example:1", "http://a.example:65535"],
            &[
                "http://a.example:",
                "http://a.example:x",
                "http://a.example:08",
                "http://a.example:8080:1",
                "https://a.example",
            ],
        );
    }

    #[test]
    fn the_two_wildcards_combine() {
        check("http://*.localhost:*", &["http://a.localhost:3000"], &["http://localhost:3000"]);
    }

    #[test]
    fn a_pattern_may_name_a_port() {
        check("https://*.a.example:8443", &["https://b.a.example:8443"], &["https://b.a.example"]);
    }

    #[test]
    fn an_address_takes_any_port_but_no_labels() {
        check("http://[::1]:*", &["http://[::1]", "http://[::1]:3000"], &["http://[::1]:"]);
        assert!("http://*.127.0.0.1".parse::<OriginPattern>().is_err());
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in [
            "*",
            "https://*",
            "https://*.",
            "https://a.*.example",
            "*.a.example",
            "https://a.example:*:1",
            "https://a.example/*",
            "https://a.example:80:*",
        ] {
            assert!(text.parse::<OriginPattern>().is_err(), "{text}");
        }
    }
}
