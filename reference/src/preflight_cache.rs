//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache). Time comes in as a
//! value: milliseconds since any fixed moment.

use url::Url;

use crate::{
    agent::Agent,
    preflight::Grant,
    request::{CredentialsMode, Request},
    safelist::{cors_unsafe_request_header_names, is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
};

/// What an entry lets through; `*` counts as the standard's wildcard.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Allowed {
    Method(String),
    HeaderName(String),
}

/// A [cache entry](https://fetch.spec.whatwg.org/#cache-entry). Its key, the network partition, is not
/// modelled: all pages of one browser share one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    origin: String,
    url: Url,
    stored_ms: u64,
    max_age: u64,
    credentials: bool,
    allowed: Allowed,
}

impl Entry {
    fn is_fresh(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.stored_ms) < self.max_age.saturating_mul(1000)
    }

    /// Whether this is of the request's origin and URL.
    fn is_of(&self, request: &Request) -> bool {
        self.origin == request.serialize_origin() && self.url == *request.current_url()
    }

    /// Whether there is a [cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match).
    fn matches(&self, request: &Request) -> bool {
        self.is_of(request) && (self.credentials || request.credentials != CredentialsMode::Include)
    }
}

/// A [CORS-preflight cache](https://fetch.spec.whatwg.org/#concept-cache).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreflightCache {
    entries: Vec<Entry>,
}

impl PreflightCache {
    /// Whether [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step 4.1 finds all that
    /// the request needs, so that no preflight is sent.
    pub fn covers(&mut self, request: &Request, now_ms: u64, agent: &Agent) -> bool {
        // Cache entries must be removed after max-age seconds have passed since storing the entry.
        self.entries.retain(|entry| entry.is_fresh(now_ms));
        (is_cors_safelisted_method(&request.method) || self.method_match(request, &request.method).is_some())
            && cors_unsafe_request_header_names(&request.headers)
                .iter()
                .all(|name| self.header_name_match(request, name, agent).is_some())
    }

    /// Keeps what a preflight granted
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7.12 to 7.15).
    pub fn store(&mut self, request: &Request, grant: &Grant<'_>, now_ms: u64, agent: &Agent) {
        self.entries.retain(|entry| entry.is_fresh(now_ms));
        if agent.replaces_grants {
            self.clear(request);
        }
        for method in &grant.methods {
            let found = self.method_match(request, method);
            self.update_or_create(found, request, grant.max_age, now_ms, Allowed::Method((*method).to_owned()));
        }
        for name in &grant.header_names {
            let found = self.header_name_match(request, name, agent);
            self.update_or_create(found, request, grant.max_age, now_ms, Allowed::HeaderName((*name).to_owned()));
        }
    }

    /// [Clears cache entries](https://fetch.spec.whatwg.org/#concept-cache-clear) for the request.
    pub fn clear(&mut self, request: &Request) {
        self.entries.retain(|entry| !entry.is_of(request));
    }

    /// The [method cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-method).
    fn method_match(&self, request: &Request, method: &str) -> Option<usize> {
        self.entries.iter().position(|entry| {
            entry.matches(request) && matches!(&entry.allowed, Allowed::Method(own) if own == method || own == "*")
        })
    }

    /// The [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
    fn header_name_match(&self, request: &Request, name: &str, agent: &Agent) -> Option<usize> {
        let covered_by_wildcard =
            agent.cached_wildcard_covers_authorization || !is_cors_non_wildcard_request_header_name(name);
        let covered = |own: &str| own.eq_ignore_ascii_case(name) || (own == "*" && covered_by_wildcard);
        self.entries.iter().position(|entry| {
            entry.matches(request) && matches!(&entry.allowed, Allowed::HeaderName(own) if covered(own))
        })
    }

    fn update_or_create(
        &mut self,
        found: Option<usize>,
        request: &Request,
        max_age: u64,
        now_ms: u64,
        allowed: Allowed,
    ) {
        match found {
            Some(index) => self.entries[index].max_age = max_age,
            // Create a new cache entry.
            None => self.entries.push(Entry {
                origin: request.serialize_origin().to_owned(),
                url: request.current_url().clone(),
                stored_ms: now_ms,
                max_age,
                credentials: request.credentials == CredentialsMode::Include,
                allowed,
            }),
        }
    }
}
