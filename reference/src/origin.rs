//! [Origins](https://html.spec.whatwg.org/#concept-origin) and their serialization.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

/// An origin: opaque, or a tuple held as its
/// [ASCII serialization](https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
pub struct Origin(Option<Box<str>>);

/// The error for a text that is not a serialized origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The text parses as an origin, but is not its serialization.
    #[error("`{found}` is not a serialized origin: write `{wanted}`")]
    NotSerialized {
        /// The text.
        found: String,
        /// The serialization of the origin.
        wanted: String,
    },
    /// The text does not parse as an origin.
    #[error("`{0}` is not a serialized origin: write `scheme://host`, `scheme://host:port` or `null`")]
    NotAnOrigin(String),
}

impl Origin {
    /// An opaque origin, such as the origin of a sandboxed frame. It serializes to `null`.
    pub const OPAQUE: Self = Self(None);

    /// Returns the [origin of a URL](https://url.spec.whatwg.org/#concept-url-origin).
    pub fn of(url: &Url) -> Self {
        if !has_tuple_origin(url.scheme()) {
            return match url.origin() {
                url::Origin::Opaque(_) => Self::OPAQUE,
                tuple => Self(Some(tuple.ascii_serialization().into())),
            };
        }
        let host = url.host_str().unwrap_or_default();
        let mut text = String::with_capacity(url.scheme().len() + "://:65535".len() + host.len());
        text.extend([url.scheme(), "://", host]);
        if let Some(port) = url.port() {
            text.extend([":", &port.to_string()]);
        }
        Self(Some(text.into()))
    }

    /// Returns true if this is the [same origin](Self::is_same_origin) as the [origin of the URL](Self::of). Allocates
    /// nothing for a URL with a tuple origin.
    pub fn is_of(&self, url: &Url) -> bool {
        let Some(own) = self.0.as_deref() else { return false };
        if !has_tuple_origin(url.scheme()) {
            return self.is_same_origin(&Self::of(url));
        }
        let host = url.host_str().unwrap_or_default();
        let without_scheme = own.strip_prefix(url.scheme()).and_then(|rest| rest.strip_prefix("://"));
        match (without_scheme.and_then(|rest| rest.strip_prefix(host)), url.port()) {
            (Some(rest), None) => rest.is_empty(),
            (Some(rest), Some(port)) => rest.strip_prefix(':').is_some_and(|own| own.parse() == Ok(port)),
            (None, _) => false,
        }
    }

    /// Returns true if this is an opaque origin.
    pub fn is_opaque(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the [ASCII serialization](https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin).
    pub fn serialize(&self) -> &str {
        self.0.as_deref().unwrap_or("null")
    }

    /// Returns the scheme, and the host without its port. Returns `None` for an opaque origin.
    pub(crate) fn parts(&self) -> Option<(&str, &str)> {
        let (scheme, rest) = self.0.as_deref()?.split_once("://")?;
        let has_port = |(_, port): &(&str, &str)| port.bytes().all(|b| b.is_ascii_digit());
        Some((scheme, rest.rsplit_once(':').filter(has_port).map_or(rest, |(host, _)| host)))
    }

    /// Returns true if two origins are the [same origin](https://html.spec.whatwg.org/#same-origin). An opaque origin
    /// is never the same origin, not even as itself, because its identity is not kept.
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self.0.is_some() && self.0 == other.0
    }
}

/// Returns true if the [origin](https://url.spec.whatwg.org/#concept-url-origin) of every URL of that scheme is the
/// tuple of its scheme, host and port.
fn has_tuple_origin(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp")
}

impl FromStr for Origin {
    type Err = OriginError;

    /// Parses a serialized origin. Other schemes than the web's, such as the scheme of a browser extension, are
    /// accepted if the text matches the `serialized-origin` production of the
    /// [`Origin` header](https://fetch.spec.whatwg.org/#origin-header).
    fn from_str(text: &str) -> Result<Self, OriginError> {
        if text == "null" {
            return Ok(Self::OPAQUE);
        }
        let not_an_origin = || OriginError::NotAnOrigin(text.to_owned());
        let url = Url::parse(text).map_err(|_| not_an_origin())?;
        let of_url = Self::of(&url);
        if let Some(serialized) = &of_url.0 {
            return if **serialized == *text {
                Ok(of_url)
            } else {
                Err(OriginError::NotSerialized { found: text.to_owned(), wanted: serialized.to_string() })
            };
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(not_an_origin)?;
        let lower = scheme.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'));
        let (host, port) = rest.rsplit_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        let host_ok =
            !host.is_empty() && host.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_'));
        let port_ok = url.port().map(|own| own.to_string()).as_deref() == port;
        if scheme != "file" && lower && host_ok && port_ok { Ok(Self(Some(text.into()))) } else { Err(not_an_origin()) }
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;
    fn try_from(text: String) -> Result<Self, OriginError> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.serialize().to_owned()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.serialize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_of_agrees_with_the_origin_of_the_url() {
        const URLS: [&str; 9] = [
            "https://a.example/x?y",
            "https://a.example:443/",
            "https://a.example:8443/",
            "https://a.example.evil.example/",
            "http://a.example/",
            "http://u:p@[::1]:3000/",
            "http://1.1/",
            "blob:https://a.example/1",
            "chrome-extension://a.example/",
        ];
        for url in URLS.map(|url| Url::parse(url).unwrap()) {
            for other in URLS.map(|url| Url::parse(url).unwrap()) {
                let origin = Origin::of(&other);
                assert_eq!(origin.serialize(), other.origin().ascii_serialization(), "{other}");
                assert_eq!(origin.is_of(&url), origin.is_same_origin(&Origin::of(&url)), "{other} {url}");
            }
        }
    }

    #[test]
    fn a_tuple_origin_serializes_to_itself() {
        for text in ["https://a.example", "http://a.example:8080", "http://[::1]:3000", "chrome-extension://abcdef"] {
            assert_eq!(text.parse::<Origin>().unwrap().serialize(), text);
        }
    }

    #[test]
    fn an_origin_that_is_not_serialized_is_an_error_with_the_serialization() {
        for (found, wanted) in [
            ("https://a.example/", "https://a.example"),
            ("https://a.example:443", "https://a.example"),
            ("HTTPS://A.example", "https://a.example"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let error = OriginError::NotSerialized { found: found.into(), wanted: wanted.into() };
            assert_eq!(found.parse::<Origin>(), Err(error));
        }
    }

    #[test]
    fn a_text_that_is_not_an_origin_is_an_error() {
        for text in ["", "*", "Null", "a.example", "file://", "data:text/plain,x", "chrome-extension://"] {
            assert_eq!(text.parse::<Origin>(), Err(OriginError::NotAnOrigin(text.into())), "{text}");
        }
    }

    #[test]
    fn an_opaque_origin_is_never_the_same_origin() {
        assert!(!Origin::OPAQUE.is_same_origin(&Origin::OPAQUE));
        assert_eq!(Origin::OPAQUE.serialize(), "null");
    }
}
