use cors_adapters::Middleware;
use cors_reference::header_list::HeaderList;

use super::{Answer, visits};
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
        Some(format!("the answer of visit {index}, after others asked: {difference}"))
    })
}

/// A plain request and a preflight by another page, of the URL that the case is about.
fn others(case: &Case) -> Option<Vec<Visit>> {
    let url = match case.visits.first()? {
        Visit::Fetch(fetch) => &fetch.url,
        Visit::Raw(raw) => &raw.url,
    };
    let plain = HeaderList::EMPTY.with("Origin", OTHER);
    let asks = plain.clone().with("Access-Control-Request-Method", "PUT");
    let raw = |method: &str, headers| {
        Visit::Raw(RawRequest { method: method.to_owned(), url: url.clone(), headers, grow: None })
    };
    Some(vec![raw("GET", plain), raw("OPTIONS", asks)])
}
