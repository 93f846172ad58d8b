//! The recording of a case: what the page observed and which requests arrived.

use cors_conformance::case::script::{Answer, Visit};
use serde::{Deserialize, Serialize};

use super::{
    browser_case::{Answers, BrowserCase},
    wire::Request,
};

/// What a page observed of one fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PageObservation {
    /// The result of `fetch()`.
    pub(crate) verdict: String,
    /// The status that the page reads.
    pub(crate) status: Option<u16>,
    /// The names of the response headers that the page reads.
    pub(crate) readable: Option<Vec<String>>,
}

impl PageObservation {
    /// Returns true if the fetch did not end in time.
    pub(super) fn is_timeout(&self) -> bool {
        self.verdict == "timeout"
    }
}

/// A request that arrived at a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ReceivedRequest {
    pub(crate) method: String,
    pub(crate) origin: Option<String>,
    pub(crate) requested_method: Option<String>,
    pub(crate) requested_headers: Option<String>,
}

impl ReceivedRequest {
    /// Takes the recorded parts from a request.
    pub(super) fn new(request: &Request) -> Self {
        Self {
            method: request.method.clone(),
            origin: request.header("Origin"),
            requested_method: request.header("Access-Control-Request-Method"),
            requested_headers: request.header("Access-Control-Request-Headers"),
        }
    }

    /// Returns true if the request is a preflight.
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.requested_method.is_some()
    }
}

/// The recording of one case.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub(super) answers: Answers,
    /// The index of the current visit.
    pub(super) visit: usize,
    /// The requests of each visit, in order.
    pub(crate) received: Vec<Vec<ReceivedRequest>>,
    /// What the page observed of each visit.
    pub(crate) observed: Vec<PageObservation>,
}

impl Recording {
    /// Starts the recording of a case.
    pub(super) fn new(case: &BrowserCase) -> Self {
        let received = vec![Vec::new(); case.fetches.len()];
        Self { answers: case.answers.clone(), visit: 0, received, observed: Vec::new() }
    }

    /// Returns true if the page observed the end of each fetch.
    pub(super) fn is_complete(&self) -> bool {
        !self.observed.is_empty() && !self.observed.iter().any(PageObservation::is_timeout)
    }

    /// Returns the scripted response to the next request, if there is one.
    ///
    /// Each redirect leads to the next hop. The last segment of the URL also gives the number of the hop, because the
    /// redirect itself can come from a cache.
    pub(super) fn scripted_response<'a>(
        &self,
        visits: &'a [Visit],
        request: &Request,
        is_preflight: bool,
    ) -> Option<&'a Answer> {
        let answered = self.received.get(self.visit)?.iter().filter(|request| !request.is_preflight()).count();
        let in_url = request.path.rsplit('/').next().and_then(|last| last.parse().ok()).unwrap_or(0);
        let [preflight_response, response] = visits.get(self.visit)?.answers(answered.max(in_url))?;
        if is_preflight { preflight_response } else { response }
    }
}
