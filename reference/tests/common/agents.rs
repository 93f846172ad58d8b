//! Agents with and without a deviation, and traces of their fetches.
//!
//! A trace has one line per request, such as `OPTIONS b/1 from own for PUT with x-a`, and one line for the outcome.
//! Hosts are abbreviated: `own` is the page's origin, and `b` is `https://b.example`.

use std::fmt::Debug;

use cors_reference::{
    agent::{AGENTS, Agent, Deviation, KnownDeviation, STANDARD},
    fetch::{Browser, RequestKind},
    request::{CredentialsMode, RequestInit, WireRequest},
    response::Response,
};

use super::{PAGE, Run, drive, get, headers, init, response};

/// Returns the standard with these deviations.
pub fn with_deviations(deviations: &[Deviation]) -> Agent {
    let rows = deviations.iter().map(|deviation| KnownDeviation::new(*deviation, "a test"));
    let mut agent = STANDARD;
    agent.table = Vec::leak(rows.collect());
    agent
}

/// Asserts the result of the standard, and of the standard with one deviation. Asserts that the result of the standard
/// returns when the deviation is left out again.
#[track_caller]
pub fn assert_effect_on_standard<T: PartialEq + Debug>(
    deviation: Deviation,
    observe: impl Fn(Agent) -> T,
    standard: T,
    deviating: T,
) {
    assert_eq!(observe(STANDARD), standard, "the standard");
    assert_eq!(observe(with_deviations(&[deviation])), deviating, "{deviation:?}");
    assert_eq!(observe(with_deviations(&[deviation]).without(deviation)), standard, "without {deviation:?}");
}

/// Asserts the same as [`assert_effect_on_standard`], and that each agent with the deviation has the deviating result
/// because of it.
#[track_caller]
pub fn assert_effect<T: PartialEq + Debug>(
    deviation: Deviation,
    observe: impl Fn(Agent) -> T,
    standard: T,
    deviating: T,
) {
    let agents: Vec<_> = AGENTS.iter().filter(|agent| agent.has(deviation)).collect();
    assert!(!agents.is_empty(), "no agent has {deviation:?}");
    for agent in agents {
        assert_eq!(observe(*agent), deviating, "{}", agent.name);
        assert_eq!(observe(agent.without(deviation)), standard, "{} without {deviation:?}", agent.name);
    }
    assert_effect_on_standard(deviation, observe, standard, deviating);
}

/// Returns the input of `fetch()` with a method and headers.
pub fn init_with(method: &str, pairs: &[(&str, &str)]) -> RequestInit {
    RequestInit { headers: headers(pairs), ..init(method) }
}

/// Returns the input of `fetch()` with credentials mode `include`.
pub fn with_credentials(init: RequestInit) -> RequestInit {
    RequestInit { credentials: CredentialsMode::Include, ..init }
}

/// Expands an abbreviated URL such as `own/1` or `b/2`. Returns any other text as it is.
pub fn expand(short: &str) -> String {
    let is_short = |host: &&str| ["own", "b", "c"].contains(host);
    match short.split_once('/').filter(|(host, _)| is_short(host)) {
        Some((host, path)) => format!("https://{}.example/{path}", host.replace("own", "app")),
        None => short.to_owned(),
    }
}

/// Returns a redirect to an abbreviated or full URL.
pub fn redirect_to(status: u16, location: &str) -> Response {
    response(status, &[("Location", &expand(location))])
}

/// Returns a redirect with these lines of `Location`.
pub fn redirect_with(status: u16, locations: &[&str]) -> Response {
    response(status, &locations.iter().map(|location| ("Location", *location)).collect::<Vec<_>>())
}

/// A server that permits every page to read its responses, and grants `PUT`, `DELETE` and `PATCH` in preflights. It
/// sends `answers` in order to the other requests, and then 200.
pub struct Server {
    pub answers: Vec<Response>,
    /// The value of `Access-Control-Allow-Headers`.
    pub names: &'static str,
    /// The value of `Access-Control-Max-Age`.
    pub max_age: &'static str,
}

