//! Agents with one deviation and without it, and fetches told in lines.

use std::fmt::Debug;

use cors_reference::{
    agent::{AGENTS, Agent, Deviation, KnownDeviation, STANDARD},
    fetch::{Browser, RequestKind},
    request::{CredentialsMode, RequestInit, WireRequest},
    response::Response,
};

use super::{PAGE, Run, drive, get, headers, init, response};

/// The standard, but for these deviations.
pub fn only(deviations: &[Deviation]) -> Agent {
    let rows = deviations.iter().map(|deviation| KnownDeviation::new(*deviation, "a test"));
    let mut agent = STANDARD;
    agent.table = Vec::leak(rows.collect());
    agent
}

/// Asserts what comes of a deviation where nothing else deviates, and that without it the standard's comes back.
#[track_caller]
pub fn alone<T: PartialEq + Debug>(deviation: Deviation, what: impl Fn(Agent) -> T, standard: T, deviating: T) {
    assert_eq!(what(STANDARD), standard, "by the standard");
    assert_eq!(what(only(&[deviation])), deviating, "{deviation:?}");
    assert_eq!(what(only(&[deviation]).without(deviation)), standard, "without {deviation:?}");
}

/// The same, and that it is so with every agent whose table has the deviation, whatever else is there.
#[track_caller]
pub fn decides<T: PartialEq + Debug>(deviation: Deviation, what: impl Fn(Agent) -> T, standard: T, deviating: T) {
    let agents: Vec<_> = AGENTS.iter().filter(|agent| agent.has(deviation)).collect();
    assert!(!agents.is_empty(), "no agent has {deviation:?}");
    for agent in agents {
        assert_eq!(what(*agent), deviating, "{}", agent.name);
        assert_eq!(what(agent.without(deviation)), standard, "{} without {deviation:?}", agent.name);
    }
    alone(deviation, what, standard, deviating);
}

/// A `fetch()` init with these headers.
pub fn fetch(method: &str, pairs: &[(&str, &str)]) -> RequestInit {
    RequestInit { headers: headers(pairs), ..init(method) }
}

/// The same with credentials included.
pub fn include(init: RequestInit) -> RequestInit {
    RequestInit { credentials: CredentialsMode::Include, ..init }
}

/// The URL that `own/1` or `b/2` is short for; anything else is itself.
pub fn url(short: &str) -> String {
    let is_short = |host: &&str| ["own", "b", "c"].contains(host);
    match short.split_once('/').filter(|(host, _)| is_short(host)) {
        Some((host, path)) => format!("https://{}.example/{path}", host.replace("own", "app")),
        None => short.to_owned(),
    }
}

/// A redirect to there.
pub fn to(status: u16, location: &str) -> Response {
    response(status, &[("Location", &url(location))])
}

/// A redirect with these lines of `Location`, as they are.
pub fn located(status: u16, locations: &[&str]) -> Response {
    response(status, &locations.iter().map(|location| ("Location", *location)).collect::<Vec<_>>())
}

/// A server that lets every page read; its answers other than to preflights come in this order, then 200 for ever.
pub struct Server {
    pub answers: Vec<Response>,
    /// What preflights are granted: `Access-Control-Allow-Headers`. The methods are `PUT, DELETE, PATCH`.
    pub names: &'static str,
    /// `Access-Control-Max-Age`.
    pub max_age: &'static str,
}

impl Server {
    pub fn new(answers: &[Response]) -> Self {
        Self { answers: answers.to_vec(), names: "x-a, x-b, authorization, content-type", max_age: "60" }
    }

    /// A page's fetch, with the browser as it is.
    pub fn visited(&self, browser: &mut Browser<Agent>, at: &str, init: &RequestInit) -> Vec<String> {
        let mut answers = self.answers.iter().cloned();
        let run = drive(browser, PAGE, &url(at), init, 0, |sent| {
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
        told(&run)
    }
}

/// What comes of a page's fetch with those answers: [`told`].
pub fn walk(agent: Agent, at: &str, init: &RequestInit, answers: &[Response]) -> Vec<String> {
    Server::new(answers).visited(&mut Browser::new(agent), at, init)
}

/// What ends such a fetch: the last line.
pub fn end(agent: Agent, at: &str, init: &RequestInit, answers: &[Response]) -> String {
    walk(agent, at, init, answers).pop().unwrap()
}

/// A line for each request, such as `OPTIONS b/1 from own for PUT with x-a`, and one for the outcome.
pub fn told(run: &Run) -> Vec<String> {
    let ended = match run.outcome.status {
        Some(status) => format!("{:?} {status} by {}", run.verdict(), run.reason()),
        None => format!("{:?} by {}", run.verdict(), run.reason()),
    };
    run.sent.iter().map(|(kind, request)| line(*kind, request)).chain([ended]).collect()
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

/// One after the other, in one browser: the moment, the fetch, and the answer that it gets to all it sends.
pub type Visit<'a> = (u64, &'a RequestInit, &'a Response);

/// Whether the last of those fetches, of one page and URL, is preflighted.
pub fn asks(agent: Agent, page: &str, visits: &[Visit<'_>]) -> bool {
    let mut browser = Browser::new(agent);
    let runs = visits.iter().map(|(at, init, answer)| {
        drive(&mut browser, page, "https://b.example/", init, *at, |_| (*answer).clone()).preflighted()
    });
    runs.last().unwrap()
}

/// An answer that lets [`PAGE`] read, with credentials too, and grants these.
pub fn grant(methods: &str, names: &str, max_age: &str) -> Response {
    granted_to(PAGE, methods, names, max_age)
}

/// The same for a page.
pub fn granted_to(page: &str, methods: &str, names: &str, max_age: &str) -> Response {
    Response::new(204)
        .with("Access-Control-Allow-Origin", page)
        .with("Access-Control-Allow-Credentials", "true")
        .with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers", names)
        .with("Access-Control-Max-Age", max_age)
}
