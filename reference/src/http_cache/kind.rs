//! Private and shared caches.

/// The visitors that a cache serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheKind {
    /// One user: the cache of a browser.
    Private,
    /// Many users: the cache of a proxy or of a content delivery network.
    Shared,
}
