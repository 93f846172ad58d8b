//! The clients that can send an `Origin`.

use cors_reference::origin::Origin;

/// The clients that can send an `Origin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// A page in any browser.
    Browser,
    /// A page in a browser that accepts every character that the URL Standard allows in a host, not only letters, digits,
    /// `-` and `_`.
    SomeBrowser,
    /// Only a client that is not a browser.
    RawClient,
}

impl Reach {
    /// Returns the clients that can send this `Origin`.
    pub fn of(origin: &str) -> Self {
        if origin.parse::<Origin>().is_err() {
            return Self::RawClient;
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/[]+".contains(&byte);
        if origin.bytes().all(is_plain) { Self::Browser } else { Self::SomeBrowser }
    }
}
