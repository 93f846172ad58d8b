//! The cache.

use std::borrow::Cow;

use url::{Position, Url};

use super::{
    cache_control::Directives,
    freshness::Freshness,
    kind::CacheKind,
    options::{CacheOptions, Invalidation},
    storing::{may_store, stored_headers, updated},
    validation::{has_strong_validator, has_validator, selects, validating},
    vary::Selecting,
};
use crate::{request::WireRequest, response::Response};

/// The action of a cache for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reuse {
    /// The stored response is fresh and answers the request. A shared cache adds its
    /// [`Age`](https://www.rfc-editor.org/rfc/rfc9111#section-5.1) in seconds. A private cache returns the response as
    /// it is stored, as the Fetch standard requires.
    Fresh(Response),
    /// This request, sent in place of the original one, validates the stored response.
    Validate(WireRequest),
    /// No stored response is usable. The request is sent as it is.
    Miss,
}

/// A stored response.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    url: String,
    selecting: Selecting,
    response: Response,
    freshness: Freshness,
}

impl Entry {
    /// Returns true if the response may be used for a request.
    fn is_for(&self, request: &WireRequest) -> bool {
        self.url == target(&request.url) && self.selecting.matches(request)
    }

    /// Returns a key whose maximum is the response to use: the most recent one, among those with a `Vary` if there are
    /// any ([section 4.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.1)).
    fn rank(&self) -> (bool, Option<u64>) {
        (!self.selecting.is_empty(), self.freshness.generated_ms)
    }
}

/// An HTTP cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpCache {
    kind: CacheKind,
    options: CacheOptions,
    unix_ms: Option<u64>,
    entries: Vec<Entry>,
}

impl HttpCache {
    /// Returns an empty cache without a wall clock. `Date`, `Expires` and `Last-Modified` then count only relative to
    /// each other, and an `Expires` without a `Date` is in the past.
    pub fn new(kind: CacheKind) -> Self {
        Self::with_options(kind, CacheOptions::default())
    }

    /// Returns an empty cache with options and without a wall clock.
    pub fn with_options(kind: CacheKind, options: CacheOptions) -> Self {
        Self { kind, options, unix_ms: None, entries: Vec::new() }
    }

    /// Returns the cache with a wall clock that shows `unix_ms` (milliseconds since 1970) at the moment from which all
    /// times count. The clock dates responses without a valid `Date`, and gives the age of those with one.
    #[must_use]
    pub fn with_clock(self, unix_ms: u64) -> Self {
        Self { unix_ms: Some(unix_ms), ..self }
    }

    /// Looks a request up ([section 4](https://www.rfc-editor.org/rfc/rfc9111#section-4)).
    pub fn lookup(&self, request: &WireRequest, now_ms: u64) -> Reuse {
        if bypasses(request) {
            return Reuse::Miss;
        }
        let requested = Directives::of(&request.headers);
        let max_age_ms = requested.seconds("max-age").map_or(u64::MAX, |seconds| seconds.saturating_mul(1000));
        let is_fresh = |entry: &Entry| {
            !requested.has("no-cache")
                && entry.freshness.is_fresh(now_ms)
                && entry.freshness.age_ms(now_ms) <= max_age_ms
        };
        if let Some(entry) = self.chosen(request, is_fresh) {
            return Reuse::Fresh(self.served(entry, now_ms));
        }
        match self.chosen(request, |entry| has_validator(&entry.response)) {
            Some(entry) => Reuse::Validate(validating(request, &entry.response)),
            None => Reuse::Miss,
        }
    }

    /// Receives the response to a request, and returns the response to pass on: the response itself, or a stored
    /// response that a 304 confirms. Stores ([section 3](https://www.rfc-editor.org/rfc/rfc9111#section-3)), updates
    /// ([section 4.3.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4)) or invalidates
    /// ([section 4.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.4)).
    ///
    /// `request` is the request that was looked up, not the one in [`Reuse::Validate`].
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

