//! The choices of an HTTP cache.

/// The choices of an HTTP cache: options of [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111), and deviations from it.
/// The default is a cache that follows the RFC and reuses as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct CacheOptions {
    /// The statuses of the responses that are stored, or `None` if all cacheable statuses are stored.
    pub stored_statuses: Option<&'static [u16]>,
    /// The statuses of the responses that stay fresh for ever if they have neither `Cache-Control` nor `Expires`.
    pub permanent_statuses: &'static [u16],
    /// True if responses with status 401 are not stored.
    pub skips_401: bool,
    /// True if a stored response replaces all responses of its URL, and not only those that `Vary` selects.
    pub keeps_one_variant: bool,
    /// True if requests with credentials and requests without them use separate caches.
    pub separates_credentials: bool,
    /// The responses to unsafe methods that invalidate the stored responses of their URL.
    pub invalidation: Invalidation,
}

/// The responses to unsafe methods that
/// [invalidate](https://www.rfc-editor.org/rfc/rfc9111#section-4.4) the stored responses of their URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Invalidation {
    /// Responses with a status of 200 to 399.
    #[default]
    Success,
    /// The same, except to a `PUT` without a body.
    SuccessExceptEmptyPut,
    /// All responses.
    Always,
    /// No responses.
    Never,
}
