//! Random fetches, and random responses to them.

use std::hash::{BuildHasher as _, RandomState};

use cors_reference::{
    agent::Agent,
    fetch::{Browser, Fetch, Next, RequestKind},
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
    request::{CredentialsMode, Mode, RedirectMode, RequestInit},
    response::Response,
};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::RngSeed};

use super::{API, PAGE, Run, init, origin, response};

pub type Header = (HeaderName, HeaderValue);

/// A fetch of [`PAGE`] and the responses to it.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub url: &'static str,
    pub init: RequestInit,
    /// The response to every preflight.
    pub preflight: Response,
    /// The responses to the other requests, in order. The last one answers all further requests.
    pub actual: Vec<Response>,
}

impl Scenario {
    /// Runs the fetch in a new browser.
    pub fn run(&self, agent: Agent) -> Run {
        let mut browser = Browser::new(agent);
        let mut fetch = Fetch::start(&mut browser, &origin(PAGE), self.url, &self.init, 0);
        let mut actual = 0;
        while let Next::Send(_) = fetch.next() {
            let is_preflight = matches!(fetch.sent().last(), Some((RequestKind::Preflight, _)));
            let answer = if is_preflight { &self.preflight } else { &self.actual[actual.min(self.actual.len() - 1)] };
            actual += usize::from(!is_preflight);
            fetch.receive(&mut browser, answer);
        }
        Run { sent: fetch.sent().to_vec(), outcome: fetch.into_outcome().unwrap() }
    }

    /// Returns all responses.
    pub fn answers(&mut self) -> impl Iterator<Item = &mut Response> {
        std::iter::once(&mut self.preflight).chain(&mut self.actual)
    }

    /// Returns one of the responses.
    pub fn answer(&mut self, index: prop::sample::Index) -> &mut Response {
        let all = 1 + self.actual.len();
        self.answers().nth(index.index(all)).unwrap()
    }
}

pub fn inits() -> impl Strategy<Value = RequestInit> {
    let method = select(vec!["GET", "GET", "HEAD", "POST", "PUT", "PUT", "DELETE", "patch"]);
    let sent = vec(
        select(vec![("X-A", "1"), ("x-b", "2"), ("Authorization", "Basic YTpi"), ("Content-Type", "text/html")]),
        0..3,
    );
    let credentials = select(vec![CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include]);
    let mode = prop_oneof![8 => Just(Mode::Cors), 1 => Just(Mode::NoCors), 1 => Just(Mode::SameOrigin)];
    let redirect =
        prop_oneof![4 => Just(RedirectMode::Follow), 1 => Just(RedirectMode::Error), 1 => Just(RedirectMode::Manual)];
    (method, sent, credentials, mode, redirect).prop_map(|(method, sent, credentials, mode, redirect)| RequestInit {
        headers: super::headers(&sent),
        credentials,
        mode,
        redirect,
        ..init(method)
    })
}

pub fn urls() -> impl Strategy<Value = &'static str> {
    select(vec![API, API, API, "https://app.example/own", "https://third.example/"])
}

/// Returns the likely value in six of seven cases, and one of the others in the rest.
fn mostly(likely: &'static str, others: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(likely), 1 => select(others)]
}

/// Returns responses with random headers. A header whose value is empty is left out.
fn answers(status: impl Strategy<Value = u16>) -> impl Strategy<Value = Response> {
    let allow = (
        prop_oneof![3 => Just(PAGE), 2 => Just("*"), 1 => select(vec!["", "null", "https://b.example"])],
        mostly("true", &["", "True", "false"]),
        mostly("PUT, DELETE, patch", &["", "*", "PUT", "@"]),
        mostly("x-a, X-B, Authorization, content-type", &["", "*", "*, authorization", "x a"]),
        select(vec!["", "X-Out", "*", "x-out, @"]),
        select(vec!["", "0", "600"]),
    );
    let location = mostly("https://api.example/next", &["", "/other", "https://app.example/", "https://a@b.example/"]);
    (status, allow, location).prop_map(|(status, allow, location)| {
        let (origin, credentials, methods, names, exposed, max_age) = allow;
        let pairs = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", credentials),
            ("Access-Control-Allow-Methods", methods),
            ("Access-Control-Allow-Headers", names),
            ("Access-Control-Expose-Headers", exposed),
            ("Access-Control-Max-Age", max_age),
            ("Location", location),
            ("X-Out", "out"),
            ("Content-Type", "text/plain"),
        ];
        response(status, &pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    })
}

pub fn scenarios() -> impl Strategy<Value = Scenario> {
    let preflight = answers(prop_oneof![8 => Just(204_u16), 1 => Just(404), 1 => Just(302)]);
    let redirects = vec(answers(select(vec![301_u16, 303, 307, 308, 404])), 0..2);
    let last = answers(prop_oneof![6 => Just(200_u16), 1 => Just(500), 1 => Just(302)]);
    (urls(), inits(), preflight, redirects, last).prop_map(|(url, init, preflight, mut actual, last)| {
        actual.push(last);
        Scenario { url, init, preflight, actual }
    })
}

/// Returns values of headers.
pub fn values() -> impl Strategy<Value = HeaderValue> {
    let likely = select(vec![PAGE, "*", "true", "null", "", "PUT", "x-a", "https://api.example/next", "600"]);
    let bytes = vec(any::<u8>().prop_filter("no newline", |byte| !matches!(byte, 0 | b'\n' | b'\r')), 0..12);
    prop_oneof![likely.prop_map(HeaderValue::from), bytes.prop_map(|bytes| HeaderValue::from_wire(&bytes))]
}

pub fn name(text: &str) -> HeaderName {
    text.parse().unwrap()
}

/// Inserts a header into the list at an index.
pub fn insert(list: &mut HeaderList, at: prop::sample::Index, header: Header) {
    let mut headers: Vec<Header> = list.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    headers.insert(at.index(headers.len() + 1), header);
    *list = headers.into_iter().collect();
}

/// Returns a configuration with a fixed seed, and prints the variable that replays the test with this seed.
pub fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().hash_one("seed"),
    };
    println!("replay this test with PROPTEST_RNG_SEED={seed}");
    ProptestConfig { rng_seed: RngSeed::Fixed(seed), ..config }
}
