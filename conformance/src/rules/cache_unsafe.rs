//! The outcome changes where an HTTP cache sits in between: shown by leading visitors through one, never by looking
//! for the word `Vary`.

use std::borrow::Cow;

use cors_policy::intent::Intent;
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

use super::{Class, Finding, Rule, Severity};
use crate::{
    divergence::Message,
    drive::{Run, Visitor, Who},
};

const CACHES: &str = "https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches";
const VARY: &str = "Send `Vary: Origin` on every answer of a server whose `Access-Control-Allow-Origin` depends on the \
                    request: to permitted and to denied origins, and without `Origin`, too.";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "cache-unsafe/shared-refuses",
        class: Class::CacheUnsafe,
        severity: Severity::Medium,
        says: "A permitted page reads what a shared cache kept for another visitor.",
        why: "Behind a content delivery network the application works for whoever came first, and fails for the others \
              until the cache forgets.",
        quote: "If CORS protocol requirements are more complicated than setting `Access-Control-Allow-Origin` to * or a \
                static origin, `Vary` is to be used.",
        link: CACHES,
        mend: VARY,
        needs: &[],
        check: |run| shared(run, |intent| *intent == Intent::Permit),
    },
    Rule {
        id: "cache-unsafe/shared-grants",
        class: Class::CacheUnsafe,
        severity: Severity::High,
        says: "A denied page reads nothing that a shared cache kept for another visitor.",
        why: "What the server refuses to a page directly, the cache in front of it hands out.",
        quote: "Verify that CDN/proxy caching respects Vary: Origin",
        link: CACHES,
        mend: VARY,
        needs: &[],
        check: |run| shared(run, |intent| matches!(intent, Intent::Deny(_))),
    },
    Rule {
        id: "cache-unsafe/private",
        class: Class::CacheUnsafe,
        severity: Severity::Medium,
        says: "A page reads what its browser's own cache kept, whoever of its site asked for it.",
        why: "An image and a `fetch()` of the same URL break one another: the one that comes second is served the first \
              one's answer, and fails.",
        quote: "Then, if the user agent subsequently encounters a CORS request for the resource, it will use that cached \
                response from the previous non-CORS request, without `Access-Control-Allow-Origin`.",
        link: CACHES,
        mend: VARY,
        needs: &["cache-unsafe/shared-refuses", "cache-unsafe/shared-grants"],
        check: private,
    },
    Rule {
        id: "cache-unsafe/preflight",
        class: Class::CacheUnsafe,
        severity: Severity::Low,
        says: "A preflight's answer serves no other visitor than the one that it was made for.",
        why: "`OPTIONS` is not cacheable, and content delivery networks that are told to keep it do: then preflights \
              fail, or pass, for the wrong origin.",
        quote: "Include Vary: Origin on every response that dynamically sets Access-Control-Allow-Origin",
        link: "https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7",
        mend: "Send `Vary: Origin` on preflights too, where the answer depends on the origin.",
        needs: &[],
        check: preflights,
    },
];

/// Leads pairs of visitors through one shared cache, in every order. A third would be served what one of the two left
/// there, as in a pair with that one.
fn shared(run: &Run<'_>, is_it: fn(&Intent) -> bool) -> Vec<Finding> {
    let visitors: Vec<&Visitor> = run.visitors.iter().filter(|visitor| is_served_right(visitor)).collect();
    let mut found = visitors.iter().filter_map(|first| {
        let mut harmed = others(&visitors, first).filter(|other| harms(first, other)).peekable();
        harmed.peek()?;
        let mut cache = HttpCache::new(CacheKind::Shared);
        keep(&mut cache, first);
        harmed.find_map(|other| served_wrong(&cache, first, other, is_it))
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
            keep(cache, before);
        }
        partitions.of(request).and_then(|cache| served_wrong(cache, before, page, |_| true))
    });
    found.next().into_iter().collect()
}

fn others<'v>(visitors: &[&'v Visitor], but: &Visitor) -> impl Iterator<Item = &'v Visitor> {
    visitors.iter().copied().filter(move |visitor| !std::ptr::eq(but, *visitor))
}

/// Whether the answer to one, served to the other, is against what the policy says: else no cache between them harms.
fn harms(one: &Visitor, other: &Visitor) -> bool {
    let (Who::Page(request, intent), Some(response)) = (&other.who, &one.response) else { return false };
    is_wrong(intent, cors_check(request, response).is_ok())
}

/// Whether a visitor gets directly what the policy says: else a cache changes nothing that was right.
pub(crate) fn is_served_right(visitor: &Visitor) -> bool {
    match (&visitor.who, &visitor.response) {
        (Who::Page(_, Intent::Unspecified(_)), Some(_)) => false,
        (Who::Page(..), Some(_)) => !harms(visitor, visitor),
        _ => true,
    }
}

/// Leaves a visitor's answer in an empty cache.
fn keep(cache: &mut HttpCache, visitor: &Visitor) {
    if let Some(response) = &visitor.response {
        cache.receive(&visitor.request, &kept_for_a_minute(response), 0);
    }
}