    /// Returns true if a response [invalidates](https://www.rfc-editor.org/rfc/rfc9111#section-4.4) the stored
    /// responses of its URL.
    fn is_invalidated_by(&self, request: &WireRequest, response: &Response) -> bool {
        let is_success = matches!(response.status, 200..=399);
        let is_empty_put = request.method == "PUT" && request.body.is_none();
        is_unsafe(&request.method)
            && match self.options.invalidation {
                Invalidation::Success => is_success,
                Invalidation::SuccessExceptEmptyPut => is_success && !is_empty_put,
                Invalidation::Always => true,
                Invalidation::Never => false,
            }
    }

    /// Returns the stored response to use for the request, among the suitable ones.
    fn chosen(&self, request: &WireRequest, is_suitable: impl Fn(&Entry) -> bool) -> Option<&Entry> {
        // Of equal keys, `max_by_key` returns the last, which was stored last.
        self.entries.iter().filter(|entry| entry.is_for(request) && is_suitable(entry)).max_by_key(|entry| entry.rank())
    }

    /// Returns the response that the cache serves for an entry.
    fn served(&self, entry: &Entry, now_ms: u64) -> Response {
        let mut response = entry.response.clone();
        if self.kind == CacheKind::Shared {
            response.headers.delete("Age");
            response = response.with("Age", &(entry.freshness.age_ms(now_ms) / 1000).to_string());
        }
        response
    }

    /// Stores a response if the cache may store it.
    fn store(&mut self, request: &WireRequest, response: &Response, now_ms: u64) {
        // A response with `Vary: *` is never used.
        let Some(selecting) = Selecting::of(request, response).filter(|_| may_store(self.kind, request, response))
        else {
            return;
        };
        let is_skipped = (response.status == 401 && self.options.skips_401)
            || self.options.stored_statuses.is_some_and(|statuses| !statuses.contains(&response.status));
        if is_skipped {
            return;
        }
        let url = target(&request.url).to_owned();
        let keeps_one = self.options.keeps_one_variant;
        self.entries.retain(|entry| !(keeps_one && entry.url == url));
        // A response for this request is replaced if every request that it serves can be served the new one.
        self.entries.retain(|entry| !entry.is_for(request) || !selecting.covers(&entry.selecting));
        let unix_now_ms = self.unix_ms.map(|unix_ms| unix_ms.saturating_add(now_ms));
        let mut freshness = Freshness::of(self.kind, response, now_ms, unix_now_ms);
        if self.options.permanent_statuses.contains(&response.status) {
            freshness.keep_permanent(response);
        }
        let response = Response { headers: stored_headers(&response.headers), ..response.clone() };
        self.entries.push(Entry { url, selecting, response, freshness });
    }

    /// [Freshens](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4) the responses that a 304 confirms, and returns
    /// the stored response for the request.
    fn freshen(&mut self, request: &WireRequest, not_modified: &Response, now_ms: u64) -> Option<Response> {
        let validated = self.chosen(request, |entry| has_validator(&entry.response))?.response.clone();
        let is_selected = |entry: &mut Entry| entry.is_for(request) && selects(not_modified, &entry.response);
        let mut selected: Vec<Entry> = self.entries.extract_if(.., is_selected).collect();
        selected.sort_by_key(Entry::rank);
        if !has_strong_validator(not_modified) {
            // Only the most recent one is freshened.
            let last = selected.pop();
            self.entries.append(&mut selected);
            selected.extend(last);
        }
        let mut confirmed = None;
        for entry in selected {
            let response = updated(&entry.response, not_modified);
            // A response that may not be stored after the update is still returned.
            self.store(request, &response, now_ms);
            confirmed = Some(response);
        }
        // A 304 with another validator updates nothing. Fetch returns the stored response nevertheless.
        Some(confirmed.unwrap_or(validated))
    }
}

/// Returns the URL without its fragment.
fn target(url: &Url) -> &str {
    &url[..Position::AfterQuery]
}

/// Returns true if a request neither uses nor changes stored responses: if its method is not `GET`, or if its sender
/// set a condition or a range. For a condition, the Fetch standard sets the cache mode to "no-store"
/// ([HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), step 8.16).
fn bypasses(request: &WireRequest) -> bool {
    const CONDITIONS: [&str; 6] =
        ["If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Match", "If-Range", "Range"];
    request.method != "GET" || CONDITIONS.iter().any(|name| request.headers.contains(name))
}

/// Returns true if a method is not known to be [safe](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1).
fn is_unsafe(method: &str) -> bool {
    !matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}
