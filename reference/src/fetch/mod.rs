//! The [fetch](https://fetch.spec.whatwg.org/#concept-fetch) that strings the algorithms together,
//! without I/O: it says which request to send next, takes the answer, and in the end says what the page
//! got.
//!
//! ```
//! use cors_reference::{fetch::{Browser, Fetch, Next, Verdict}, request::RequestInit, response::Response};
//!
//! let mut browser = Browser::default();
//! let init = RequestInit { method: "PUT".into(), ..RequestInit::default() };
//! let page = "https://app.example".parse()?;
//! let mut fetch = Fetch::start(&mut browser, &page, "https://api.example/", &init, 0);
//! let Next::Send(preflight) = fetch.next() else { panic!() };
//! assert_eq!(preflight.method, "OPTIONS");
//! fetch.receive(&mut browser, &Response::new(204).with("Access-Control-Allow-Origin", "*"));
//! let Next::Done(outcome) = fetch.next() else { panic!() };
//! assert_eq!(outcome.verdict, Verdict::NetworkError);
//! assert_eq!(outcome.step.reason(), "cors-preflight-fetch/7.5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::{
    agent::Agent,
    cross_origin_resource_policy::EmbedderPolicy,
    explain::explain,
    header_list::HeaderList,
    http_cache::Partitions,
    local_network::LocalNetwork,
    origin::Origin,
    preflight_cache::PreflightCache,
    request::{Request, RequestInit, WireRequest},
    response::Response,
    spec::Step,
};

mod main_fetch;
mod wire;

use main_fetch::{MainFetch, network_error};

/// One browser over time: its deviations and its caches.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Which browser.
    pub agent: Agent,
    /// Its CORS-preflight cache.
    pub preflight_cache: PreflightCache,
    /// Its HTTP caches.
    pub http_caches: Partitions,
    /// The embedder policy of its pages.
    pub embedder_policy: EmbedderPolicy,
    /// Where its pages and their targets are; nothing if all is public.
    pub local_network: Option<LocalNetwork>,
}

/// What the page observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// A basic or CORS filtered response.
    Readable,
    /// An opaque filtered response.
    Opaque,
    /// An opaque-redirect filtered response.
    OpaqueRedirect,
    /// A network error: `fetch()` rejects.
    NetworkError,
}

/// How a fetch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the page observed.
    pub verdict: Verdict,
    /// The step that decided: the one that returned.
    pub step: &'static Step,
    /// One sentence for a person.
    pub explanation: String,
    /// The status that the page reads: 0 where opaque, none for a network error.
    pub status: Option<u16>,
    /// Whether the page sees how long the fetch took, as
    /// [`Timing-Allow-Origin`](crate::timing_allow_origin) has it.
    pub timing_allowed: bool,
    /// The headers that the page reads, in order.
    pub readable_headers: HeaderList,
}

/// What to do next.
#[derive(Debug)]
pub enum Next<'a> {
    /// Send this request and hand its answer to [`Fetch::receive`].
    Send(&'a WireRequest),
    /// The fetch has ended.
    Done(&'a Outcome),
}

/// Which of the two requests is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// The CORS-preflight request.
    Preflight,
    /// The request itself, or what a redirect made of it.
    Actual,
}

/// A fetch under way.
#[derive(Debug, Clone)]
pub struct Fetch {
    main_fetch: MainFetch,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// This was sent for the request, and its answer is awaited.
    Awaiting(Box<(Request, RequestKind, WireRequest)>),
    /// The fetch has ended.
    Done(Box<Outcome>),
}

impl Fetch {
    /// Starts `fetch(url, init)` in a page of that origin. `now_ms` is the time for this fetch's whole
    /// length, in milliseconds since any moment that is the same for all fetches of the browser.
    pub fn start(browser: &mut Browser, page: &Origin, url: &str, init: &RequestInit, now_ms: u64) -> Self {
        match Request::by(browser.agent, page, url, init) {
            Ok(request) => Self::of(browser, request, now_ms),
            Err(thrown) => {
                let outcome = network_error(thrown.0, explain(thrown.0, None, None));
                Self { main_fetch: MainFetch::new(now_ms), state: State::Done(Box::new(outcome)) }
            }
        }
    }

    /// Starts the fetch of a request that a page of this browser made.
    pub fn of(browser: &mut Browser, request: Request, now_ms: u64) -> Self {
        let mut main_fetch = MainFetch::new(now_ms);
        let state = main_fetch.run(browser, request);
        Self { main_fetch, state }
    }

    /// What to do next. It stays the same until an answer is received.
    pub fn next(&self) -> Next<'_> {
        match &self.state {
            State::Awaiting(awaiting) => Next::Send(&awaiting.2),
            State::Done(outcome) => Next::Done(outcome),
        }
    }

    /// Every request so far, in order, preflights included.
    pub fn sent(&self) -> &[(RequestKind, WireRequest)] {
        &self.main_fetch.sent
    }

    /// How many redirects were followed so far, those out of the HTTP cache included.
    pub fn redirect_count(&self) -> usize {
        self.main_fetch.redirect_count
    }

    /// The outcome, once the fetch has ended.
    pub fn into_outcome(self) -> Option<Outcome> {
        match self.state {
            State::Awaiting(_) => None,
            State::Done(outcome) => Some(*outcome),
        }
    }

    /// Takes the answer to the request that was sent last. Once the fetch has ended, nothing happens.
    pub fn receive(&mut self, browser: &mut Browser, response: &Response) {
        if let State::Awaiting(awaiting) = &self.state {
            let (request, kind) = (awaiting.0.clone(), awaiting.1);
            self.state = self.main_fetch.receive(browser, request, kind, response);
        }
    }
}
