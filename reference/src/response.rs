//! [Responses](https://fetch.spec.whatwg.org/#concept-response).

use crate::header_list::HeaderList;

/// A [response](https://fetch.spec.whatwg.org/#concept-response) as it arrives from the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The [status](https://fetch.spec.whatwg.org/#concept-status).
    pub status: u16,
    /// The header list.
    pub headers: HeaderList,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns a response with neither headers nor body.
    pub fn new(status: u16) -> Self {
        Self { status, headers: HeaderList::default(), body: Vec::new() }
    }

    /// Returns the response with one more header. The name is a constant of the program; see [`HeaderList::with`].
    ///
    /// # Panics
    ///
    /// If `name` is not a [header name](https://fetch.spec.whatwg.org/#header-name).
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers = self.headers.with(name, value);
        self
    }

    /// Returns true if the status is an [ok status](https://fetch.spec.whatwg.org/#ok-status).
    pub fn has_ok_status(&self) -> bool {
        (200..=299).contains(&self.status)
    }

    /// Returns true if the status is a [redirect status](https://fetch.spec.whatwg.org/#redirect-status).
    pub fn has_redirect_status(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }
}
