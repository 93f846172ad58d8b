//! Private and shared caches.

/// The kind of a cache, by the users that it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheKind {
    /// One user: the cache of a browser.
    Private,
    /// Many users: the cache of a proxy or of a content delivery network.
    Shared,
}
