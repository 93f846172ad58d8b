//! Helpers of the tests: a page, its browser, and a server with fixed responses.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

pub mod agents;
pub mod caching;
pub mod scenario;
pub mod world;

use cors_reference::{
    fetch::{Browser, Fetch, Next, Outcome, RequestKind, Verdict},
    header::HeaderValue,
    header_list::HeaderList,
    origin::Origin,
    request::{Mode, Request, RequestInit, WireRequest},
    response::Response,
    user_agent::UserAgent,
};

pub const PAGE: &str = "https://app.example";
pub const API: &str = "https://api.example/data";

pub fn origin(text: &str) -> Origin {
    text.parse().unwrap()
}

pub fn init(method: &str) -> RequestInit {
    RequestInit { method: method.to_owned(), ..RequestInit::default() }
}

pub fn with_mode(mode: Mode) -> RequestInit {
    RequestInit { mode, ..RequestInit::default() }
}

/// Returns a header list that keeps the casing of each name.
pub fn headers(pairs: &[(&str, &str)]) -> HeaderList {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from(*value))).collect()
}

pub fn response(status: u16, pairs: &[(&str, &str)]) -> Response {
    Response { headers: headers(pairs), ..Response::new(status) }
}

pub fn request_of(page: &str, url: &str, init: &RequestInit) -> Request {
    Request::new(&origin(page), url, init).unwrap()
}

/// Returns a request of [`PAGE`] to [`API`].
pub fn request(init: &RequestInit) -> Request {
    request_of(PAGE, API, init)
}

/// Returns the joined values of a header as text.
pub fn get(list: &HeaderList, name: &str) -> Option<String> {
    list.get(name).map(|value| String::from_utf8(value.to_vec()).unwrap())
}

/// The requests and the outcome of a fetch.
pub struct Run {
    pub sent: Vec<(RequestKind, WireRequest)>,
    pub outcome: Outcome,
}

impl Run {
    pub fn verdict(&self) -> Verdict {
        self.outcome.verdict
    }

    pub fn reason(&self) -> String {
        self.outcome.step.reason()
    }

    /// Returns the requests in order, as `METHOD URL`.
    pub fn lines(&self) -> Vec<String> {
        self.sent.iter().map(|(_, request)| format!("{} {}", request.method, request.url)).collect()
    }

    /// Returns the value of a header in each request, in order.
    pub fn each(&self, name: &str) -> Vec<Option<String>> {
        self.sent.iter().map(|(_, request)| get(&request.headers, name)).collect()
    }

    /// Returns true if a preflight was sent.
    pub fn preflighted(&self) -> bool {
        self.sent.iter().any(|(kind, _)| *kind == RequestKind::Preflight)
    }
}

/// Runs `fetch(url, init)` in a page. `answer` returns the server's response to each request.
pub fn drive<U: UserAgent>(
    browser: &mut Browser<U>,
    page: &str,
    url: &str,
    init: &RequestInit,
    now_ms: u64,
    mut answer: impl FnMut(&WireRequest) -> Response,
) -> Run {
    let mut fetch = Fetch::start(browser, &origin(page), url, init, now_ms);
    while let Next::Send(request) = fetch.next() {
        let response = answer(request);
        fetch.receive(browser, &response);
    }
    Run { sent: fetch.sent().to_vec(), outcome: fetch.into_outcome().unwrap() }
}

/// Runs `fetch(url, init)` in a page of a new browser. The fetch must send one request per answer.
#[track_caller]
pub fn run(page: &str, url: &str, init: &RequestInit, answers: &[Response]) -> Run {
    let mut answers = answers.iter().cloned();
    let run = drive(&mut Browser::default(), page, url, init, 0, |request| {
        answers.next().unwrap_or_else(|| panic!("no answer is left for {request:?}"))
    });
    assert_eq!(answers.len(), 0, "some answers were not used");
    run
}
