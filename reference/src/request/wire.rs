//! The message that goes out on the wire.

use url::Url;

use crate::header_list::HeaderList;

/// A request as it goes out on the wire, with the headers that this model decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// The method.
    pub method: String,
    /// The URL, without its fragment.
    pub url: Url,
    /// The header list.
    pub headers: HeaderList,
    /// The body's bytes.
    pub body: Option<Vec<u8>>,
}

impl WireRequest {
    /// Returns true if this is a
    /// [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request): `OPTIONS` with `Origin` and
    /// `Access-Control-Request-Method`.
    pub fn is_cors_preflight(&self) -> bool {
        self.method == "OPTIONS"
            && self.headers.contains("Origin")
            && self.headers.contains("Access-Control-Request-Method")
    }
}