/// An answer that tells no lifetime, as a cache has it that assigns a minute by itself, which
/// [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2) allows for these statuses.
fn kept_for_a_minute(response: &Response) -> Cow<'_, Response> {
    const CACHEABLE: [u16; 10] = [200, 203, 204, 300, 301, 308, 404, 405, 410, 501];
    let tells = |(_, value): (_, &HeaderValue)| value.isomorphic_decode().to_ascii_lowercase().contains("max-age");
    let has_lifetime = response.headers.contains("Expires") || response.headers.named("Cache-Control").any(tells);
    if has_lifetime || !CACHEABLE.contains(&response.status) {
        return Cow::Borrowed(response);
    }
    Cow::Owned(response.clone().with("Cache-Control", "max-age=60"))
}

/// What the cache serves to a page, if that is against what the policy says.
fn served_wrong(cache: &HttpCache, before: &Visitor, visitor: &Visitor, is_it: fn(&Intent) -> bool) -> Option<Finding> {
    let Who::Page(request, intent) = &visitor.who else { return None };
    let Reuse::Fresh(response) = cache.lookup(&visitor.request, 0) else { return None };
    let message = wrong(request, intent, cors_check(request, &response).is_ok())?;
    if !is_it(intent) {
        return None;
    }
    let severity = match (intent, request.credentials) {
        (Intent::Permit, _) => Severity::Medium,
        (_, CredentialsMode::Include) => Severity::Critical,
        _ => Severity::High,
    };
    let cached = Message::from_cache(&visitor.request, &response);
    let aside = Message::of_visitor(before).into_iter().chain([cached]).collect();
    Some(Finding { visit: 0, exchange: 0, severity, message, aside })
}

/// Whether it is against what the policy says that a page reads an answer, or does not.
fn is_wrong(intent: &Intent, reads: bool) -> bool {
    matches!((intent, reads), (Intent::Permit, false) | (Intent::Deny(_), true))
}

/// What is wrong with what a page gets out of a cache.
fn wrong(request: &Request, intent: &Intent, reads: bool) -> Option<String> {
    let origin = &request.origin;
    is_wrong(intent, reads).then(|| match reads {
        true => format!(
            "Out of the cache {origin}, which the policy denies, reads an answer that was made for another visitor."
        ),
        false => format!(
            "Out of the cache {origin} is served an answer that was made for another visitor, and reads nothing."
        ),
    })
}

/// Hands each preflight's answer to every visitor who might ask the same, by a cache that keeps `OPTIONS` as if it
/// were `GET`.
fn preflights(run: &Run<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (visit, of_visit) in run.visits.iter().enumerate() {
        for (exchange, of_exchange) in of_visit.exchanges.iter().enumerate() {
            let (Ok(response), Some(asked)) = (&of_exchange.observed.result, of_exchange.fetch_behind()) else {
                continue;
            };
            let asked = plain(&asked.origin, &of_exchange.request.url);
            let is_right = asked.as_ref().is_some_and(|asked| {
                let intent = cors_policy::intent::intent(&run.case.policy, asked);
                cors_check(asked, response).is_ok() == (intent == Intent::Permit)
            });
            if !is_right || !response.has_ok_status() || of_exchange.is_the_applications() {
                continue;
            }
            if let Some((message, aside)) = preflight_of_another(run, &of_exchange.request, response) {
                findings.push(Finding { visit, exchange, severity: Severity::Low, message, aside });
            }
        }
    }
    findings
}

/// A fetch that includes nothing but its origin, since a preflight's `Access-Control-Allow-Origin` is what is kept.
fn plain(origin: &Origin, url: &Url) -> Option<Request> {
    Request::to(STANDARD, origin, url.clone(), &RequestInit::default()).ok()
}

fn preflight_of_another(run: &Run<'_>, sent: &WireRequest, response: &Response) -> Option<(String, Vec<Message>)> {
    let as_get = |request: &WireRequest| WireRequest { method: "GET".to_owned(), ..request.clone() };
    let mut cache = HttpCache::new(CacheKind::Shared);
    cache.receive(&as_get(sent), &kept_for_a_minute(response), 0);
    let others = crate::drive::visitors_of(&run.case.policy, &sent.url, &sent.headers);
    others.into_iter().find_map(|other| {
        let Who::Page(page, _) = &other.who else { return None };
        let Reuse::Fresh(cached) = cache.lookup(&other.request, 0) else { return None };
        let request = plain(&page.origin, &sent.url)?;
        let intent = cors_policy::intent::intent(&run.case.policy, &request);
        let message = wrong(&request, &intent, cors_check(&request, &cached).is_ok())?;
        let of_other = WireRequest { method: "OPTIONS".to_owned(), ..other.request };
        Some((message, vec![Message::of(sent, response), Message::from_cache(&of_other, &cached)]))
    })
}
