//! The requests that a stored response may be served to, by `Vary`
//! ([RFC 9111, 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).

use crate::{header::isomorphic_decode, header_list::HeaderList, request::WireRequest, response::Response};

/// The request header fields that the `Vary` of a stored response names, with their values in the original request.
/// They are a part of the cache key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selecting(Vec<(String, Option<Vec<u8>>)>);

impl Selecting {
    /// Returns the fields that select the response to a request. Returns `None` if `Vary` has the member `*`, because
    /// such a response never matches.
    pub(super) fn of(request: &WireRequest, response: &Response) -> Option<Self> {
        let vary = response.headers.get("Vary").map(|joined| isomorphic_decode(&joined.to_vec())).unwrap_or_default();
        // A member that is not a header name selects nothing, because no request has such a header.
        let names = vary.split(',').map(str::trim).filter(|name| !name.is_empty());
        names
            .map(|name| (name != "*").then(|| (name.to_ascii_lowercase(), value(&request.headers, name))))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// Returns true if a request has the same values.
    pub(super) fn matches(&self, request: &WireRequest) -> bool {
        self.0.iter().all(|(name, own)| *own == value(&request.headers, name))
    }

    /// Returns true if every request that matches `other` also matches this.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.0.iter().all(|pair| other.0.contains(pair))
    }

    /// Returns true if every request matches.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns the combined value of a field. White space within it counts, because only the syntax of each field defines
/// whether it can be normalized.
fn value(headers: &HeaderList, name: &str) -> Option<Vec<u8>> {
    headers.get(name).map(|joined| joined.to_vec())
}
