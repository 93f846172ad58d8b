//! Checks that requests by others do not change a response.

use cors_adapters::Middleware;
use cors_reference::{header_list::HeaderList, origin::Origin};
use url::Url;

use super::{answer::Answer, runs::visits};
use crate::{
    case::{Case, RawRequest, Visit},
    drive::VisitRun,
};

const OTHER: &str = "https://between.invalid";

pub(super) fn check(middleware: &dyn Middleware, case: &Case) -> Option<String> {
    let mut disturbed = case.clone();
    let others = others(case)?;
    disturbed.visits = case.visits.iter().flat_map(|visit| others.iter().chain([visit])).cloned().collect();
    let (alone, among) = (visits(middleware, case)?, visits(middleware, &disturbed)?);
    let own = among.iter().skip(others.len()).step_by(others.len() + 1);
    alone.iter().zip(own).enumerate().find_map(|(index, (alone, among))| {
        let of = |visit: &VisitRun<'_>| Answer::of(&visit.exchanges.last()?.observed);
        let difference = Answer::difference(of(alone).as_ref(), of(among).as_ref())?;
        Some(format!("the response to visit {index} changes after requests by others: {difference}"))
    })
}

/// Returns requests by others to the URL of the case and to another URL. Pages that the policy denies send them, and clients
/// that are not browsers.
fn others(case: &Case) -> Option<Vec<Visit>> {
    let url = match case.visits.first()? {
        Visit::Fetch(fetch) => &fetch.url,
        Visit::Raw(raw) => &raw.url,
    };
    let own = Url::parse(url).ok()?;
    let beside = own.join("/beside").ok()?.to_string();
    let none = HeaderList::EMPTY;
    let by = |origin: &str| none.clone().with("Origin", origin);
    let asks = |list: HeaderList, method: &str| list.with("Access-Control-Request-Method", method);
    let raw = |method: &str, url: &str, headers| {
        Visit::Raw(RawRequest { method: method.to_owned(), url: url.to_owned(), headers, grow: None })
    };
    Some(vec![
        raw("GET", url, by(OTHER)),
        raw("OPTIONS", url, asks(by(OTHER), "PUT")),
        raw("OPTIONS", url, asks(by(OTHER), "DELETE").with("Access-Control-Request-Headers", "x-other")),
        raw("OPTIONS", url, none.clone()),
        raw("OPTIONS", url, asks(none.clone(), "PUT")),
        raw("POST", url, by(OTHER).with("Cookie", "a=b")),
        raw("GET", &beside, by(OTHER)),
        raw("GET", url, by("null")),
        raw("GET", url, by("https://a.example, https://b.example")),
        raw("PUT", url, by(Origin::of(&own).serialize())),
        raw("HEAD", url, none),
    ])
}
