//! The outcome changes behind an HTTP cache. The rules lead visitors through a cache; they do not look at `Vary`.

use std::borrow::Cow;

use cors_policy::intent::{Intent, intent};
use cors_reference::{
    agent::STANDARD,
    cors_check::cors_check,
    header::HeaderValue,
    http_cache::{CacheKind, HttpCache, Partitions, Reuse},
    origin::Origin,
    request::{CredentialsMode, Request, RequestInit, WireRequest},
    response::Response,
};
use url::Url;

use super::{
    class::{Class, Severity},
    each::responses,
    header_names::VARY,
    rule::{Finding, Rule},
};
use crate::drive::{Message, Place, Run, Visitor, Who, visitors_of};

const CACHES: &str = "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches";
const FIX: &str = "If `Access-Control-Allow-Origin` depends on the request, send `Vary: Origin` in every response: to permitted origins, to denied origins, and to requests without `Origin`.";

pub(super) static RULES: &[&Rule] = &[&SHARED_REFUSES, &SHARED_GRANTS, &PRIVATE, &PREFLIGHT];

/// The rule `cache-unsafe/shared-refuses`.
pub static SHARED_REFUSES: Rule = Rule {
    id: "cache-unsafe/shared-refuses",
    class: Class::CacheUnsafe,
    severity: Severity::Medium,
    requirement: "A permitted page can read a response that a shared cache stored for another visitor.",
    why: "Behind a content delivery network, the application works for the first visitor and fails for the others until the stored response expires.",
    quote: "If CORS protocol requirements are more complicated than setting `Access-Control-Allow-Origin` to * or a \
            static origin, `Vary` is to be used.",
    link: CACHES,
    fix: FIX,
    needs: &[],
    check: |run| shared(run, |intent| *intent == Intent::Permit),
};

/// The rule `cache-unsafe/shared-grants`.
pub static SHARED_GRANTS: Rule = Rule {
    id: "cache-unsafe/shared-grants",
    class: Class::CacheUnsafe,
    severity: Severity::High,
    requirement: "A denied page cannot read a response that a shared cache stored for another visitor.",
    why: "The cache in front of the server gives a page what the server itself denies.",
    quote: "Verify that CDN/proxy caching respects Vary: Origin",
    link: CACHES,
    fix: FIX,
    needs: &[],
    check: |run| shared(run, |intent| matches!(intent, Intent::Deny(_))),
};

/// The rule `cache-unsafe/private`.
pub static PRIVATE: Rule = Rule {
    id: "cache-unsafe/private",
    class: Class::CacheUnsafe,
    severity: Severity::Medium,
    requirement: "A page can read a response that its browser's own cache stored for another page of the same site.",
    why: "An image and a `fetch()` of the same URL interfere: the second one gets the stored response for the first one and fails.",
    quote: "Then, if the user agent subsequently encounters a CORS request for the resource, it will use that cached \
            response from the previous non-CORS request, without `Access-Control-Allow-Origin`.",
    link: CACHES,
    fix: FIX,
    needs: &[&SHARED_REFUSES, &SHARED_GRANTS],
    check: private,
};

/// The rule `cache-unsafe/preflight`.
pub static PREFLIGHT: Rule = Rule {
    id: "cache-unsafe/preflight",
    class: Class::CacheUnsafe,
    severity: Severity::Low,
    requirement: "A stored preflight response is not wrong for another visitor.",
    why: "`OPTIONS` is not cacheable, but some content delivery networks can be configured to cache it. Then preflights fail, or succeed, for the wrong origin.",
    quote: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
    link: "https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7",
    fix: "Send `Vary: Origin` in preflight responses too if they depend on the origin.",
    needs: &[],
    check: preflights,
};

/// Leads pairs of visitors through one shared cache, in both orders, and returns the first finding. A third visitor would
/// get the stored response of one of the other two, which a pair shows as well.
fn shared(run: &Run<'_>, matches: fn(&Intent) -> bool) -> Vec<Finding> {
    let visitors: Vec<&Visitor> = run.visitors.iter().filter(|visitor| is_served_right(visitor)).collect();
    let mut found = visitors.iter().filter_map(|first| {
        let mut harmed = others(&visitors, first).filter(|other| harms(first, other)).peekable();
        harmed.peek()?;
        let mut cache = HttpCache::new(CacheKind::Shared);
        store(&mut cache, first);
        harmed.find_map(|other| served_wrong(&cache, first, other, matches))
    });
    found.next().into_iter().collect()
}

/// Leads pairs of visits of one browser through its own cache: pages of one site, and what they embed.
fn private(run: &Run<'_>) -> Vec<Finding> {
    let visitors: Vec<&Visitor> = run.visitors.iter().filter(|visitor| is_served_right(visitor)).collect();
    let pairs = visitors.iter().flat_map(|page| others(&visitors, page).map(move |before| (*page, before)));
    let mut found = pairs.filter(|(page, before)| harms(before, page)).filter_map(|(page, before)| {
        let Who::Page(request, _) = &page.who else { return None };
        let stored_for = match &before.who {
            Who::Page(other, _) => other,
            Who::NoOrigin => request,
        };
        let mut partitions = Partitions::default();
        if let Some(cache) = partitions.of(stored_for) {
            store(cache, before);
        }
        partitions.of(request).and_then(|cache| served_wrong(cache, before, page, |_| true))
    });
    found.next().into_iter().collect()
}

fn others<'v>(visitors: &[&'v Visitor], except: &Visitor) -> impl Iterator<Item = &'v Visitor> {
    visitors.iter().copied().filter(move |visitor| !std::ptr::eq(except, *visitor))
}

