//! Two runs of one case side by side: what a page sees of it, never the text of an answer. What the two frameworks do
//! without any middleware is no difference between the middlewares: each answer is held against its control.

use std::cmp::Ordering;

use cors_policy::AllowList;
use cors_reference::{fetch, header::HeaderName, preflight::needs_preflight, request::CredentialsMode};

use super::{
    kind::{Intended, Kind, Side, What},
    pages::{Page, kept_preflight, of_pages},
};
use crate::{
    case::{Case, near_miss::NearMiss},
    drive::{Exchange, Fetched, Run, VisitRun},
    rules::{is_from_own_origin, is_of_cors, is_served_right, may_read, rule},
};

/// A difference of two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// What it is.
    pub(super) kind: Kind,
    /// The visit that shows it, from 0.
    pub(super) visit: usize,
}

/// What differs between two runs of the same case.
pub(super) fn differences(a: &Run<'_>, b: &Run<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (visit, pair) in a.visits.iter().zip(&b.visits).enumerate() {
        let is_error = application_status(pair.0, pair.1).is_some_and(|status| status >= 400);
        let mut differs = |kind: Kind| {
            let is_missing = kind.policy == Intended::Permits && matches!(kind.what, What::Answer | What::Header);
            let on_error = is_error && is_missing;
            let new = Found { kind: Kind { on_error, ..kind }, visit };
            found.extend(Some(new).filter(|new| !found.contains(new)));
        };
        match (pair.0, pair.1, &pair.0.fetched, &pair.1.fetched) {
            (a, b, ..) if fails(a) || fails(b) => {}
            (a, b, ..) if panics(a) != panics(b) => {
                differs_if(&mut differs, What::Reply, more(&!panics(a), &!panics(b)), Intended::Permits);
            }
            (of_a, of_b, Some(by_a), Some(by_b)) => {
                let pages = [Page { visit: of_a, fetched: by_a }, Page { visit: of_b, fetched: by_b }];
                of_pages(a.case, &pages, &mut differs);
                kept_preflight(a, b, visit, &mut differs);
            }
            (of_a, of_b, None, None) => of_raw(a, of_a, of_b, &mut differs),
            _ => {}
        }
    }
    of_caches(a, b, &mut found);
    found
}

/// The status that the application sends by itself, where the request is sent; of two frameworks that of the one which
/// fails.
fn application_status(a: &VisitRun<'_>, b: &VisitRun<'_>) -> Option<u16> {
    let sent = |visit: &VisitRun<'_>| {
        let last = visit.exchanges.last().filter(|exchange| exchange.kind != Some(fetch::Kind::Preflight))?;
        last.control.result.as_ref().ok().map(|control| control.status)
    };
    sent(a).max(sent(b))
}

/// Whether the application fails by itself, so that the framework has nothing to send.
fn fails(visit: &VisitRun<'_>) -> bool {
    visit.exchanges.iter().any(|exchange| exchange.control.result.is_err())
}

/// Whether the server fails by itself.
fn panics(visit: &VisitRun<'_>) -> bool {
    visit.exchanges.iter().any(|exchange| exchange.observed.result.is_err())
}

pub(super) fn is_called_as_without(exchange: &Exchange) -> bool {
    (exchange.observed.handler_calls > 0) == (exchange.control.handler_calls > 0)
}

/// With whom there is more of something; nothing where it is equal.
pub(super) fn more<T: Ord>(a: &T, b: &T) -> Option<Side> {
    match a.cmp(b) {
        Ordering::Greater => Some(Side::A),
        Ordering::Less => Some(Side::B),
        Ordering::Equal => None,
    }
}

/// Whether the two frameworks do alike with a request where there is no middleware.
pub(super) fn are_alike(a: &Exchange, b: &Exchange) -> bool {
    let done = |exchange: &Exchange| {
        let status = exchange.control.result.as_ref().ok().map(|control| control.status);
        (status, exchange.control.handler_calls > 0)
    };
    done(a) == done(b)
}

/// Whether status and body are those that the framework sends without the middleware.
pub(super) fn has_own_answer(exchange: &Exchange) -> bool {
    match (&exchange.observed.result, &exchange.control.result) {
        (Ok(observed), Ok(control)) => (observed.status, &observed.body) == (control.status, &control.body),
        _ => false,
    }
}

pub(super) fn differs_if(differs: &mut impl FnMut(Kind), what: What, with: Option<Side>, policy: Intended) {
    if let Some(with) = with {
        differs(Kind::new(what, with, policy));
    }
}

