//! Checks that adding an origin to the list takes access from no other origin.

use cors_adapters::Middleware;
use cors_policy::AllowList;
use cors_reference::fetch::Verdict;

use super::runs::visits;
use crate::{case::Case, drive::VisitRun};

const ADDED: &str = "https://added.example";

pub(super) fn check(middleware: &dyn Middleware, case: &Case) -> Option<String> {
    let mut longer = case.clone();
    let AllowList::List(origins) = &mut longer.policy.origins else { return None };
    if origins.iter().any(|origin| origin.as_str() == ADDED) {
        return None;
    }
    origins.push(ADDED.parse().ok()?);
    let (before, after) = (visits(middleware, case)?, visits(middleware, &longer)?);
    before.iter().zip(&after).enumerate().find_map(|(index, (before, after))| {
        let refused = verdict(before) == Some(Verdict::Readable) && verdict(after) != Some(Verdict::Readable);
        refused.then(|| {
            let why = after.fetched.as_ref().map_or("", |fetched| &fetched.outcome.explanation);
            format!("visit {index} can be read, but not after {ADDED} joins the list: {why}")
        })
    })
}

fn verdict(visit: &VisitRun<'_>) -> Option<Verdict> {
    visit.fetched.as_ref().map(|fetched| fetched.outcome.verdict)
}
