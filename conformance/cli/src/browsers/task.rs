//! What a page is asked to do, and what answers it.

use std::net::SocketAddr;

use cors_conformance::case::{PageFetch, script::Visit};
use serde_json::{Value, json};

use super::cases::Case;

/// Fetches for a page, in order.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) fetches: Vec<PageFetch>,
    pub(crate) answers: Answers,
}

/// What answers a task's requests.
#[derive(Debug, Clone)]
pub(crate) enum Answers {
    /// The scripts of its visits.
    Scripted(Vec<Visit>),
    /// A server under test.
    From(SocketAddr),
}

impl Task {
    /// The task as the page takes it: `fetch()`'s own arguments.
    pub(super) fn to_page(&self) -> Value {
        let visits = self.fetches.iter().map(|fetch| {
            let mut init = json!(fetch.request);
            if fetch.request.body.is_none()
                && let Some(init) = init.as_object_mut()
            {
                init.remove("body");
            }
            json!({ "after_ms": fetch.after_ms, "origin": fetch.page_origin, "url": fetch.url, "init": init })
        });
        json!({ "id": self.id, "visits": visits.collect::<Vec<_>>() })
    }
}

impl From<&Case> for Task {
    fn from(case: &Case) -> Self {
        let fetches = case.visits.iter().map(|visit| PageFetch {
            after_ms: visit.after_ms,
            page_origin: visit.page_origin.clone(),
            url: visit.url.clone(),
            request: visit.request.clone(),
        });
        Self { id: case.id.clone(), fetches: fetches.collect(), answers: Answers::Scripted(case.visits.clone()) }
    }
}
