//! A browser over time.

use crate::{
    cross_origin_resource_policy::EmbedderPolicy,
    http_cache::Partitions,
    local_network::LocalNetwork,
    preflight_cache::PreflightCache,
    user_agent::{Standard, UserAgent},
};

/// A browser over time: a user agent and its caches.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Browser<U: UserAgent = Standard> {
    /// The user agent.
    pub agent: U,
    /// The CORS-preflight cache.
    pub preflight_cache: PreflightCache,
    /// The HTTP caches.
    pub http_caches: Partitions,
    /// The embedder policy of the browser's pages.
    pub embedder_policy: EmbedderPolicy,
    /// The networks that the browser's pages and their targets are in, or `None` if all addresses are public.
    pub local_network: Option<LocalNetwork>,
}

impl<U: UserAgent> Browser<U> {
    /// Returns a browser with empty caches.
    pub fn new(agent: U) -> Self {
        let http_caches = Partitions::new(agent.http_cache_options());
        Self {
            agent,
            preflight_cache: PreflightCache::default(),
            http_caches,
            embedder_policy: EmbedderPolicy::default(),
            local_network: None,
        }
    }
}

impl Default for Browser {
    /// Returns a browser that does what the standard requires, with empty caches.
    fn default() -> Self {
        Self::new(Standard)
    }
}
