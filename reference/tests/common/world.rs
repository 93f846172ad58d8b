//! A browser over time, and a server that grants `PUT`, `DELETE`, `X-A` and `X-B`, even with credentials.

use cors_reference::{agent::Agent, fetch::Browser, request::RequestInit, response::Response};

use super::{API, PAGE, Run, drive};

#[derive(Clone)]
pub struct World {
    pub browser: Browser<Agent>,
    /// The lines of `Access-Control-Max-Age`.
    pub max_age: &'static [&'static str],
}

impl World {
    pub fn new(max_age: &'static [&'static str]) -> Self {
        Self { browser: Browser::new(Agent::default()), max_age }
    }

    /// Returns the server's response to a page.
    pub fn answer(&self, page: &str) -> Response {
        let answer = Response::new(204)
            .with("Access-Control-Allow-Origin", page)
            .with("Access-Control-Allow-Credentials", "true")
            .with("Access-Control-Allow-Methods", "PUT, DELETE")
            .with("Access-Control-Allow-Headers", "X-A, x-b");
        self.max_age.iter().fold(answer, |answer, age| answer.with("Access-Control-Max-Age", age))
    }

    pub fn fetch(&mut self, page: &str, url: &str, init: &RequestInit, at_ms: u64) -> Run {
        let answer = self.answer(page);
        drive(&mut self.browser, page, url, init, at_ms, |_| answer.clone())
    }

    /// Runs a fetch of [`PAGE`] that the server answers with this response.
    pub fn fetch_answered(&mut self, init: &RequestInit, at_ms: u64, answer: &Response) -> Run {
        drive(&mut self.browser, PAGE, API, init, at_ms, |_| answer.clone())
    }

    /// Returns true if a fetch of [`PAGE`] at that time would send a preflight.
    pub fn asks(&self, init: &RequestInit, at_ms: u64) -> bool {
        self.clone().fetch(PAGE, API, init, at_ms).preflighted()
    }
}
