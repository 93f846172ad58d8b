//! `judge`: what would a standard browser do with these responses? JSON lines in, JSON lines out.

use std::io::{self, BufRead, Write};

use cors_reference::{
    agent::Agent,
    fetch::{Browser, Fetch, Next, Outcome, RequestKind, Verdict},
    header::HeaderName,
    header_list::HeaderList,
    request::WireRequest,
    response::Response,
};
use serde::Serialize;

use crate::{
    case::script::{Script, Visit},
    input::{InputError, from_json},
    lines::{Summary, stream},
};

/// A request that a browser sends, with the headers that the model decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentRequest {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: HeaderList,
}

/// What a browser does with the responses to one fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Judgement {
    /// What the page observes.
    pub verdict: Verdict,
    /// The step of the standard that decided, such as `cors-check/4`.
    pub reason: String,
    /// The URL of the step's algorithm.
    pub spec: String,
    /// An explanation in one sentence.
    pub explanation: String,
    /// The status that the page reads: 0 for an opaque response, `None` for a network error.
    pub status: Option<u16>,
    /// The headers that the page reads, in order, with lower-case names.
    pub readable_headers: HeaderList,
    /// The first preflight, if one is sent.
    pub preflight: Option<SentRequest>,
    /// Every request in order, including preflights.
    pub requests: Vec<SentRequest>,
}

impl Judgement {
    /// Builds a judgement from the outcome of a fetch and the requests that were sent for it.
    pub fn new(outcome: &Outcome, sent: &[(RequestKind, WireRequest)]) -> Self {
        let preflight = sent.iter().find(|(kind, _)| *kind == RequestKind::Preflight);
        Self {
            verdict: outcome.verdict,
            reason: outcome.step.reason(),
            spec: outcome.step.url(),
            explanation: outcome.explanation.clone(),
            status: outcome.status,
            readable_headers: outcome.readable_headers.to_lowercase(),
            preflight: preflight.map(SentRequest::new),
            requests: sent.iter().map(SentRequest::new).collect(),
        }
    }
}

impl SentRequest {
    fn new((kind, request): &(RequestKind, WireRequest)) -> Self {
        // Every preflight has `Accept: */*`, so the header carries no information.
        let is_shown = |name: &HeaderName| *kind != RequestKind::Preflight || *name != *"Accept";
        let headers = request.headers.iter().filter(|(name, _)| is_shown(name));
        let headers = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
        Self { method: request.method.clone(), url: request.url.to_string(), headers }
    }
}

/// Judges the visits of one browser in order. The browser's caches carry over from one visit to the next.
///
/// # Errors
///
/// Returns an error that names the field if a response is needed and not given.
pub fn judge(visits: &[Visit], agent: Agent) -> Result<Vec<Judgement>, InputError> {
    let mut browser = Browser::new(agent);
    let mut now_ms = 0u64;
    let judgements = visits.iter().enumerate().map(|(index, visit)| {
        now_ms = now_ms.saturating_add(visit.after_ms);
        judge_visit(&mut browser, visit, now_ms)
            .map_err(|error| InputError { field: format!("visits[{index}].{}", error.field), ..error })
    });
    judgements.collect()
}

#[derive(Serialize)]
#[serde(untagged)]
enum Output {
    One(Box<Judgement>),
    Several { visits: Vec<Judgement> },
}

/// Judges every line of `input` as `agent` would.
///
/// A bad line becomes an error in the output, and the stream continues.
///
/// # Errors
///
/// Returns only errors of reading and writing.
pub fn judge_stream(input: impl BufRead, output: impl Write, agent: Agent) -> io::Result<Summary> {
    stream(input, output, |object| judge_object(object, agent))
}

fn judge_object(object: serde_json::Map<String, serde_json::Value>, agent: Agent) -> Result<Output, InputError> {
    let is_script = object.contains_key("visits");
    let text = serde_json::Value::Object(object).to_string();
    if is_script {
        let script: Script = from_json(&text)?;
        return Ok(Output::Several { visits: judge(&script.visits, agent)? });
    }
    let visit: Visit = from_json(&text)?;
    let mut browser = Browser::new(agent);
    Ok(Output::One(Box::new(judge_visit(&mut browser, &visit, 0)?)))
}

fn judge_visit(browser: &mut Browser<Agent>, visit: &Visit, now_ms: u64) -> Result<Judgement, InputError> {
    let mut fetch = Fetch::start(browser, &visit.page_origin, &visit.url, &visit.request, now_ms);
    let outcome = loop {
        if let Next::Done(outcome) = fetch.next() {
            break outcome.clone();
        }
        let response = scripted_response(visit, &fetch)?;
        fetch.receive(browser, &response);
    };
    Ok(Judgement::new(&outcome, fetch.sent()))
}

/// Returns the scripted response to the request that was sent last.
fn scripted_response(visit: &Visit, fetch: &Fetch<Agent>) -> Result<Response, InputError> {
    let awaits_preflight = fetch.sent().last().is_some_and(|(kind, _)| *kind == RequestKind::Preflight);
    let hop = fetch.redirect_count();
    let hop_field = hop.checked_sub(1).map(|index| format!("hops[{index}]"));
    let Some([preflight_response, response]) = visit.answers(hop) else {
        let message = format!("the browser follows the redirect and needs this hop ({} given)", visit.hops.len());
        return Err(InputError::of(&hop_field.unwrap_or_default(), message));
    };
    let (response, name, request) = if awaits_preflight {
        (preflight_response, "preflight_response", "a preflight")
    } else {
        (response, "response", "the request")
    };
    let field = hop_field.map_or(name.to_owned(), |hop| format!("{hop}.{name}"));
    let missing = || InputError::of(&field, format!("the browser sends {request} and needs this response"));
    let response = response.ok_or_else(missing)?;
    if response.status > 999 {
        let message = format!("{} is not a status from 0 to 999", response.status);
        return Err(InputError::of(&format!("{field}.status"), message));
    }
    Ok(response.to_response())
}
