//! A fetch under way.

use super::{
    browser::Browser,
    http_fetch::{receive, receive_preflight},
    main_fetch::{finish, main_fetch},
    outcome::{Outcome, RequestKind},
    params::{FetchParams, Progress},
};
use crate::{
    explain::explain,
    origin::Origin,
    request::{Request, RequestInit, WireRequest},
    response::Response,
    user_agent::{Standard, UserAgent},
};

/// The next action of the caller.
#[derive(Debug)]
pub enum Next<'a> {
    /// Send this request and pass its response to [`Fetch::receive`].
    Send(&'a WireRequest),
    /// Nothing. The fetch has ended.
    Done(&'a Outcome),
}

/// A fetch under way.
#[derive(Debug, Clone)]
pub struct Fetch<U: UserAgent = Standard> {
    sent: Vec<(RequestKind, WireRequest)>,
    redirect_count: usize,
    state: State<U::Memory>,
}

#[derive(Debug, Clone)]
enum State<M> {
    /// The response to this request is awaited. It is the request that was sent last.
    Awaiting(Box<(FetchParams<M>, RequestKind, WireRequest)>),
    /// The fetch has ended.
    Done(Box<Outcome>),
}

impl<U: UserAgent> Fetch<U> {
    /// Starts `fetch(url, init)` in a page of that origin. `now_ms` is the time during the whole fetch, in milliseconds
    /// since a moment that is the same for all fetches of the browser.
    pub fn start(browser: &mut Browser<U>, page: &Origin, url: &str, init: &RequestInit, now_ms: u64) -> Self {
        match Request::by(&browser.agent, page, url, init) {
            Ok(request) => Self::of(browser, request, now_ms),
            Err(thrown) => {
                let outcome = Outcome::network_error(thrown.0, explain(thrown.0, None, None));
                Self { sent: Vec::new(), redirect_count: 0, state: State::Done(Box::new(outcome)) }
            }
        }
    }

    /// Starts the [fetch](https://fetch.spec.whatwg.org/#concept-fetch) of a request that a page of this browser made.
    pub fn of(browser: &mut Browser<U>, request: Request, now_ms: u64) -> Self {
        // 1–7. Not modelled: early hints, tasks and timing info. They have no effect on what a page reads.
        // 8. Let fetchParams be a new fetch params.
        let mut params = FetchParams { request, now_ms, made_cors_preflight: false, memory: U::Memory::default() };
        browser.agent.start(&mut params.memory, &params.request);
        // 9–10. A body is bytes here. WebDriver BiDi is not modelled.
        // 11. Not modelled: preloaded resources.
        // 12–14. Not modelled: the headers `Accept` and `Accept-Language` that the user agent appends.
        // 15–16. Not modelled: priorities and fetch groups.
        // 17. Run main fetch.
        let progress = main_fetch(browser, &mut params);
        let mut sent = Vec::new();
        let (state, redirect_count) = proceed(browser, &mut sent, params, progress);
        // 18. Return the controller.
        Self { sent, redirect_count, state }
    }

    /// Returns what the caller does next. The answer stays the same until a response is received.
    pub fn next(&self) -> Next<'_> {
        match &self.state {
            State::Awaiting(awaiting) => Next::Send(&awaiting.2),
            State::Done(outcome) => Next::Done(outcome),
        }
    }

    /// Returns all requests that were sent so far, in order, preflights included.
    pub fn sent(&self) -> &[(RequestKind, WireRequest)] {
        &self.sent
    }

    /// Returns the number of redirects that were followed so far, including those from the HTTP cache.
    pub fn redirect_count(&self) -> usize {
        self.redirect_count
    }

    /// Returns the outcome, or `None` if the fetch has not ended.
    pub fn into_outcome(self) -> Option<Outcome> {
        match self.state {
            State::Awaiting(_) => None,
            State::Done(outcome) => Some(*outcome),
        }
    }

    /// Receives the response to the request that was sent last. Does nothing if the fetch has ended.
    pub fn receive(&mut self, browser: &mut Browser<U>, response: &Response) {
        let State::Awaiting(awaiting) = &self.state else { return };
        let (mut params, kind) = (awaiting.0.clone(), awaiting.1);
        let progress = match kind {
            RequestKind::Preflight => receive_preflight(browser, &mut params, response),
            RequestKind::Actual => receive(browser, &mut params, response),
        };
        (self.state, self.redirect_count) = proceed(browser, &mut self.sent, params, progress);
    }
}

/// Runs main fetch for each redirect, until a request is sent or there is a result. Returns the state and the number of
/// redirects that were followed.
fn proceed<U: UserAgent>(
    browser: &mut Browser<U>,
    sent: &mut Vec<(RequestKind, WireRequest)>,
    mut params: FetchParams<U::Memory>,
    mut progress: Progress<'_>,
) -> (State<U::Memory>, usize) {
    let mut redirect_count = usize::from(params.request.redirect_count);
    loop {
        progress = match progress {
            Progress::MainFetch => {
                redirect_count = usize::from(params.request.redirect_count);
                main_fetch(browser, &mut params)
            }
            Progress::Send(kind, request) => {
                sent.push((kind, request.clone()));
                return (State::Awaiting(Box::new((params, kind, request))), redirect_count);
            }
            Progress::Return(returned) => {
                let last_sent = sent.last().map(|(kind, _)| *kind);
                return (State::Done(Box::new(finish(browser, &params, returned, last_sent))), redirect_count);
            }
        };
    }
}
