//! Whom a stored response may be served to
//! ([RFC 9111, 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).

use crate::{header::isomorphic_decode, header_list::HeaderList, request::WireRequest, response::Response};

/// The request header fields that a stored response's `Vary` names, with their values in the request that it
/// answered: its share of the cache key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selecting(Vec<(String, Option<Vec<u8>>)>);

impl Selecting {
    /// `None` where `Vary` has the member `*`: such a response never matches.
    pub(super) fn of(request: &WireRequest, response: &Response) -> Option<Self> {
        let vary = response.headers.get("Vary").map(|joined| isomorphic_decode(&joined.to_vec())).unwrap_or_default();
        // What is no header name is in no request: it selects nothing, in the field as here.
        let names = vary.split(',').map(str::trim).filter(|name| !name.is_empty());
        names
            .map(|name| (name != "*").then(|| (name.to_ascii_lowercase(), value(&request.headers, name))))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// Whether a request has the same values.
    pub(super) fn matches(&self, request: &WireRequest) -> bool {
        self.0.iter().all(|(name, own)| *own == value(&request.headers, name))
    }

    /// Whether every request that matches `other` matches this too.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.0.iter().all(|pair| other.0.contains(pair))
    }

    /// Whether any request matches.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A field's value, its lines combined. White space within it counts: whether it may be normalized away is a
/// matter of each field's own syntax.
fn value(headers: &HeaderList, name: &str) -> Option<Vec<u8>> {
    headers.get(name).map(|joined| joined.to_vec())
}
