//! The outcome changes where an HTTP cache sits in between: shown by leading visitors through one, never by looking
//! for the word `Vary`.

use std::borrow::Cow;

use cors_reference::{
    cors_check::cors_check,
    header::HeaderValue,
    http_cache::{HttpCache, Kind, Partitions, Reuse},
    intent::Intent,
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

/// Leads pairs and triples of visitors through one shared cache, in every order.
fn shared(run: &Run<'_>, is_it: fn(&Intent) -> bool) -> Vec<Finding> {
    let visitors: Vec<&Visitor> = run.visitors.iter().filter(|visitor| is_served_right(visitor)).collect();
    if all_answers_are_one(&visitors) {
        return Vec::new();
    }
    for first in &visitors {
        let mut after_one = HttpCache::new(Kind::Shared);
        visit(&mut after_one, first);
        if after_one.lookup(&first.request, 0) == Reuse::Miss {
            // What is not kept changes nothing for whoever comes next.
            continue;
        }
        for second in others(&visitors, &[first]) {
            if let Some(finding) = served_wrong(&after_one, &[first], second, is_it) {
                return vec![finding];
            }
            let mut after_two = after_one.clone();
            visit(&mut after_two, second);
            for third in others(&visitors, &[first, second]) {
                if let Some(finding) = served_wrong(&after_two, &[first, second], third, is_it) {
                    return vec![finding];
                }
            }
        }
    }
    Vec::new()
}

/// Leads pairs of visits of one browser through its own cache: pages of one site, and what they embed.
fn private(run: &Run<'_>) -> Vec<Finding> {
    let visitors: Vec<&Visitor> = run.visitors.iter().filter(|visitor| is_served_right(visitor)).collect();
    for page in &visitors {
        let Who::Page(request, _) = &page.who else { continue };
        for before in others(&visitors, &[page]) {
            let mut partitions = Partitions::default();
            let stored_for = match &before.who {
                Who::Page(other, _) => other,
                Who::NoOrigin => request,
            };
            if let Some(cache) = partitions.of(stored_for) {
                visit(cache, before);
            }
            let found = partitions.of(request).and_then(|cache| served_wrong(cache, &[before], page, |_| true));
            if let Some(finding) = found {
                return vec![finding];
            }
        }
    }
    Vec::new()
}

fn others<'v>(visitors: &[&'v Visitor], but: &[&Visitor]) -> impl Iterator<Item = &'v Visitor> {
    visitors.iter().copied().filter(move |visitor| !but.iter().any(|other| std::ptr::eq(*other, *visitor)))
}

/// Whether a visitor gets directly what the policy says: else a cache changes nothing that was right.
pub(crate) fn is_served_right(visitor: &Visitor) -> bool {
    match (&visitor.who, &visitor.response) {
        (Who::Page(request, intent), Some(response)) => match intent {
            Intent::Permit => cors_check(request, response).is_ok(),
            Intent::Deny(_) => cors_check(request, response).is_err(),
            Intent::Unspecified(_) => false,
        },
        _ => true,
    }
}

/// Whether nothing that a cache could mix up differs.
fn all_answers_are_one(visitors: &[&Visitor]) -> bool {
    let mut answers = visitors.iter().map(|visitor| visitor.response.as_ref());
    let first = answers.next();
    answers.all(|answer| answer.is_some() && Some(answer) == first)
}

/// Asks through the cache.
fn visit(cache: &mut HttpCache, visitor: &Visitor) {
    if let (Reuse::Miss, Some(response)) = (cache.lookup(&visitor.request, 0), &visitor.response) {
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
fn served_wrong(
    cache: &HttpCache,
    before: &[&Visitor],
    visitor: &Visitor,
    is_it: fn(&Intent) -> bool,
) -> Option<Finding> {
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
    let mut aside: Vec<Message> = before.iter().filter_map(|visitor| Message::of_visitor(visitor)).collect();
    aside.push(Message::from_cache(&visitor.request, &response));
    Some(Finding { visit: 0, exchange: 0, severity, message, aside })
}

/// What is wrong with what a page gets out of a cache.
fn wrong(request: &Request, intent: &Intent, reads: bool) -> Option<String> {
    let origin = &request.origin;
    match (intent, reads) {
        (Intent::Permit, false) => Some(format!(
            "Out of the cache {origin} is served an answer that was made for another visitor, and reads nothing."
        )),
        (Intent::Deny(_), true) => Some(format!(
            "Out of the cache {origin}, which the policy denies, reads an answer that was made for another visitor."
        )),
        _ => None,
    }
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
                let intent = cors_reference::intent::intent(&run.case.policy, asked);
                cors_check(asked, response).is_ok() == (intent == Intent::Permit)
            });
            if !is_right || !response.has_ok_status() || super::is_the_applications(of_exchange) {
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
    Request::new(origin, url.as_str(), &RequestInit::default()).ok()
}

fn preflight_of_another(run: &Run<'_>, sent: &WireRequest, response: &Response) -> Option<(String, Vec<Message>)> {
    let as_get = |request: &WireRequest| WireRequest { method: "GET".to_owned(), ..request.clone() };
    let mut cache = HttpCache::new(Kind::Shared);
    cache.receive(&as_get(sent), &kept_for_a_minute(response), 0);
    let others = crate::drive::visitors_of(&run.case.policy, &sent.url, &sent.headers);
    others.into_iter().find_map(|other| {
        let Who::Page(page, _) = &other.who else { return None };
        let Reuse::Fresh(cached) = cache.lookup(&other.request, 0) else { return None };
        let request = plain(&page.origin, &sent.url)?;
        let intent = cors_reference::intent::intent(&run.case.policy, &request);
        let message = wrong(&request, &intent, cors_check(&request, &cached).is_ok())?;
        let of_other = WireRequest { method: "OPTIONS".to_owned(), ..other.request };
        Some((message, vec![Message::of(sent, response), Message::from_cache(&of_other, &cached)]))
    })
}
