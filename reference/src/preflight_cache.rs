//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache). Time is a parameter, in
//! milliseconds since any fixed moment.

use url::Url;

use crate::{
    address_space::AddressSpace,
    preflight::Grant,
    request::{CredentialsMode, Request},
    safelist::{is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
};

/// The method or the header name of a cache entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Allowed {
    Method(String),
    HeaderName(String),
}

/// A [cache entry](https://fetch.spec.whatwg.org/#cache-entry). Its key, the network partition, is not modelled: all
/// pages of a browser share one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    origin: String,
    url: Url,
    pub(crate) stored_ms: u64,
    max_age: u64,
    pub(crate) credentials: bool,
    target_address_space: Option<AddressSpace>,
    pub(crate) allowed: Allowed,
}

impl Entry {
    pub(crate) fn is_fresh(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.stored_ms) < self.max_age.saturating_mul(1000)
    }

    /// Returns true if the origin and the URL are the request's.
    fn is_of(&self, request: &Request) -> bool {
        self.origin == request.serialize_origin() && self.url == *request.current_url()
    }

    /// Returns true if everything but the credentials is a
    /// [cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match) with the request.
    pub(crate) fn matches_except_credentials(&self, request: &Request) -> bool {
        // Private Network Access: the target IP address space is part of the entry.
        self.is_of(request) && self.target_address_space == request.target_address_space
    }
}

/// The matches of the CORS-preflight cache. The default methods are the standard's.
pub trait CacheMatches {
    /// Returns true if there is a [cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match) for the entry
    /// with the request.
    fn is_cache_entry_match(&self, entry: &Entry, request: &Request) -> bool {
        let includes_credentials = request.credentials == CredentialsMode::Include;
        entry.matches_except_credentials(request) && (entry.credentials || !includes_credentials)
    }

    /// Returns true if the entry is a
    /// [method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method) for the method using the
    /// request.
    fn is_method_cache_entry_match(&self, entry: &Entry, request: &Request, method: &str) -> bool {
        self.is_cache_entry_match(entry, request)
            && matches!(&entry.allowed, Allowed::Method(own) if own == method || own == "*")
    }

    /// Returns true if the entry is a
    /// [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header) for the name using
    /// the request.
    fn is_header_name_cache_entry_match(&self, entry: &Entry, request: &Request, name: &str) -> bool {
        let is_match = |own: &str| {
            own.eq_ignore_ascii_case(name) || (own == "*" && !is_cors_non_wildcard_request_header_name(name))
        };
        self.is_cache_entry_match(entry, request) && matches!(&entry.allowed, Allowed::HeaderName(own) if is_match(own))
    }
}

/// A [CORS-preflight cache](https://fetch.spec.whatwg.org/#concept-cache).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreflightCache {
    pub(crate) entries: Vec<Entry>,
}

impl PreflightCache {
    /// Returns true if the cache allows the method and every name, so that
    /// [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step 4.1 sends no preflight.
    pub fn covers<M: CacheMatches>(
        &mut self,
        matches: &M,
        request: &Request,
        unsafe_header_names: &[String],
        now_ms: u64,
    ) -> bool {
        self.remove_expired(now_ms);
        (is_cors_safelisted_method(&request.method) || self.method_match(matches, request, &request.method).is_some())
            && unsafe_header_names.iter().all(|name| self.header_name_match(matches, request, name).is_some())
    }

    /// Removes the entries whose max-age has passed since they were stored.
    pub(crate) fn remove_expired(&mut self, now_ms: u64) {
        self.entries.retain(|entry| entry.is_fresh(now_ms));
    }

    /// Stores what a preflight granted
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7.12 to 7.15).
    pub fn store<M: CacheMatches>(&mut self, matches: &M, request: &Request, grant: &Grant<'_>, now_ms: u64) {
        self.remove_expired(now_ms);
        // 7.12–7.13. For each method: set a matching entry's max-age, or create a new cache entry.
        for method in &grant.methods {
            match self.method_match(matches, request, method) {
                Some(entry) => entry.max_age = grant.max_age,
                None => self.create(request, grant.max_age, now_ms, Allowed::Method((*method).to_owned())),
            }
        }
        // 7.14–7.15. For each header name: set a matching entry's max-age, or create a new cache entry.
        for name in &grant.header_names {
            match self.header_name_match(matches, request, name) {
                Some(entry) => entry.max_age = grant.max_age,
                None => self.create(request, grant.max_age, now_ms, Allowed::HeaderName((*name).to_owned())),
            }
        }
    }

    /// [Clears cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear) for the request.
    pub fn clear(&mut self, request: &Request) {
        self.entries.retain(|entry| !entry.is_of(request));
    }

    pub(crate) fn method_match<M: CacheMatches>(
        &mut self,
        matches: &M,
        request: &Request,
        method: &str,
    ) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| matches.is_method_cache_entry_match(entry, request, method))
    }

    pub(crate) fn header_name_match<M: CacheMatches>(
        &mut self,
        matches: &M,
        request: &Request,
        name: &str,
    ) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| matches.is_header_name_cache_entry_match(entry, request, name))
    }

    /// [Creates a new cache entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry).
    fn create(&mut self, request: &Request, max_age: u64, now_ms: u64, allowed: Allowed) {
        // 1. Let entry be a cache entry.
        let entry = Entry {
            origin: request.serialize_origin().to_owned(),
            url: request.current_url().clone(),
            stored_ms: now_ms,
            max_age,
            credentials: request.credentials == CredentialsMode::Include,
            target_address_space: request.target_address_space,
            allowed,
        };
        // 2. Append entry to the cache.
        self.entries.push(entry);
    }
}
