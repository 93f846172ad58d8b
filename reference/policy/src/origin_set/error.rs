//! Errors for a text that is not an origin pattern.

use std::fmt;

use super::syntax::{LONGEST_HOST, LONGEST_LABEL, is_domain, parse, parts};
use cors_reference::origin::{Origin, OriginError};

/// The error for a text that is not an [`OriginPattern`](super::OriginPattern).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// The invalid text.
    pub found: String,
    /// The first fault of the text.
    pub fault: Fault,
    /// A valid pattern that was probably meant, if there is one.
    pub wanted: Option<String>,
}

/// A fault of the text of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is `*`.
    #[error("to allow every origin, write \"any\" instead of the list")]
    EveryOrigin,
    /// A character outside ASCII.
    #[error("the text contains non-ASCII characters, but browsers send hosts in Punycode")]
    NotAscii,
    /// White space or a control character.
    #[error("the text contains white space or a control character")]
    WhiteSpace,
    /// Upper-case letters, which no browser sends.
    #[error("the text contains upper-case letters, but browsers send origins in lower case")]
    UpperCase,
    /// The scheme or `://` is missing.
    #[error("the scheme is missing: write `scheme://host`, `scheme://host:port` or `null`")]
    NoScheme,
    /// An invalid scheme, or one whose pages have the origin `null`, such as `file`.
    #[error("the scheme is invalid, or its pages have the origin `null`")]
    Scheme,
    /// A slash after the host or port.
    #[error("an origin does not end in a slash")]
    TrailingSlash,
    /// A path, a query or a fragment.
    #[error("an origin has no path, query or fragment")]
    Path,
    /// A user name or a password before an `@`.
    #[error("an origin has no user name or password")]
    UserInfo,
    /// `*` in another place than a wildcard's.
    #[error("`*` is allowed only as `*.` before the host and as `:*` for the port")]
    Wildcard,
    /// The host is missing.
    #[error("the host is missing")]
    NoHost,
    /// A port and `:*`.
    #[error("the text has both a port and `:*`, which stands for any port")]
    PortAndAnyPort,
    /// A port that is not a number from 0 to 65535 without leading zeros.
    #[error("the port is not a number from 0 to 65535 without leading zeros")]
    Port,
    /// The default port of the scheme, which no browser sends.
    #[error("the port is the default port of the scheme, which browsers leave out")]
    DefaultPort,
    /// `*.` before an address.
    #[error("an address has no subdomains")]
    SubdomainsOfAddress,
    /// `*.` before a host that ends in a dot.
    #[error("the host after `*.` ends in a dot")]
    TrailingDot,
    /// An empty label in the host: two consecutive dots, or a dot at the start.
    #[error("a label of the host is empty")]
    EmptyLabel,
    /// A label of more than 63 bytes.
    #[error("a label of the host is longer than {LONGEST_LABEL} bytes")]
    LongLabel,
    /// A host of more than 253 bytes.
    #[error("the host is longer than {LONGEST_HOST} bytes")]
    LongHost,
    /// A host that browsers spell differently, such as an address with leading zeros.
    #[error("browsers spell the origin differently")]
    Spelling,
    /// An invalid host.
    #[error("the host is invalid")]
    Host,
    /// The text repeats the entry with this index.
    #[error("the text repeats entry {0}")]
    Duplicate(usize),
}

impl Fault {
    pub(super) fn of(self, found: &str) -> PatternError {
        PatternError { found: found.to_owned(), fault: self, wanted: None }
    }
}

impl PatternError {
    /// Returns the error for a text that does not [parse](parse).
    pub(super) fn of(text: &str) -> Self {
        Self { wanted: wanted(text), ..fault(text).of(text) }
    }
}

/// Returns the first fault of a text, in the order of the parts of an origin.
fn fault(text: &str) -> Fault {
    let (scheme, subdomains, rest, any_port) = parts(text);
    let is_scheme_byte = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    let end = rest.find(['/', '\\', '?', '#']);
    let authority = &rest[..end.unwrap_or(rest.len())];
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let labels = || host.strip_suffix('.').unwrap_or(host).split('.');
    match () {
        () if text == "*" => Fault::EveryOrigin,
        () if !text.is_ascii() => Fault::NotAscii,
        () if text.bytes().any(|b| !b.is_ascii_graphic()) => Fault::WhiteSpace,
        () if text.bytes().any(|b| b.is_ascii_uppercase()) => Fault::UpperCase,
        () if scheme.is_empty() => Fault::NoScheme,
        () if scheme == "file" || !scheme.bytes().all(is_scheme_byte) => Fault::Scheme,
        () if end.is_some_and(|end| rest[end..] == *"/") => Fault::TrailingSlash,
        () if end.is_some() => Fault::Path,
        () if authority.contains('@') => Fault::UserInfo,
        () if authority.contains('*') => Fault::Wildcard,
        () if host.is_empty() => Fault::NoHost,
        () if any_port && port.is_some() => Fault::PortAndAnyPort,
        () if port.is_some_and(|port| super::bytes::port_number(port.as_bytes()).is_none()) => Fault::Port,
        () if matches!(
            (scheme, port),
            ("http" | "ws", Some("80")) | ("https" | "wss", Some("443")) | ("ftp", Some("21"))
        ) =>
        {
            Fault::DefaultPort
        }
        () if subdomains && host.ends_with('.') => Fault::TrailingDot,
        () if subdomains && !is_domain(host.as_bytes()) => Fault::SubdomainsOfAddress,
        () if labels().any(str::is_empty) => Fault::EmptyLabel,
        () if labels().any(|label| label.len() > LONGEST_LABEL) => Fault::LongLabel,
        () if host.len() > LONGEST_HOST => Fault::LongHost,
        () if wanted(text).is_some() => Fault::Spelling,
        () => Fault::Host,
    }
}

/// Returns the same pattern in the spelling of browsers, if there is one and it differs.
fn wanted(text: &str) -> Option<String> {
    let (scheme, subdomains, host, any_port) = parts(text);
    let spelled = match format!("{scheme}://{host}").parse::<Origin>() {
        Ok(origin) => origin.to_string(),
        Err(OriginError::NotSerialized { wanted, .. }) => wanted,
        Err(OriginError::NotAnOrigin(_)) => return None,
    };
    let (scheme, host) = spelled.split_once("://")?;
    let (labels, port) = (if subdomains { "*." } else { "" }, if any_port { ":*" } else { "" });
    let wanted = format!("{scheme}://{labels}{host}{port}");
    (wanted != text && parse(&wanted).is_some()).then_some(wanted)
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an origin pattern: {}", self.found, self.fault)?;
        match &self.wanted {
            Some(wanted) => write!(f, "; write `{wanted}`"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PatternError {}

/// The error for an entry of a list that is not a pattern or repeats an earlier entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {index}: {error}")]
pub struct EntryError {
    /// The index of the entry in the list.
    pub index: usize,
    /// The fault of the entry.
    pub error: PatternError,
}
