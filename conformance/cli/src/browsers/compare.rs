//! The comparison of what a browser did with what the model does.

use cors_conformance::judge::{Judgement, judge};
use cors_reference::{
    agent::{Agent, Deviation, STANDARD},
    header_list::HeaderList,
};
use serde::Serialize;

use super::{
    browser_case::BrowserCase,
    recording::{PageObservation, ReceivedRequest, Recording},
};

/// What is observed of one visit: by the page, and of the requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ObservedVisit {
    pub(super) verdict: String,
    status: Option<u16>,
    pub(super) readable: Option<Vec<String>>,
    pub(super) preflight_sent: bool,
    #[serde(rename = "acrm")]
    requested_method: Option<String>,
    #[serde(rename = "acrh")]
    requested_headers: Option<String>,
    pub(super) origins: Vec<Option<String>>,
}

/// How a browser compares with the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// The browser follows the standard.
    Agree,
    /// The browser deviates from the standard as its model does.
    KnownDeviation,
    /// The browser follows neither the standard nor its model.
    Disagree,
}

/// The comparison of one case.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub(crate) id: String,
    pub(crate) agreement: Agreement,
    /// The deciding step of each visit, by the standard.
    pub(crate) reasons: Vec<String>,
    /// The deviations that the case needs. Empty if only limits of the browser decide, or if each deviation could be
    /// replaced by another.
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) model: Vec<ObservedVisit>,
    pub(crate) browser: Vec<ObservedVisit>,
}

/// Compares a scripted case with its recording.
///
/// # Errors
///
/// Returns an error if the case lacks a response that it needs.
pub(crate) fn compare(case: &BrowserCase, recording: &Recording, agent: Agent) -> Result<Comparison, String> {
    let judged = |agent| judge(case.script(), agent).map_err(|error| format!("{}: {error}", case.id));
    let by_agent = judged(agent)?;
    let mut comparison = Comparison::new(&case.id, &judged(STANDARD)?, &by_agent, recording);
    if comparison.agreement == Agreement::KnownDeviation {
        // A deviation is needed if the model behaves differently without it.
        for row in agent.table {
            if judged(agent.without(row.deviation)).as_ref() != Ok(&by_agent) {
                comparison.deviations.push(row.deviation);
            }
        }
    }
    Ok(comparison)
}

impl Comparison {
    /// Compares a recording with the judgements of the standard and of the agent.
    pub(crate) fn new(id: &str, by_standard: &[Judgement], by_agent: &[Judgement], recording: &Recording) -> Self {
        let recorded = recording.observed.iter().zip(&recording.received);
        let browser: Vec<ObservedVisit> =
            recorded.map(|(observation, received)| observed_visit(observation, received)).collect();
        let standard: Vec<ObservedVisit> = by_standard.iter().map(modelled_visit).collect();
        let model: Vec<ObservedVisit> = by_agent.iter().map(modelled_visit).collect();
        let agreement = if standard == browser {
            Agreement::Agree
        } else if model == browser {
            Agreement::KnownDeviation
        } else {
            Agreement::Disagree
        };
        let reasons = by_standard.iter().map(|judgement| judgement.reason.clone()).collect();
        Self { id: id.to_owned(), agreement, reasons, deviations: Vec::new(), model, browser }
    }
}

/// Returns a visit as it was recorded.
fn observed_visit(observation: &PageObservation, received: &[ReceivedRequest]) -> ObservedVisit {
    let preflight = received.iter().find(|request| request.is_preflight());
    ObservedVisit {
        verdict: observation.verdict.clone(),
        status: observation.status,
        readable: observation.readable.clone().map(sorted),
        preflight_sent: preflight.is_some(),
        requested_method: preflight.and_then(|preflight| preflight.requested_method.clone()),
        requested_headers: preflight.and_then(|preflight| preflight.requested_headers.clone()),
        origins: received.iter().map(|request| request.origin.clone()).collect(),
    }
}

/// Returns the visit that a browser like the model would show.
pub(super) fn modelled_visit(judgement: &Judgement) -> ObservedVisit {
    let get = |headers: &HeaderList, name: &str| {
        headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned())
    };
    let in_preflight = |name| judgement.preflight.as_ref().and_then(|preflight| get(&preflight.headers, name));
    let names = judgement.readable_headers.iter().map(|(name, _)| name.as_str().to_owned());
    ObservedVisit {
        verdict: serde_json::to_value(judgement.verdict)
            .ok()
            .and_then(|verdict| verdict.as_str().map(str::to_owned))
            .unwrap_or_default(),
        status: judgement.status,
        readable: judgement.status.map(|_| sorted(names.collect())),
        preflight_sent: judgement.preflight.is_some(),
        requested_method: in_preflight("Access-Control-Request-Method"),
        requested_headers: in_preflight("Access-Control-Request-Headers"),
        origins: judgement.requests.iter().map(|request| get(&request.headers, "Origin")).collect(),
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}
