//! A vector as JSON for the scripts of the page.

use cors_policy::intent::{Intent, intent};
use cors_reference::request::Request;
use serde::Serialize;
use serde_json::Value;

use crate::{
    case::{
        Case, Visit,
        vectors::{Expected, Vector},
    },
    drive::denial,
    report::compact_json::compact_json,
    search::minimise::short,
};

#[derive(Serialize)]
pub(super) struct VectorData<'r> {
    says: &'r str,
    quote: &'r str,
    spec: &'r str,
    policy: String,
    /// What the policy intends for each visit, in a sentence.
    intents: Vec<String>,
    case: Value,
    expect: &'r [Expected],
}

impl<'r> VectorData<'r> {
    pub(super) fn new(vector: &'r Vector) -> Self {
        let intents = vector.case.visits.iter().map(|visit| visit_intent(&vector.case, visit));
        Self {
            says: &vector.says,
            quote: &vector.quote,
            spec: &vector.spec,
            policy: compact_json(&vector.case.policy),
            intents: intents.collect(),
            case: short(&vector.case),
            expect: &vector.expect,
        }
    }
}

fn visit_intent(case: &Case, visit: &Visit) -> String {
    let page = match visit {
        Visit::Raw(raw) => return format!("{} {} from a raw client", raw.method, raw.url),
        Visit::Fetch(page) => page,
    };
    let fetch = format!("{} fetches {} {}", page.page_origin, page.request.method, page.url);
    let Ok(request) = Request::new(&page.page_origin, &page.url, &page.request) else {
        return format!("{fetch}: the script throws");
    };
    match intent(&case.policy, &request) {
        Intent::Permit => format!("{fetch}: permitted"),
        Intent::Deny(denied) => format!("{fetch}: denied, because {}", denial(&denied, &request)),
        Intent::Unspecified(sentence) => format!("{fetch}: left open by “{sentence}”"),
    }
}
