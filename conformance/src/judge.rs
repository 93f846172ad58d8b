//! `judge`: what would a standard browser do with these responses? JSON lines in, JSON lines out.

use std::{
    collections::HashSet,
    io::{self, BufRead, Write},
};

use cors_reference::{
    agent::Agent,
    fetch::{Browser, Fetch, Kind, Next, Verdict},
    header_list::HeaderList,
    origin::Origin,
    request::{RequestInit, WireRequest},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::input::{InputError, from_json};

/// A scripted answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    #[serde(default)]
    headers: HeaderList,
}

/// The answers to the requests of one hop: the first URL, or one that a redirect led to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Hop {
    preflight_response: Option<Answer>,
    response: Option<Answer>,
}

/// One fetch with its scripted answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Visit {
    #[serde(default)]
    after_ms: u64,
    page_origin: Origin,
    url: String,
    #[serde(default)]
    request: RequestInit,
    #[serde(default)]
    preflight_response: Option<Answer>,
    #[serde(default)]
    response: Option<Answer>,
    #[serde(default)]
    hops: Vec<Hop>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    visits: Vec<Visit>,
}

/// What is printed of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Sent {
    method: String,
    url: String,
    headers: HeaderList,
}

/// What is printed of one fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Judgement {
    verdict: Verdict,
    reason: String,
    spec: String,
    explanation: String,
    status: Option<u16>,
    readable_headers: HeaderList,
    preflight: Option<Sent>,
    requests: Vec<Sent>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Output {
    One(Box<Judgement>),
    Several { visits: Vec<Judgement> },
    Error { error: String },
}

#[derive(Serialize)]
struct Line {
    id: Option<String>,
    #[serde(flatten)]
    output: Output,
}

/// How a stream went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many lines were judged.
    pub judged: usize,
    /// How many could not be, each with an error in the output.
    pub errors: usize,
}

