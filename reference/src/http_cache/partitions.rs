//! The HTTP caches of a browser, one per [network
//! partition](https://fetch.spec.whatwg.org/#network-partition-keys).

use std::collections::BTreeMap;

use super::{cache::HttpCache, kind::CacheKind, options::CacheOptions};
use crate::request::Request;

/// The HTTP caches of a browser. Pages of one site share a cache.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partitions {
    options: CacheOptions,
    by_site: BTreeMap<(String, bool), HttpCache>,
}

impl Partitions {
    /// Returns empty caches with these options.
    pub fn new(options: CacheOptions) -> Self {
        Self { options, by_site: BTreeMap::new() }
    }

    /// [Determines the HTTP cache partition](https://fetch.spec.whatwg.org/#determine-the-http-cache-partition) of a
    /// request. The page is its own top-level document. A page with an opaque origin has no cache.
    pub fn of(&mut self, request: &Request) -> Option<&mut HttpCache> {
        // 1. Let key be the network partition key: the site of the page.
        // 2. If key is null, then return null.
        let site = request.origin.site()?;
        let key = (site, self.options.separates_credentials && request.includes_credentials());
        // 3. Return the cache of key.
        Some(self.by_site.entry(key).or_insert_with(|| HttpCache::with_options(CacheKind::Private, self.options)))
    }
}