/// Returns true if the policy is violated when the other visitor gets the answer to `one`. Otherwise no cache between them
/// can do harm.
fn harms(one: &Visitor, other: &Visitor) -> bool {
    let (Who::Page(request, intent), Some(response)) = (&other.who, &one.response) else { return false };
    is_wrong(intent, cors_check(request, response).is_ok())
}

/// Returns true if a visitor gets what the policy intends without a cache. Otherwise the cache does not cause the harm.
pub(crate) fn is_served_right(visitor: &Visitor) -> bool {
    match (&visitor.who, &visitor.response) {
        (Who::Page(_, Intent::Unspecified(_)), Some(_)) => false,
        (Who::Page(..), Some(_)) => !harms(visitor, visitor),
        _ => true,
    }
}

/// Stores a visitor's response in an empty cache.
fn store(cache: &mut HttpCache, visitor: &Visitor) {
    if let Some(response) = &visitor.response {
        cache.receive(&visitor.request, &with_a_lifetime(response), 0);
    }
}

/// Returns a response without a lifetime as a cache stores it that assigns a heuristic lifetime of one minute.
/// [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2) allows this for these statuses.
fn with_a_lifetime(response: &Response) -> Cow<'_, Response> {
    const CACHEABLE: [u16; 10] = [200, 203, 204, 300, 301, 308, 404, 405, 410, 501];
    let has_max_age =
        |(_, value): (_, &HeaderValue)| value.isomorphic_decode().to_ascii_lowercase().contains("max-age");
    let has_lifetime = response.headers.contains("Expires") || response.headers.named("Cache-Control").any(has_max_age);
    if has_lifetime || !CACHEABLE.contains(&response.status) {
        return Cow::Borrowed(response);
    }
    Cow::Owned(response.clone().with("Cache-Control", "max-age=60"))
}

/// Returns a finding if the cache serves a response to a page against the policy.
fn served_wrong(
    cache: &HttpCache,
    before: &Visitor,
    visitor: &Visitor,
    matches: fn(&Intent) -> bool,
) -> Option<Finding> {
    let Who::Page(request, intent) = &visitor.who else { return None };
    let Reuse::Fresh(response) = cache.lookup(&visitor.request, 0) else { return None };
    let message = wrong(request, intent, cors_check(request, &response).is_ok())?;
    if !matches(intent) {
        return None;
    }
    let severity = match (intent, request.credentials) {
        (Intent::Permit, _) => Severity::Medium,
        (_, CredentialsMode::Include) => Severity::Critical,
        _ => Severity::High,
    };
    let cached = Message::from_cache(&visitor.request, &response);
    let shown_by = Message::of_visitor(before).into_iter().chain([cached]).collect();
    Some(Finding::new(Place::default(), severity, message).at_header(VARY).shown_by(shown_by))
}

/// Returns true if the policy is violated when a page reads a response (`reads`), or when it cannot.
fn is_wrong(intent: &Intent, reads: bool) -> bool {
    matches!((intent, reads), (Intent::Permit, false) | (Intent::Deny(_), true))
}

/// Returns the message of a finding if what a page gets from a cache violates the policy.
fn wrong(request: &Request, intent: &Intent, reads: bool) -> Option<String> {
    let origin = &request.origin;
    let what = if reads {
        "The policy denies this origin, and the page reads the response."
    } else {
        "The policy permits this origin, and the page cannot read the response."
    };
    is_wrong(intent, reads)
        .then(|| format!("A cache serves a response that was made for another visitor to a page of {origin}. {what}"))
}

/// Serves each preflight response to every visitor who can send the same preflight, from a cache that stores `OPTIONS`
/// like `GET`.
fn preflights(run: &Run<'_>) -> Vec<Finding> {
    let found = responses(run).filter_map(|(place, exchange, response)| {
        let asked = plain(&exchange.fetch_behind()?.origin, &exchange.request.url)?;
        let is_permitted = intent(&run.case.policy, &asked) == Intent::Permit;
        if cors_check(&asked, response).is_ok() != is_permitted || !response.has_ok_status() {
            return None;
        }
        let (message, shown_by) = preflight_of_another(run, &exchange.request, response)?;
        Some(Finding::new(place, Severity::Low, message).at_header(VARY).shown_by(shown_by))
    });
    found.collect()
}

/// Returns a fetch with nothing but its origin: only the preflight's `Access-Control-Allow-Origin` is judged.
fn plain(origin: &Origin, url: &Url) -> Option<Request> {
    Request::to(&STANDARD, origin, url.clone(), &RequestInit::default()).ok()
}

fn preflight_of_another(run: &Run<'_>, sent: &WireRequest, response: &Response) -> Option<(String, Vec<Message>)> {
    let as_get = |request: &WireRequest| WireRequest { method: "GET".to_owned(), ..request.clone() };
    let mut cache = HttpCache::new(CacheKind::Shared);
    cache.receive(&as_get(sent), &with_a_lifetime(response), 0);
    visitors_of(&run.case.policy, &sent.url, &sent.headers).into_iter().find_map(|other| {
        let Who::Page(page, _) = &other.who else { return None };
        let Reuse::Fresh(cached) = cache.lookup(&other.request, 0) else { return None };
        let request = plain(&page.origin, &sent.url)?;
        let intent = intent(&run.case.policy, &request);
        let message = wrong(&request, &intent, cors_check(&request, &cached).is_ok())?;
        let of_other = WireRequest { method: "OPTIONS".to_owned(), ..other.request };
        Some((message, vec![Message::of(sent, response), Message::from_cache(&of_other, &cached)]))
    })
}
