//! `judge`: what would a standard browser do with these responses? JSON lines in, JSON lines out.

use std::io::{self, BufRead, Write};

use cors_reference::{
    agent::Agent,
    fetch::{Browser, Fetch, Next, Outcome, RequestKind, Verdict},
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
pub struct Sent {
    /// Its method.
    pub method: String,
    /// Its URL.
    pub url: String,
    /// Its headers.
    pub headers: HeaderList,
}

/// What a browser does with the answers to one fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What the page observes.
    pub verdict: Verdict,
    /// The step that decided, such as `cors-check/4`.
    pub reason: String,
    /// The address of its algorithm.
    pub spec: String,
    /// One sentence for a person.
    pub explanation: String,
    /// The status that the page reads.
    pub status: Option<u16>,
    /// The headers that the page reads, in order, names in lower case.
    pub readable_headers: HeaderList,
    /// The first preflight.
    pub preflight: Option<Sent>,
    /// Every request, in order, preflights included.
    pub requests: Vec<Sent>,
}

impl Judgement {
    /// How a fetch ended, and what was sent for it.
    pub fn new(outcome: &Outcome, sent: &[(RequestKind, WireRequest)]) -> Self {
        let preflight = sent.iter().find(|(kind, _)| *kind == RequestKind::Preflight);
        Self {
            verdict: outcome.verdict,
            reason: outcome.step.reason(),
            spec: outcome.step.url(),
            explanation: outcome.explanation.clone(),
            status: outcome.status,
            readable_headers: outcome.readable_headers.to_lowercase(),
            preflight: preflight.map(Sent::new),
            requests: sent.iter().map(Sent::new).collect(),
        }
    }
}

impl Sent {
    fn new((kind, request): &(RequestKind, WireRequest)) -> Self {
        // `Accept: */*` is the same on every preflight, and says nothing.
        let headers = match kind {
            RequestKind::Preflight => {
                request.headers.iter().filter(|(name, _)| **name != *"Accept").map(cloned).collect()
            }
            RequestKind::Actual => request.headers.clone(),
        };
        Self { method: request.method.clone(), url: request.url.to_string(), headers }
    }
}

/// What one browser does with scripted answers to its visits, in order.
///
/// # Errors
///
/// The answer that is needed and not given.
pub fn judge(visits: &[Visit], agent: Agent) -> Result<Vec<Judgement>, InputError> {
    let mut browser = Browser { agent, ..Browser::default() };
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

/// Judges every line of `input`, as `agent` would. A bad line is an error in the output, and the stream
/// goes on.
///
/// # Errors
///
/// Those of reading and writing alone.
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
    let mut browser = Browser { agent, ..Browser::default() };
    Ok(Output::One(Box::new(judge_visit(&mut browser, &visit, 0)?)))
}

fn judge_visit(browser: &mut Browser, visit: &Visit, now_ms: u64) -> Result<Judgement, InputError> {
    let mut fetch = Fetch::start(browser, &visit.page_origin, &visit.url, &visit.request, now_ms);
    let outcome = loop {
        if let Next::Done(outcome) = fetch.next() {
            break outcome.clone();
        }
        let response = scripted_answer(visit, &fetch)?;
        fetch.receive(browser, &response);
    };
    Ok(Judgement::new(&outcome, fetch.sent()))
}

fn cloned<A: Clone, B: Clone>((a, b): (&A, &B)) -> (A, B) {
    (a.clone(), b.clone())
}

/// The scripted answer to the request that was sent last.
fn scripted_answer(visit: &Visit, fetch: &Fetch) -> Result<Response, InputError> {
    let awaits_preflight = fetch.sent().last().is_some_and(|(kind, _)| *kind == RequestKind::Preflight);
    let hop = fetch.redirect_count();
    let place = hop.checked_sub(1).map(|index| format!("hops[{index}]"));
    let Some([preflight_response, response]) = visit.answers(hop) else {
        let message = format!("the redirect is followed, so that this hop is needed ({} given)", visit.hops.len());
        return Err(InputError::of(&place.unwrap_or_default(), message));
    };
    let (answer, name, why) = if awaits_preflight {
        (preflight_response, "preflight_response", "the browser sends a preflight")
    } else {
        (response, "response", "the browser sends the request")
    };
    let place = place.map_or(name.to_owned(), |place| format!("{place}.{name}"));
    let answer = answer.ok_or_else(|| InputError::of(&place, format!("{why}, so that this answer is needed")))?;
    if answer.status > 999 {
        return Err(InputError::of(&format!("{place}.status"), format!("{} is no status: 0 to 999", answer.status)));
    }
    Ok(answer.to_response())
}
