//! The syntax of an origin pattern.

use super::bytes::split;
use cors_reference::origin::Origin;

/// The meaning of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    /// The origin that the text serializes.
    Exact,
    /// The origins of a host, of its subdomains, or of all its ports.
    Wildcard { scheme: Box<str>, subdomains: bool, host: Box<str>, port: Port },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Port {
    Any,
    /// The serialized port. It is empty for the scheme's default port.
    Exactly(Box<str>),
}

/// The most bytes of a host and of a label in the domain name system
/// ([RFC 1035, 2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
pub(super) const LONGEST_HOST: usize = 253;
pub(super) const LONGEST_LABEL: usize = 63;

/// Splits a text around its wildcards: the scheme, true if `*.` precedes the host, the host with its port, and true if
/// `:*` follows.
pub(super) fn parts(text: &str) -> (&str, bool, &str, bool) {
    let (without_port, any_port) = text.strip_suffix(":*").map_or((text, false), |rest| (rest, true));
    let (scheme, rest) = without_port.split_once("://").unwrap_or(("", ""));
    let (host, subdomains) = rest.strip_prefix("*.").map_or((rest, false), |rest| (rest, true));
    (scheme, subdomains, host, any_port)
}

/// Parses a pattern. Returns `None` for an invalid text.
pub(super) fn parse(text: &str) -> Option<Meaning> {
    let (scheme, subdomains, host, any_port) = parts(text);
    // The URL parser accepts `*` in a host.
    if host.contains('*') {
        return None;
    }
    if !any_port && !subdomains && scheme.is_empty() {
        return text.parse::<Origin>().is_ok().then_some(Meaning::Exact);
    }
    // Without its wildcards, the text must be an origin, and a wildcard needs a host that can have subdomains.
    let origin: Origin = format!("{scheme}://{host}").parse().ok()?;
    let (_, host, port) = split(origin.serialize().as_bytes())?;
    let takes_wildcards = (!subdomains || is_domain(host)) && (!any_port || port.is_empty());
    if !takes_wildcards || !has_valid_labels(host) {
        return None;
    }
    if !any_port && !subdomains {
        return Some(Meaning::Exact);
    }
    let own = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned().into_boxed_str();
    let port = if any_port { Port::Any } else { Port::Exactly(own(port)) };
    Some(Meaning::Wildcard { scheme: scheme.into(), subdomains, host: own(host), port })
}

/// Returns true if the host can have subdomains: it is not an address and does not end in a dot.
pub(super) fn is_domain(host: &[u8]) -> bool {
    let is_number = |label: &[u8]| label.iter().all(u8::is_ascii_digit);
    !host.starts_with(b"[") && !host.rsplit(|b| *b == b'.').next().is_some_and(is_number)
}

/// Returns true if each label and the host have a valid length. A final dot is allowed.
fn has_valid_labels(host: &[u8]) -> bool {
    let labels = host.strip_suffix(b".").unwrap_or(host);
    labels.len() <= LONGEST_HOST && labels.split(|b| *b == b'.').all(|label| (1..=LONGEST_LABEL).contains(&label.len()))
}
