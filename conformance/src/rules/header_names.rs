//! The names of the CORS protocol's headers.

pub(super) const ORIGIN: &str = "Origin";
pub(super) const VARY: &str = "Vary";

pub(super) const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
pub(super) const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
pub(super) const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
pub(super) const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
pub(super) const EXPOSE_HEADERS: &str = "Access-Control-Expose-Headers";
pub(super) const MAX_AGE: &str = "Access-Control-Max-Age";
pub(super) const ALLOW_PRIVATE_NETWORK: &str = "Access-Control-Allow-Private-Network";

pub(super) const REQUEST_METHOD: &str = "Access-Control-Request-Method";
pub(super) const REQUEST_PRIVATE_NETWORK: &str = "Access-Control-Request-Private-Network";

/// Every response header of the CORS protocol and of Private Network Access.
pub(super) const RESPONSE_HEADERS: [&str; 7] =
    [ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS, MAX_AGE, ALLOW_PRIVATE_NETWORK];

/// The response headers that hold one value.
pub(super) const SINGLE_VALUES: [&str; 4] = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, MAX_AGE, ALLOW_PRIVATE_NETWORK];

/// The response headers that hold a list.
pub(super) const LISTS: [&str; 3] = [ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS];