/// Judges every line of `input`, as `agent` would. A bad line is an error in the output, and the stream
/// goes on.
///
/// # Errors
///
/// Those of reading and writing alone.
pub fn judge_stream(mut input: impl BufRead, mut output: impl Write, agent: Agent) -> io::Result<Summary> {
    let (mut summary, mut ids, mut bytes, mut number) = (Summary::default(), HashSet::new(), Vec::new(), 0);
    while {
        bytes.clear();
        input.read_until(b'\n', &mut bytes)? > 0
    } {
        number += 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let (id, result) = judge_line(&bytes, &mut ids, agent);
        let output_of_line = match result {
            Ok(output) => {
                summary.judged += 1;
                output
            }
            Err(error) => {
                summary.errors += 1;
                Output::Error { error: InputError { line: Some(number), ..error }.to_string() }
            }
        };
        serde_json::to_writer(&mut output, &Line { id, output: output_of_line })?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(summary)
}

fn judge_line(bytes: &[u8], ids: &mut HashSet<String>, agent: Agent) -> (Option<String>, Result<Output, InputError>) {
    let object = std::str::from_utf8(bytes)
        .map_err(|error| fault("", format!("not UTF-8: {error}")))
        .and_then(from_json::<serde_json::Map<String, serde_json::Value>>);
    let mut object = match object {
        Ok(object) => object,
        Err(error) => return (None, Err(error)),
    };
    let id = match object.remove("id") {
        Some(serde_json::Value::String(id)) => id,
        _ => return (None, Err(fault("id", "every line needs a text as its id".to_owned()))),
    };
    let result = if ids.insert(id.clone()) {
        judge_object(object, agent)
    } else {
        Err(fault("id", format!("`{id}` was used by an earlier line")))
    };
    (Some(id), result)
}

fn judge_object(object: serde_json::Map<String, serde_json::Value>, agent: Agent) -> Result<Output, InputError> {
    let mut browser = Browser { agent, ..Browser::default() };
    let is_scenario = object.contains_key("visits");
    let text = serde_json::Value::Object(object).to_string();
    if !is_scenario {
        let visit: Visit = from_json(&text)?;
        return Ok(Output::One(Box::new(judge_visit(&mut browser, &visit, visit.after_ms, "")?)));
    }
    let scenario: Scenario = from_json(&text)?;
    let (mut visits, mut now_ms) = (Vec::new(), 0u64);
    for (index, visit) in scenario.visits.iter().enumerate() {
        now_ms = now_ms.saturating_add(visit.after_ms);
        visits.push(judge_visit(&mut browser, visit, now_ms, &format!("visits[{index}]."))?);
    }
    Ok(Output::Several { visits })
}

fn judge_visit(browser: &mut Browser, visit: &Visit, now_ms: u64, field: &str) -> Result<Judgement, InputError> {
    let mut fetch = Fetch::start(browser, &visit.page_origin, &visit.url, &visit.request, now_ms);
    while let Next::Send(_) = fetch.next() {
        let response = scripted_answer(visit, fetch.sent(), field)?;
        fetch.receive(browser, &response);
    }
    let sent = |(kind, request): &(Kind, WireRequest)| Sent {
        method: request.method.clone(),
        url: request.url.to_string(),
        // `Accept: */*` is the same on every preflight, and says nothing.
        headers: match kind {
            Kind::Preflight => request.headers.iter().filter(|(name, _)| **name != *"Accept").map(cloned).collect(),
            Kind::Actual => request.headers.clone(),
        },
    };
    let requests: Vec<Sent> = fetch.sent().iter().map(sent).collect();
    let preflight = fetch.sent().iter().find(|(kind, _)| *kind == Kind::Preflight).map(sent);
    let Next::Done(outcome) = fetch.next() else { unreachable!("the loop above ends when the fetch does") };
    Ok(Judgement {
        verdict: outcome.verdict,
        reason: outcome.step.reason(),
        spec: outcome.step.url(),
        explanation: outcome.explanation.clone(),
        status: outcome.status,
        readable_headers: outcome.readable_headers.to_lowercase(),
        preflight,
        requests,
    })
}

fn cloned<A: Clone, B: Clone>((a, b): (&A, &B)) -> (A, B) {
    (a.clone(), b.clone())
}

/// The scripted answer to the request that was sent last.
fn scripted_answer(visit: &Visit, sent: &[(Kind, WireRequest)], field: &str) -> Result<Response, InputError> {
    let is_actual = |(kind, _): &&(Kind, WireRequest)| *kind == Kind::Actual;
    let awaits_preflight = sent.last().is_some_and(|last| !is_actual(&last));
    let hop = sent.iter().filter(is_actual).count() - usize::from(!awaits_preflight);
    let (preflight_response, response, place) = match hop.checked_sub(1) {
        None => (&visit.preflight_response, &visit.response, field.to_owned()),
        Some(index) => match visit.hops.get(index) {
            Some(hop) => (&hop.preflight_response, &hop.response, format!("{field}hops[{index}].")),
            None => {
                let message =
                    format!("the redirect is followed, so that this hop is needed ({} given)", visit.hops.len());
                return Err(fault(&format!("{field}hops[{index}]"), message));
            }
        },
    };
    let (answer, name, why) = if awaits_preflight {
        (preflight_response, "preflight_response", "the browser sends a preflight")
    } else {
        (response, "response", "the browser sends the request")
    };
    let place = format!("{place}{name}");
    let answer = answer.as_ref().ok_or_else(|| fault(&place, format!("{why}, so that this answer is needed")))?;
    if answer.status > 999 {
        return Err(fault(&format!("{place}.status"), format!("{} is no status: 0 to 999", answer.status)));
    }
    Ok(Response { status: answer.status, headers: answer.headers.clone(), body: Vec::new() })
}

fn fault(field: &str, message: String) -> InputError {
    InputError { file: None, line: None, field: field.to_owned(), message }
}
