//! One cache a [network partition](https://fetch.spec.whatwg.org/#network-partition-keys).

use std::collections::BTreeMap;

use super::{CacheKind, HttpCache};
use crate::{agent::Deviation, request::Request};

/// A browser's HTTP caches: pages of one site share one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partitions {
    by_site: BTreeMap<(String, bool), HttpCache>,
}

impl Partitions {
    /// The cache of a request's partition
    /// ([determine the HTTP cache partition](https://fetch.spec.whatwg.org/#determine-the-http-cache-partition)), the
    /// page being its own top-level document. A page of an opaque origin has none.
    pub fn of(&mut self, request: &Request) -> Option<&mut HttpCache> {
        let site = request.origin.site()?;
        let separates = request.agent.has(Deviation::HttpCacheSeparatesCredentials);
        let key = (site, separates && request.includes_credentials());
        Some(self.by_site.entry(key).or_insert_with(|| HttpCache::by(request.agent, CacheKind::Private)))
    }
}
