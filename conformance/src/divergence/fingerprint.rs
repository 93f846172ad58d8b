//! Fingerprints: an adapter, a rule and the shape of a finding. The shape contains no text of the case, so that new vectors
//! and the minimiser keep it.

use cors_reference::request::CredentialsMode;
use url::Url;

use crate::{
    case::{Case, Visit, near_miss::origin_class},
    drive::{Message, Run},
    rules::{Class, Finding, Rule},
};

/// Returns the fingerprint of a finding for an adapter.
pub fn fingerprint(adapter: &str, rule: &Rule, finding: &Finding, run: &Run<'_>, case: &Case) -> String {
    let place = finding.place;
    let visit_run = run.visits.get(place.visit);
    let exchange = visit_run.and_then(|visit_run| visit_run.exchanges.get(place.exchange));
    let decisive = match finding.shown_by.last() {
        Some(message) => Some(message.clone()),
        None => exchange.map(|exchange| Message::answered(place.visit, exchange)),
    };
    let fetched = visit_run.and_then(|visit_run| visit_run.fetched.as_ref()).filter(|_| finding.shown_by.is_empty());
    let page_origin = fetched.map(|fetched| fetched.request.origin.serialize().to_owned());
    let shape = shape(rule.class, case, place.visit, decisive.as_ref(), page_origin);
    format!("{adapter}/{}/{shape}", rule.id)
}

/// Returns the fingerprint of a finding that the last message of a worker shows.
pub(super) fn of_last_message(adapter: &str, rule: &Rule, case: &Case, visit: usize, last: Option<&Message>) -> String {
    format!("{adapter}/{}/{}", rule.id, shape(rule.class, case, visit, last, None))
}

/// Returns the shape of a finding: the near-miss class of the origin, the credentials, the kind of request, the class of the
/// status, and the layer that answered. For hygiene, the shape is the kind of request alone; for caches, it is the origin
/// alone.
///
/// `page_origin` is the origin of the page that made the fetch. Without it, the shape uses the request's `Origin`.
fn shape(class: Class, case: &Case, visit: usize, decisive: Option<&Message>, page_origin: Option<String>) -> String {
    if case.visits.is_empty() {
        return "policy".to_owned();
    }
    if class == Class::Hygiene {
        // Hygiene is about the text of a response, not about its reader.
        let is_preflight = decisive.is_some_and(Message::is_cors_preflight);
        return if is_preflight { "preflight" } else { "actual" }.to_owned();
    }
    let origin = page_origin.or_else(|| {
        let origin = decisive?.request_headers.get("Origin")?;
        Some(String::from_utf8_lossy(&origin.to_vec()).into_owned())
    });
    let url = decisive.and_then(|message| Url::parse(&message.url).ok());
    let origin = origin_class(origin.as_deref(), url.as_ref(), &case.policy);
    if class == Class::CacheUnsafe {
        return format!("{origin}.cached");
    }
    let credentials = match case.visits.get(visit) {
        Some(Visit::Fetch(fetch)) if fetch.request.credentials == CredentialsMode::Include => "include",
        _ => "none",
    };
    let status = decisive.and_then(|message| message.status);
    let status = status.map_or_else(|| "failed".to_owned(), |status| format!("{}xx", status / 100));
    let layer = match decisive {
        Some(message) if message.handler_calls > 0 => "handler",
        _ => "middleware",
    };
    let kind = decisive.map_or("none", |message| message.kind.name());
    format!("{origin}.{credentials}.{kind}.{status}.{layer}")
}