/// The names of the application's headers, but for those that are the middleware's to write.
pub(super) fn application_headers(case: &Case) -> impl Iterator<Item = &HeaderName> {
    let headers = case.handler.headers.iter().chain(case.handler.outer_headers.iter()).map(|(name, _)| name);
    headers.filter(|name| !is_of_cors(name.as_str()) && **name != *"Vary")
}

/// A client that is no browser is owed the application's answer, unless it speaks for an origin that may not read.
fn of_raw(run: &Run<'_>, a: &VisitRun<'_>, b: &VisitRun<'_>, differs: &mut impl FnMut(Kind)) {
    let (Some(a), Some(b)) = (a.exchanges.first(), b.exchanges.first()) else { return };
    if a.request.is_cors_preflight() {
        let is_kept_from = |exchange: &Exchange| exchange.observed.handler_calls == 0;
        return differs_if(differs, What::Preflight, more(&is_kept_from(a), &is_kept_from(b)), Intended::Permits);
    }
    if !may_read(run, a) && !is_from_own_origin(a) {
        return;
    }
    if !are_alike(a, b) {
        return;
    }
    let has_own_class = |exchange: &Exchange| match (&exchange.observed.result, &exchange.control.result) {
        (Ok(observed), Ok(control)) => observed.status / 100 == control.status / 100,
        _ => false,
    };
    match more(&is_called_as_without(a), &is_called_as_without(b)) {
        Some(with) => differs(Kind::new(What::Application, with, Intended::Permits)),
        None => differs_if(differs, What::OwnAnswer, more(&has_own_class(a), &has_own_class(b)), Intended::Permits),
    }
}

/// What a shared HTTP cache in front of the server makes of it, where both serve every visitor right without one.
fn of_caches(a: &Run<'_>, b: &Run<'_>, found: &mut Vec<Found>) {
    if a.visitors.is_empty() || !a.visitors.iter().chain(&b.visitors).all(is_served_right) {
        return;
    }
    let mut compare = |id: &str, policy: Intended, with_finding: bool| {
        let finds = |run: &Run<'_>| rule(id).is_some_and(|rule| !(rule.check)(run).is_empty()) == with_finding;
        let tell = &mut |kind| found.push(Found { kind, visit: 0 });
        differs_if(tell, What::CachedAnswer, more(&finds(a), &finds(b)), policy);
    };
    compare("cache-unsafe/shared-grants", Intended::DeniesOrigin, true);
    compare("cache-unsafe/shared-refuses", Intended::Permits, false);
}

/// The shape of a visit: the near-miss class of its origin, its credentials, whether it needs a preflight, and the status
/// class of the application's answer; of caches that of the policy. No text of the case is in it.
pub(super) fn shape(a: &Run<'_>, b: &Run<'_>, found: &Found) -> String {
    if found.kind.what == What::CachedAnswer {
        return match a.case.policy.origins {
            AllowList::Any => "any.cached",
            AllowList::Mirror => "mirror.cached",
            AllowList::List(_) => "list.cached",
        }
        .to_owned();
    }
    let Some((of_a, of_b)) = a.visits.get(found.visit).zip(b.visits.get(found.visit)) else {
        return "policy".to_owned();
    };
    let status =
        application_status(of_a, of_b).map_or_else(|| "unanswered".to_owned(), |status| format!("{}xx", status / 100));
    let (origin, credentials, kind) = match (&of_a.fetched, of_a.exchanges.first()) {
        (Some(Fetched { request, .. }), _) => {
            let is_own = request.origin.is_of(request.current_url());
            let origin = (!is_own).then(|| request.serialize_origin().to_owned());
            let credentials = if request.credentials == CredentialsMode::Include { "include" } else { "none" };
            (origin.map(Some), credentials, if needs_preflight(request) { "preflighted" } else { "simple" })
        }
        (None, Some(raw)) => {
            let origin =
                raw.request.headers.get("Origin").map(|origin| String::from_utf8_lossy(&origin.to_vec()).into_owned());
            let kind = if raw.request.is_cors_preflight() { "preflight" } else { "request" };
            ((!is_from_own_origin(raw)).then_some(origin), "raw", kind)
        }
        (None, None) => (Some(None), "none", "thrown"),
    };
    let origin = match origin {
        None => "same-origin",
        Some(origin) => NearMiss::of(origin.as_deref(), &a.case.policy).name(),
    };
    format!("{origin}.{credentials}.{kind}.{status}")
}
