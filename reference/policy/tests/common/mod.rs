//! Policies, requests, and a server that runs in the test.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::hash::{BuildHasher, Hasher, RandomState};

use cors_policy::{
    Policy,
    server::{Answer, ModelServer},
};
use cors_reference::{
    fetch::{Browser, Fetch, Next, Outcome, RequestKind, Verdict},
    header::HeaderValue,
    header_list::HeaderList,
    request::{Request, RequestInit, WireRequest},
    response::Response,
};
use proptest::test_runner::{Config as ProptestConfig, RngSeed};

pub const PAGE: &str = "https://app.example";
pub const API: &str = "https://api.example/data";

/// Parses a policy.
pub fn policy(json: &str) -> Policy {
    serde_json::from_str(json).unwrap()
}

/// Returns a `fetch()` init with this method.
pub fn init(method: &str) -> RequestInit {
    RequestInit { method: method.to_owned(), ..RequestInit::default() }
}

/// Returns these headers. Each name keeps its own case.
pub fn headers(pairs: &[(&str, &str)]) -> HeaderList {
    pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from(*value))).collect()
}

/// Returns a response with these headers.
pub fn response(status: u16, pairs: &[(&str, &str)]) -> Response {
    Response { headers: headers(pairs), ..Response::new(status) }
}

/// Returns the request that `fetch(url, init)` creates in a page.
pub fn request_of(page: &str, url: &str, init: &RequestInit) -> Request {
    Request::new(&page.parse().unwrap(), url, init).unwrap()
}

/// Returns the joined values of a header, as text.
pub fn get(list: &HeaderList, name: &str) -> Option<String> {
    list.get(name).map(|value| String::from_utf8(value.to_vec()).unwrap())
}

/// The headers of the handler's response.
pub const HANDLER: [(&str, &str); 4] =
    [("X-A", "1"), ("X-B", "2"), ("Set-Cookie", "3"), ("Content-Type", "text/plain")];

/// Returns the response of a server and the handler behind it.
pub fn serve(server: &ModelServer, request: &WireRequest) -> Response {
    match server.answer(request) {
        Answer::Preflight(response) => response,
        Answer::Forward(cors) => {
            let mut response = response(200, &HANDLER);
            cors.apply(&mut response);
            response
        }
    }
}

/// One fetch: the requests that it sent, and its outcome.
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
}

/// Runs `fetch(API, init)` in a page. The server answers every request.
pub fn fetch(browser: &mut Browser, page: &str, init: &RequestInit, server: &ModelServer) -> Run {
    let mut fetch = Fetch::start(browser, &page.parse().unwrap(), API, init, 0);
    while let Next::Send(request) = fetch.next() {
        let response = serve(server, request);
        fetch.receive(browser, &response);
    }
    Run { sent: fetch.sent().to_vec(), outcome: fetch.into_outcome().unwrap() }
}

/// Returns a configuration for a randomised test. The test prints its seed, and `PROPTEST_RNG_SEED` replays it.
pub fn config(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(RandomState::new().build_hasher().finish());
    }
    println!("replay with PROPTEST_RNG_SEED={}", config.rng_seed);
    config
}
