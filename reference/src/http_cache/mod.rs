//! An HTTP cache ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111)), as far as freshness, `Vary` and shared or
//! private storage decide what a later visitor is served. Time comes in as a value: milliseconds since any fixed
//! moment.
//!
//! Its user asks [`HttpCache::lookup`] before it sends a request, and shows each answer to [`HttpCache::receive`]:
//!
//! ```
//! use cors_reference::{http_cache::{HttpCache, CacheKind, Reuse}, request::WireRequest, response::Response};
//!
//! let mut cache = HttpCache::new(CacheKind::Private);
//! let url = "https://api.example/data".parse()?;
//! let request = WireRequest { method: "GET".to_owned(), url, headers: Default::default(), body: None };
//! assert_eq!(cache.lookup(&request, 0), Reuse::Miss);
//!
//! let answer = Response::new(200).with("Cache-Control", "max-age=600");
//! assert_eq!(*cache.receive(&request, &answer, 0), answer);
//! assert_eq!(cache.lookup(&request, 599_999), Reuse::Fresh(answer));
//! assert_eq!(cache.lookup(&request, 600_000), Reuse::Miss);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Left out: partial content, serving stale responses, the request directives `max-stale`, `min-fresh` and
//! `only-if-cached`, and answers to `HEAD`. Partitions, and which credentials a request carries, are its user's.

mod cache_control;
mod freshness;
mod partitions;
mod storing;
mod validation;
mod vary;

pub use partitions::Partitions;

use std::borrow::Cow;

use url::{Position, Url};

use self::{
    cache_control::Directives,
    freshness::Freshness,
    storing::{may_store, stored_headers, updated},
    validation::{has_strong_validator, has_validator, is_about, validating},
    vary::Selecting,
};
use crate::{
    agent::{Agent, Deviation, STANDARD},
    request::WireRequest,
    response::Response,
};

/// Whom a cache serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CacheKind {
    /// One user: a browser's own cache.
    Private,
    /// Many users: a proxy or a content delivery network.
    Shared,
}

/// What a cache can do for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reuse {
    /// Answer it with this. A shared cache tells its [`Age`](https://www.rfc-editor.org/rfc/rfc9111#section-5.1) in
    /// seconds; a private one hands it out as stored, as the Fetch standard does.
    Fresh(Response),
    /// Ask with this request instead whether the stored response still holds.
    Validate(WireRequest),
    /// Nothing: the request goes out as it is.
    Miss,
}

/// A stored response, and whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    url: String,
    selecting: Selecting,
    response: Response,
    freshness: Freshness,
}

impl Entry {
    fn is_for(&self, request: &WireRequest) -> bool {
        self.url == target(&request.url) && self.selecting.matches(request)
    }

    /// The greatest is chosen: the most recent one, among those with a `Vary` if there are any
    /// ([section 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).
    fn rank(&self) -> (bool, Option<u64>) {
        (!self.selecting.is_empty(), self.freshness.generated_ms)
    }
}

/// An HTTP cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpCache {
    kind: CacheKind,
    agent: Agent,
    unix_ms: Option<u64>,
    entries: Vec<Entry>,
}

impl HttpCache {
    /// An empty cache without a wall clock: `Date`, `Expires` and `Last-Modified` count in relation to each other
    /// only, so that an `Expires` without a `Date` is in the past.
    pub fn new(kind: CacheKind) -> Self {
        Self::by(STANDARD, kind)
    }

    /// The same, as an agent keeps it.
    pub fn by(agent: Agent, kind: CacheKind) -> Self {
        Self { kind, agent, unix_ms: None, entries: Vec::new() }
    }

    /// The same with a wall clock, which shows `unix_ms` (milliseconds since 1970) at the moment that all times count
    /// from. It dates responses without a valid `Date`, and finds the age of those with one.
    #[must_use]
    pub fn with_clock(self, unix_ms: u64) -> Self {
        Self { unix_ms: Some(unix_ms), ..self }
    }

    /// What can be done for a request ([section 4](https://www.rfc-editor.org/rfc/rfc9111#section-4)).
    pub fn lookup(&self, request: &WireRequest, now_ms: u64) -> Reuse {
        if bypasses(request) {
            return Reuse::Miss;
        }
        let asked = Directives::of(&request.headers);
        let max_age_ms = asked.seconds("max-age").map_or(u64::MAX, |seconds| seconds.saturating_mul(1000));
        let is_fresh = |entry: &Entry| {
            !asked.has("no-cache") && entry.freshness.is_fresh(now_ms) && entry.freshness.age_ms(now_ms) <= max_age_ms
        };
        if let Some(entry) = self.chosen(request, is_fresh) {
            return Reuse::Fresh(self.served(entry, now_ms));
        }
        match self.chosen(request, |entry| has_validator(&entry.response)) {
            Some(entry) => Reuse::Validate(validating(request, &entry.response)),
            None => Reuse::Miss,
        }
    }

