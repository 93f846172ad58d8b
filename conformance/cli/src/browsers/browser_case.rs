//! A case for a browser: the fetches of a page, and what answers them.

use std::net::SocketAddr;

use cors_conformance::case::{PageFetch, script::Visit};
use serde_json::{Value, json};

/// The fetches of a page, in order, and what answers them.
#[derive(Debug, Clone)]
pub(crate) struct BrowserCase {
    /// The id, which is also a part of each URL.
    pub(crate) id: String,
    pub(crate) fetches: Vec<PageFetch>,
    pub(crate) answers: Answers,
}

/// What answers the requests of a case.
#[derive(Debug, Clone)]
pub(crate) enum Answers {
    /// The scripts of the visits.
    Scripted(Vec<Visit>),
    /// A server under test at this address.
    Server(SocketAddr),
}

impl BrowserCase {
    /// Builds a case whose visits contain their answers.
    pub(crate) fn scripted(id: String, visits: Vec<Visit>) -> Self {
        let fetches = visits.iter().map(|visit| PageFetch {
            after_ms: visit.after_ms,
            page_origin: visit.page_origin.clone(),
            url: visit.url.clone(),
            request: visit.request.clone(),
        });
        Self { id, fetches: fetches.collect(), answers: Answers::Scripted(visits) }
    }

    /// Returns the scripted visits, or nothing if a server answers.
    pub(crate) fn script(&self) -> &[Visit] {
        match &self.answers {
            Answers::Scripted(visits) => visits,
            Answers::Server(_) => &[],
        }
    }

    /// Returns the case as JSON for the page, with the arguments of `fetch()`.
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
