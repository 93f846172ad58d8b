//! One entry of a policy's list of origins.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    bytes::{are_labels, split},
    error::PatternError,
};
use cors_reference::origin::Origin;

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
pub(super) enum Kind {
    Exact,
    Wild { scheme: Box<str>, subdomains: bool, host: Box<str>, port: Port },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Port {
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

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
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

/// A text's parts around its wildcards: the scheme, whether `*.` stands before the host, the host with the port that it
/// may have, and whether `:*` stands behind it.
pub(super) fn parts(text: &str) -> (&str, bool, &str, bool) {
    let (without_port, any_port) = text.strip_suffix(":*").map_or((text, false), |rest| (rest, true));
    let (scheme, rest) = without_port.split_once("://").unwrap_or(("", ""));
    let (host, subdomains) = rest.strip_prefix("*.").map_or((rest, false), |rest| (rest, true));
    (scheme, subdomains, host, any_port)
}

/// What a text means as a pattern, if it is one.
pub(super) fn read(text: &str) -> Option<Kind> {
    let (scheme, subdomains, host, any_port) = parts(text);
    // The URL parser takes `*` for a letter of a host.
    if host.contains('*') {
        return None;
    }
    if !any_port && !subdomains && scheme.is_empty() {
        return text.parse::<Origin>().is_ok().then_some(Kind::Exact);
    }
    // What is left without the wildcards must be an origin by itself, with a name to put labels before.
    let origin: Origin = format!("{scheme}://{host}").parse().ok()?;
    let (_, host, port) = split(origin.serialize().as_bytes())?;
    let takes_wildcards = (!subdomains || is_name(host)) && (!any_port || port.is_empty());
    if !takes_wildcards || !has_sound_labels(host) {
        return None;
    }
    if !any_port && !subdomains {
        return Some(Kind::Exact);
    }
    let own = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned().into_boxed_str();
    let port = if any_port { Port::Any } else { Port::Exactly(own(port)) };
    Some(Kind::Wild { scheme: scheme.into(), subdomains, host: own(host), port })
}

/// Whether the host can have subdomains: it is no address, and no dot ends it.
pub(super) fn is_name(host: &[u8]) -> bool {
    let is_number = |label: &[u8]| label.iter().all(u8::is_ascii_digit);
    !host.starts_with(b"[") && !host.rsplit(|b| *b == b'.').next().is_some_and(is_number)
}

/// The most bytes of a host and of a label that the domain name system has room for
/// ([RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
pub(super) const LONGEST_HOST: usize = 253;
pub(super) const LONGEST_LABEL: usize = 63;

/// Whether the labels of a host could be looked up. A dot may end them.
fn has_sound_labels(host: &[u8]) -> bool {
    let labels = host.strip_suffix(b".").unwrap_or(host);
    labels.len() <= LONGEST_HOST && labels.split(|b| *b == b'.').all(|label| (1..=LONGEST_LABEL).contains(&label.len()))
}

impl FromStr for OriginPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let kind = read(text).ok_or_else(|| PatternError::of(text))?;
        Ok(Self { text: text.into(), kind })
    }
}

impl TryFrom<String> for OriginPattern {
    type Error = PatternError;
    fn try_from(text: String) -> Result<Self, PatternError> {
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