impl Server {
    pub fn new(answers: &[Response]) -> Self {
        Self { answers: answers.to_vec(), names: "x-a, x-b, authorization, content-type", max_age: "60" }
    }

    /// Returns the trace of a fetch in this browser.
    pub fn trace(&self, browser: &mut Browser<Agent>, at: &str, init: &RequestInit) -> Vec<String> {
        let mut answers = self.answers.iter().cloned();
        let run = drive(browser, PAGE, &expand(at), init, 0, |sent| {
            let is_preflight = sent.is_cors_preflight();
            let answer = match is_preflight {
                true => Response::new(204)
                    .with("Access-Control-Allow-Methods", "PUT, DELETE, PATCH")
                    .with("Access-Control-Allow-Headers", self.names)
                    .with("Access-Control-Max-Age", self.max_age),
                false => answers.next().unwrap_or(Response::new(200)),
            };
            let origin = get(&sent.headers, "Origin").unwrap_or("*".to_owned());
            answer.with("Access-Control-Allow-Origin", &origin).with("Access-Control-Allow-Credentials", "true")
        });
        trace(&run)
    }
}

/// Returns the trace of a fetch in a new browser.
pub fn fetch_trace(agent: Agent, at: &str, init: &RequestInit, answers: &[Response]) -> Vec<String> {
    Server::new(answers).trace(&mut Browser::new(agent), at, init)
}

/// Returns the last line of the trace: the outcome.
pub fn last_line(agent: Agent, at: &str, init: &RequestInit, answers: &[Response]) -> String {
    fetch_trace(agent, at, init, answers).pop().unwrap()
}

/// Returns the trace of a run.
pub fn trace(run: &Run) -> Vec<String> {
    let outcome = match run.outcome.status {
        Some(status) => format!("{:?} {status} by {}", run.verdict(), run.reason()),
        None => format!("{:?} by {}", run.verdict(), run.reason()),
    };
    run.sent.iter().map(|(kind, request)| line(*kind, request)).chain([outcome]).collect()
}

fn line(kind: RequestKind, request: &WireRequest) -> String {
    assert_eq!(kind == RequestKind::Preflight, request.is_cors_preflight());
    let mut line = format!("{} {}", request.method, request.url);
    for (word, name) in
        [("from", "Origin"), ("for", "Access-Control-Request-Method"), ("with", "Access-Control-Request-Headers")]
    {
        if let Some(value) = get(&request.headers, name) {
            line += &format!(" {word} {value}");
        }
    }
    line.replace("https://app.example", "own").replace("https://", "").replace(".example", "")
}

/// A fetch: its time in milliseconds, its input, and the response to each of its requests.
pub type Visit<'a> = (u64, &'a RequestInit, &'a Response);

/// Returns true if the last of these fetches in one browser sends a preflight. All fetch the same URL.
pub fn last_is_preflighted(agent: Agent, page: &str, visits: &[Visit<'_>]) -> bool {
    let mut browser = Browser::new(agent);
    let runs = visits.iter().map(|(at, init, answer)| {
        drive(&mut browser, page, "https://b.example/", init, *at, |_| (*answer).clone()).preflighted()
    });
    runs.last().unwrap()
}

/// Returns a response that permits [`PAGE`] to read it, even with credentials, and grants methods and header names.
pub fn grant(methods: &str, names: &str, max_age: &str) -> Response {
    grant_to(PAGE, methods, names, max_age)
}

/// Returns the same response for another page.
pub fn grant_to(page: &str, methods: &str, names: &str, max_age: &str) -> Response {
    Response::new(204)
        .with("Access-Control-Allow-Origin", page)
        .with("Access-Control-Allow-Credentials", "true")
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", names)
        .with("Access-Control-Max-Age", max_age)
}