    /// Takes the answer to a request and gives what to pass on: the answer itself or, where it is a 304 that
    /// confirms a stored response, that one. Stores
    /// ([section 3](https://www.rfc-editor.org/rfc/rfc9111#section-3)), updates
    /// ([section 4.3.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4)) or invalidates
    /// ([section 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4)).
    ///
    /// `request` is the one that was looked up, not the one of [`Reuse::Validate`].
    pub fn receive<'r>(&mut self, request: &WireRequest, response: &'r Response, now_ms: u64) -> Cow<'r, Response> {
        if self.is_invalidated_by(request, response) {
            self.entries.retain(|entry| entry.url != target(&request.url));
        }
        if !bypasses(request) {
            if response.status == 304 {
                return self.freshen(request, response, now_ms).map_or(Cow::Borrowed(response), Cow::Owned);
            }
            self.store(request, response, now_ms);
        }
        Cow::Borrowed(response)
    }

    /// Whether a request's success makes what is stored of its URL
    /// [invalid](https://www.rfc-editor.org/rfc/rfc9111#section-4.4).
    fn is_invalidated_by(&self, request: &WireRequest, response: &Response) -> bool {
        let is_success = matches!(response.status, 200..=399) || self.agent.has(Deviation::HttpCacheHeedsFailedWrites);
        let is_ignored = self.agent.has(Deviation::HttpCacheIgnoresWrites)
            || (request.method == "PUT"
                && request.body.is_none()
                && self.agent.has(Deviation::HttpCacheIgnoresEmptyPuts));
        is_unsafe(&request.method) && is_success && !is_ignored
    }

    /// Of the stored responses to the request, the one to use.
    fn chosen(&self, request: &WireRequest, is_suitable: impl Fn(&Entry) -> bool) -> Option<&Entry> {
        // Of equals, the last one is the greatest: the one stored last.
        self.entries.iter().filter(|entry| entry.is_for(request) && is_suitable(entry)).max_by_key(|entry| entry.rank())
    }

    fn served(&self, entry: &Entry, now_ms: u64) -> Response {
        let mut response = entry.response.clone();
        if self.kind == CacheKind::Shared {
            response.headers.delete("Age");
            response = response.with("Age", &(entry.freshness.age_ms(now_ms) / 1000).to_string());
        }
        response
    }

    fn store(&mut self, request: &WireRequest, response: &Response, now_ms: u64) {
        // `Vary: *` could be stored, but would never be used.
        let Some(selecting) = Selecting::of(request, response).filter(|_| may_store(self.kind, request, response))
        else {
            return;
        };
        let is_skipped = (response.status == 401 && self.agent.has(Deviation::HttpCacheSkips401))
            || self.agent.http_cache_statuses.is_some_and(|statuses| !statuses.contains(&response.status));
        if is_skipped {
            return;
        }
        let url = target(&request.url).to_owned();
        let keeps_one = self.agent.has(Deviation::HttpCacheKeepsOneVariant);
        self.entries.retain(|entry| !(keeps_one && entry.url == url));
        // Replaced is what this request could have got, if whoever else could have got it can get this now.
        self.entries.retain(|entry| !entry.is_for(request) || !selecting.covers(&entry.selecting));
        let unix_now_ms = self.unix_ms.map(|unix_ms| unix_ms.saturating_add(now_ms));
        let mut freshness = Freshness::of(self.kind, response, now_ms, unix_now_ms);
        if self.agent.http_cache_permanent.contains(&response.status) {
            freshness.keep_permanent(response);
        }
        let response = Response { headers: stored_headers(&response.headers), ..response.clone() };
        self.entries.push(Entry { url, selecting, response, freshness });
    }

    /// [Freshens](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4) what a 304 is about, and gives the stored
    /// response that was asked about.
    fn freshen(&mut self, request: &WireRequest, not_modified: &Response, now_ms: u64) -> Option<Response> {
        let asked_about = self.chosen(request, |entry| has_validator(&entry.response))?.response.clone();
        let is_named = |entry: &mut Entry| entry.is_for(request) && is_about(not_modified, &entry.response);
        let mut named: Vec<Entry> = self.entries.extract_if(.., is_named).collect();
        named.sort_by_key(Entry::rank);
        if !has_strong_validator(not_modified) {
            // Then the most recent one alone.
            let last = named.pop();
            self.entries.append(&mut named);
            named.extend(last);
        }
        let mut confirmed = None;
        for entry in named {
            let response = updated(&entry.response, not_modified);
            // What the 304 now forbids to store is served once more.
            self.store(request, &response, now_ms);
            confirmed = Some(response);
        }
        // A 304 with another validator updates nothing; Fetch serves what is stored all the same.
        Some(confirmed.unwrap_or(asked_about))
    }
}

/// A URL without its fragment, as it is requested.
fn target(url: &Url) -> &str {
    &url[..Position::AfterQuery]
}

/// Whether a request neither uses nor changes what is stored: all but `GET`, and those that ask about a copy or
/// a part that their sender has. For the latter's conditions the Fetch standard has the cache mode `no-store`
/// ([HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch)).
fn bypasses(request: &WireRequest) -> bool {
    const CONDITIONS: [&str; 6] =
        ["If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Match", "If-Range", "Range"];
    request.method != "GET" || CONDITIONS.iter().any(|name| request.headers.contains(name))
}

/// Whether a method is not [safe](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1), or not known to be.
fn is_unsafe(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}
