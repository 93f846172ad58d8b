//! One entry of a policy's list of origins.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    bytes::{are_labels, split},
    error::PatternError,
    syntax::{Meaning, Port, parse},
};

/// One entry of a policy's list of origins: `null`, or a serialized origin that may have wildcards.
///
/// `*.` before the host stands for one or more labels: `https://*.a.example` covers `https://b.a.example`, but not
/// `https://a.example`. `:*` after the host stands for any port, including the default port.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct OriginPattern {
    text: Box<str>,
    meaning: Meaning,
}

impl OriginPattern {
    /// Returns the text of the pattern.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns true if the pattern covers exactly one origin. `null` is one.
    pub fn is_exact(&self) -> bool {
        self.meaning == Meaning::Exact
    }

    pub(super) fn meaning(&self) -> &Meaning {
        &self.meaning
    }

    /// Returns true if the pattern covers the bytes of an `Origin` header.
    pub fn matches(&self, origin: &[u8]) -> bool {
        let Meaning::Wildcard { scheme, subdomains, host, port } = &self.meaning else {
            return *self.text.as_bytes() == *origin;
        };
        let Some((origin_scheme, origin_host, origin_port)) = split(origin) else {
            return false;
        };
        let host_matches = if *subdomains {
            let labels = origin_host.strip_suffix(host.as_bytes()).and_then(|rest| rest.strip_suffix(b"."));
            labels.is_some_and(are_labels)
        } else {
            *origin_host == *host.as_bytes()
        };
        let port_matches = match port {
            Port::Any => true,
            Port::Exactly(port) => *origin_port == *port.as_bytes(),
        };
        *origin_scheme == *scheme.as_bytes() && host_matches && port_matches
    }
}

impl FromStr for OriginPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let meaning = parse(text).ok_or_else(|| PatternError::of(text))?;
        Ok(Self { text: text.into(), meaning })
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
