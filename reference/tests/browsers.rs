//! What the standard says, and what Chromium 156, Firefox 153 and WebKitGTK 2.50 did, on some of the cases of
//! `cors-conformance browsers` (`data/browsers.jsonl`): a few for each row of an agent's table, and a few of each
//! group in which no browser deviates. A browser is left out of a line where it did as the standard says.

use cors_reference::{
    agent::{AGENTS, Agent, Deviation},
    fetch::{Browser, Fetch, Next, RequestKind, Verdict},
    header::{HeaderName, HeaderValue, isomorphic_encode},
    header_list::HeaderList,
    origin::Origin,
    request::{RequestInit, WireRequest},
    response::Response,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    visits: Vec<Visit>,
    standard: Vec<Seen>,
    chromium: Option<Vec<Seen>>,
    firefox: Option<Vec<Seen>>,
    webkit: Option<Vec<Seen>>,
}

#[derive(Deserialize)]
struct Visit {
    #[serde(default)]
    after_ms: u64,
    page_origin: Origin,
    url: String,
    request: RequestInit,
    #[serde(flatten)]
    first: Hop,
    #[serde(default)]
    hops: Vec<Hop>,
}

#[derive(Deserialize)]
struct Hop {
    preflight_response: Option<Answer>,
    response: Option<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(HeaderName, String)>,
}

/// What a page saw of a visit, and what was sent: method, origin, and what a preflight asked for.
#[derive(Debug, PartialEq, Deserialize)]
struct Seen {
    verdict: Verdict,
    status: Option<u16>,
    readable: Vec<String>,
    requests: Vec<[Option<String>; 4]>,
}

fn lines() -> Vec<Line> {
    let lines = include_str!("data/browsers.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).expect("a line of the format above")).collect()
}

fn expected(line: &Line, agent: Agent) -> &[Seen] {
    let own = match agent.name {
        "chromium" => &line.chromium,
        "firefox" => &line.firefox,
        "webkit" => &line.webkit,
        _ => &None,
    };
    own.as_ref().unwrap_or(&line.standard)
}

fn answer(answer: Option<&Answer>) -> Response {
    let Some(answer) = answer else { return Response::new(404) };
    let value = |text: &str| HeaderValue::from_wire(&isomorphic_encode(text).expect("one character a byte"));
    let headers = answer.headers.iter().map(|(name, text)| (name.clone(), value(text)));
    Response { status: answer.status, headers: headers.collect(), body: Vec::new() }
}

fn seen(browser: &mut Browser<Agent>, visit: &Visit, now_ms: u64) -> Seen {
    let mut fetch = Fetch::start(browser, &visit.page_origin, &visit.url, &visit.request, now_ms);
    while let Next::Send(_) = fetch.next() {
        let is_preflight = fetch.sent().last().is_some_and(|(kind, _)| *kind == RequestKind::Preflight);
        let hop = match fetch.redirect_count() {
            0 => &visit.first,
            count => &visit.hops[count - 1],
        };
        let response = answer(if is_preflight { hop.preflight_response.as_ref() } else { hop.response.as_ref() });
        fetch.receive(browser, &response);
    }
    let requests = fetch.sent().iter().map(|(_, request)| sent(request)).collect();
    let outcome = fetch.into_outcome().expect("the loop ends when the fetch has");
    let mut readable: Vec<_> =
        outcome.readable_headers.to_lowercase().iter().map(|(name, _)| name.as_str().to_owned()).collect();
    readable.sort_unstable();
    readable.dedup();
    Seen { verdict: outcome.verdict, status: outcome.status, readable, requests }
}

fn sent(request: &WireRequest) -> [Option<String>; 4] {
    let get = |name| text(&request.headers, name);
    let [method, names] = ["Access-Control-Request-Method", "Access-Control-Request-Headers"].map(get);
    [Some(request.method.clone()), get("Origin"), method, names]
}

fn text(headers: &HeaderList, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned())
}

fn walked(line: &Line, agent: Agent) -> Vec<Seen> {
    let mut browser = Browser::new(agent);
    let mut now_ms = 0;
    let visits = line.visits.iter().map(|visit| {
        now_ms += visit.after_ms;
        seen(&mut browser, visit, now_ms)
    });
    visits.collect()
}

#[test]
fn every_agent_does_what_was_recorded() {
    for line in lines() {
        for agent in AGENTS {
            assert_eq!(walked(&line, *agent), expected(&line, *agent), "{} by {}", line.id, agent.name);
        }
    }
}

#[test]
fn every_row_of_a_table_decides_some_line() {
    let lines = lines();
    let idle: Vec<(&str, Deviation)> = AGENTS
        .iter()
        .flat_map(|agent| agent.table.iter().map(move |row| (agent, row.deviation)))
        .filter(|(agent, deviation)| {
            let decides = |line: &Line| walked(line, agent.without(*deviation)) != expected(line, **agent);
            !lines.iter().any(decides)
        })
        .map(|(agent, deviation)| (agent.name, deviation))
        .collect();
    assert_eq!(idle, []);
}
