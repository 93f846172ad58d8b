//! The CORS-preflight cache of an agent.

use super::{definition::Agent, deviation::Deviation, memory::Memory};
use crate::{
    preflight::Grant,
    preflight_cache::{Allowed, CacheMatches, Entry, PreflightCache},
    request::{CredentialsMode, Request},
    safelist::is_cors_non_wildcard_request_header_name,
};

impl CacheMatches for Agent {
    fn is_cache_entry_match(&self, entry: &Entry, request: &Request) -> bool {
        let includes_credentials = request.credentials == CredentialsMode::Include;
        let is_wider = entry.credentials && !self.has(Deviation::SeparatesCredentials);
        entry.matches_except_credentials(request) && (is_wider || entry.credentials == includes_credentials)
    }

    fn is_method_cache_entry_match(&self, entry: &Entry, request: &Request, method: &str) -> bool {
        let is_match = |own: &str| own == method || (own == "*" && self.has_wildcard(entry, request));
        self.is_cache_entry_match(entry, request) && matches!(&entry.allowed, Allowed::Method(own) if is_match(own))
    }

    fn is_header_name_cache_entry_match(&self, entry: &Entry, request: &Request, name: &str) -> bool {
        let is_covered =
            !is_cors_non_wildcard_request_header_name(name) || self.has(Deviation::CachedWildcardCoversAuthorization);
        let is_match = |own: &str| {
            own.eq_ignore_ascii_case(name) || (own == "*" && is_covered && self.has_wildcard(entry, request))
        };
        self.is_cache_entry_match(entry, request) && matches!(&entry.allowed, Allowed::HeaderName(own) if is_match(own))
    }
}

impl Agent {
    /// Returns true if a `*` in the entry is a wildcard for the request.
    fn has_wildcard(&self, entry: &Entry, request: &Request) -> bool {
        let includes_credentials = request.credentials == CredentialsMode::Include;
        let is_literal = self.has(Deviation::CachedWildcardIsLiteral)
            || (entry.credentials && self.has(Deviation::CachedWildcardGrantedWithCredentialsIsLiteral))
            || (includes_credentials && self.has(Deviation::CachedWildcardIsLiteralWithCredentials));
        !is_literal
    }

    /// Returns true if the cache makes the preflight unnecessary.
    pub(super) fn finds_grant(
        &self,
        memory: &Memory,
        cache: &mut PreflightCache,
        request: &Request,
        now_ms: u64,
    ) -> bool {
        let holds_any = |entry: &Entry| entry.is_fresh(now_ms) && self.is_cache_entry_match(entry, request);
        if memory.is_forced && !cache.entries.iter().any(holds_any) {
            return false;
        }
        let names = self.unsafe_names(&request.headers);
        let must_list = request.method == "HEAD" && self.has(Deviation::CacheMustListHead);
        cache.covers(self, request, &names, now_ms)
            && (!must_list || cache.method_match(self, request, "HEAD").is_some())
    }

    /// Stores a grant.
    pub(super) fn keep_grant(&self, cache: &mut PreflightCache, request: &Request, grant: &Grant<'_>, now_ms: u64) {
        cache.remove_expired(now_ms);
        let is_opaque = request.serialize_origin() == "null";
        if (grant.max_age == 0 && self.has(Deviation::ZeroMaxAgeStoresNothing))
            || (is_opaque && self.has(Deviation::OpaqueOriginsAreNotCached))
        {
            return;
        }
        if self.has(Deviation::ReplacesGrants) {
            cache.clear(request);
        }
        if self.has(Deviation::GrantsRestart) {
            self.restart(cache, request, grant, now_ms);
        }
        cache.store(self, request, grant, now_ms);
    }

    /// Sets the time of the entries that the grant renews.
    fn restart(&self, cache: &mut PreflightCache, request: &Request, grant: &Grant<'_>, now_ms: u64) {
        for method in &grant.methods {
            if let Some(entry) = cache.method_match(self, request, method) {
                entry.stored_ms = now_ms;
            }
        }
        for name in &grant.header_names {
            if let Some(entry) = cache.header_name_match(self, request, name) {
                entry.stored_ms = now_ms;
            }
        }
    }
}
