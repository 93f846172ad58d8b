//! Why a text is no origin pattern, and what to write instead.

use std::fmt;

use super::pattern::{LONGEST_HOST, LONGEST_LABEL, is_name, parts, read};
use cors_reference::origin::{Origin, OriginError};

/// A text that is no [`OriginPattern`](super::OriginPattern).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// The text.
    pub found: String,
    /// The first thing that is wrong with it.
    pub fault: Fault,
    /// A pattern that may have been meant.
    pub wanted: Option<String>,
}

/// What is wrong with the text of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// `*` alone.
    #[error("every origin is \"any\", not an entry of a list")]
    EveryOrigin,
    /// A character beyond ASCII.
    #[error("it has letters beyond ASCII, where a browser sends Punycode")]
    NotAscii,
    /// White space or a control character.
    #[error("it has white space or a control character")]
    WhiteSpace,
    /// Upper case, which no browser sends.
    #[error("it has capitals, where a browser sends small letters")]
    UpperCase,
    /// Nothing stands before `://`, or there is none.
    #[error("it has no scheme: write `scheme://host`, `scheme://host:port` or `null`")]
    NoScheme,
    /// A scheme that is none, or whose origins are opaque, such as `file`.
    #[error("its scheme is none, or one whose pages have no origin but `null`")]
    Scheme,
    /// `/` and no more behind the host or port.
    #[error("a slash ends it")]
    TrailingSlash,
    /// A path, a query or a fragment.
    #[error("an origin ends with its host or port, and has no path, query or fragment")]
    Path,
    /// A user or a password before an `@`.
    #[error("an origin has no user and no password")]
    UserInfo,
    /// `*` where it is no wildcard.
    #[error("`*` stands for labels as `*.` before the host, or for the port as `:*`, and for nothing else")]
    Wildcard,
    /// No host.
    #[error("it has no host")]
    NoHost,
    /// A port, and `:*` for any.
    #[error("a port stands beside `:*`, which is any port")]
    PortAndAnyPort,
    /// A port that is no number from 0 to 65535, or has leading zeros.
    #[error("its port is no number from 0 to 65535 without leading zeros")]
    Port,
    /// The port that the scheme has by default, which no browser sends.
    #[error("it writes its scheme's default port, where a browser leaves it out")]
    DefaultPort,
    /// `*.` before an address.
    #[error("an address has no subdomains")]
    SubdomainsOfAddress,
    /// `*.` before a host that ends in a dot.
    #[error("a dot ends the host below which the subdomains are")]
    TrailingDot,
    /// Two dots side by side, or one before all labels.
    #[error("a label of its host is empty")]
    EmptyLabel,
    /// A label of more than 63 bytes.
    #[error("a label of its host is longer than {LONGEST_LABEL} bytes")]
    LongLabel,
    /// A host of more than 253 bytes.
    #[error("its host is longer than {LONGEST_HOST} bytes")]
    LongHost,
    /// A host in another spelling than a browser's, such as an address with leading zeros.
    #[error("a browser spells it otherwise")]
    Spelling,
    /// What is no host.
    #[error("its host is none")]
    Host,
    /// The entry of this index is the same.
    #[error("it is listed already, as entry {0}")]
    Duplicate(usize),
}

impl Fault {
    pub(super) fn of(self, found: &str) -> PatternError {
        PatternError { found: found.to_owned(), fault: self, wanted: None }
    }
}

impl PatternError {
    /// The error of a text that [cannot be read](read).
    pub(super) fn of(text: &str) -> Self {
        Self { wanted: wanted(text), ..fault(text).of(text) }
    }
}

/// The first fault from the left; the order of the questions is that of the parts of an origin.
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
        () if subdomains && !is_name(host.as_bytes()) => Fault::SubdomainsOfAddress,
        () if labels().any(str::is_empty) => Fault::EmptyLabel,
        () if labels().any(|label| label.len() > LONGEST_LABEL) => Fault::LongLabel,
        () if host.len() > LONGEST_HOST => Fault::LongHost,
        () if wanted(text).is_some() => Fault::Spelling,
        () => Fault::Host,
    }
}

/// The pattern that says the same in a browser's spelling.
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
    (wanted != text && read(&wanted).is_some()).then_some(wanted)
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no origin pattern: {}", self.found, self.fault)?;
        match &self.wanted {
            Some(wanted) => write!(f, "; write `{wanted}`"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PatternError {}

/// An entry of a list that is no pattern, or is there already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {index}: {error}")]
pub struct EntryError {
    /// Its place in the list, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub error: PatternError,
}
