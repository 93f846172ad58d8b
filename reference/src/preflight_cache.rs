//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache). Time comes in as a
//! value: milliseconds since any fixed moment.

use url::Url;

use crate::{
    address_space::AddressSpace,
    agent::Deviation,
    preflight::Grant,
    request::{CredentialsMode, Request},
    safelist::{is_cors_non_wildcard_request_header_name, is_cors_safelisted_method},
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
    target_address_space: Option<AddressSpace>,
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
        let includes_credentials = request.credentials == CredentialsMode::Include;
        let is_wider = self.credentials && !request.agent.has(Deviation::SeparatesCredentials);
        self.is_of(request)
            && self.target_address_space == request.target_address_space
            && (is_wider || self.credentials == includes_credentials)
    }

    /// Whether its `*` is a wildcard to the request: always, by the standard.
    fn has_wildcard(&self, request: &Request) -> bool {
        let has = |deviation| request.agent.has(deviation);
        let includes_credentials = request.credentials == CredentialsMode::Include;
        let is_literal = has(Deviation::CachedWildcardIsLiteral)
            || (self.credentials && has(Deviation::CachedWildcardGrantedWithCredentialsIsLiteral))
            || (includes_credentials && has(Deviation::CachedWildcardIsLiteralWithCredentials));
        !is_literal
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
    pub fn covers(&mut self, request: &Request, now_ms: u64) -> bool {
        // Cache entries must be removed after max-age seconds have passed since storing the entry.
        self.entries.retain(|entry| entry.is_fresh(now_ms));
        let needs_no_listing = is_cors_safelisted_method(&request.method)
            && !(request.method == "HEAD" && request.agent.has(Deviation::CacheMustListHead));
        (needs_no_listing || self.method_match(request, &request.method).is_some())
            && request.unsafe_header_names().iter().all(|name| self.header_name_match(request, name).is_some())
    }

    /// Whether anything fresh is kept that the request could use.
    pub(crate) fn holds(&self, request: &Request, now_ms: u64) -> bool {
        self.entries.iter().any(|entry| entry.is_fresh(now_ms) && entry.matches(request))
    }

    /// Keeps what a preflight granted
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7.12 to 7.15).
    pub fn store(&mut self, request: &Request, grant: &Grant<'_>, now_ms: u64) {
        self.entries.retain(|entry| entry.is_fresh(now_ms));
        let is_opaque = request.serialize_origin() == "null";
        if (grant.max_age == 0 && request.agent.has(Deviation::ZeroMaxAgeStoresNothing))
            || (is_opaque && request.agent.has(Deviation::OpaqueOriginsAreNotCached))
        {
            return;
        }
        if request.agent.has(Deviation::ReplacesGrants) {
            self.clear(request);
        }
        for method in &grant.methods {
            let found = self.method_match(request, method);
            self.update_or_create(found, request, grant.max_age, now_ms, Allowed::Method((*method).to_owned()));
        }
        for name in &grant.header_names {
            let found = self.header_name_match(request, name);
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
            let covers = |own: &str| own == method || (own == "*" && entry.has_wildcard(request));
            entry.matches(request) && matches!(&entry.allowed, Allowed::Method(own) if covers(own))
        })
    }

    /// The [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
    fn header_name_match(&self, request: &Request, name: &str) -> Option<usize> {
        let covered_by_wildcard = !is_cors_non_wildcard_request_header_name(name)
            || request.agent.has(Deviation::CachedWildcardCoversAuthorization);
        self.entries.iter().position(|entry| {
            let covers = |own: &str| {
                own.eq_ignore_ascii_case(name) || (own == "*" && covered_by_wildcard && entry.has_wildcard(request))
            };
            entry.matches(request) && matches!(&entry.allowed, Allowed::HeaderName(own) if covers(own))
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
        if let Some(index) = found {
            self.entries[index].max_age = max_age;
            if request.agent.has(Deviation::GrantsRestart) {
                self.entries[index].stored_ms = now_ms;
            }
        } else {
            // Create a new cache entry.
            self.entries.push(Entry {
                origin: request.serialize_origin().to_owned(),
                url: request.current_url().clone(),
                stored_ms: now_ms,
                max_age,
                credentials: request.credentials == CredentialsMode::Include,
                target_address_space: request.target_address_space,
                allowed,
            });
        }
    }
}
