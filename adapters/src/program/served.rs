//! A server of a program, and how often its handler was called.

use std::time::Duration;

use cors_reference::{request::WireRequest, response::Response};

use super::{
    Side,
    client::{NoAnswer, to_bytes},
    lock,
    script::is_framing_header,
};
use crate::{
    Failure, NoServer, NotRepresentable, Server,
    handler::{Failing, Handler, Route},
    ordered_headers::with_ordered_headers,
};

/// What the handler adds to its answers.
const CALLED: &str = "X-Conformance-Handler";

/// How long a process may take to end once nobody listens any more.
const ENDS: Duration = Duration::from_secs(1);

/// A server, asked by one script.
pub(super) struct Served {
    side: Side,
    /// Which of the servers of its process it is.
    number: u64,
    path: String,
    warnings: Vec<String>,
    /// How often its handler was called, as far as that is known. A middleware may keep the question from being
    /// answered; then what the answers show counts.
    counted: Option<u64>,
    /// How often it was called since that was last asked.
    calls: u32,
    /// For a control, whether its handler is called by every request.
    is_always_called: bool,
}

impl Served {
    /// The server that one side was asked for last.
    pub(super) fn connect(side: Side, path: String, warnings: Vec<String>) -> Result<Self, NoServer> {
        let number = lock(&side).as_ref().map_or(0, |running| running.asked);
        let mut server = Self { side, number, path, warnings, counted: None, calls: 0, is_always_called: false };
        match server.ask_calls() {
            Ok(counted) => server.counted = counted,
            Err(Failure::Ended(why)) => return Err(NoServer::broken(why)),
            Err(Failure::Hung(why)) => return Err(NoServer::broken(format!("GET /calls: {why}"))),
            // Whether that harms a page is for the rules to judge.
            Err(_) => {}
        }
        Ok(server)
    }

    /// Holds the server to what a control is.
    pub(super) fn is_control_of(&mut self, handler: &Handler) -> Result<(), NoServer> {
        if self.counted.is_none() {
            return Err(NoServer::broken("the control does not answer GET /calls by a number"));
        }
        self.is_always_called = handler.route == Route::Every && handler.fail != Some(Failing::InnerMiddleware);
        Ok(())
    }

    /// How often the handler was called so far; nothing where that is not told.
    fn ask_calls(&mut self) -> Result<Option<u64>, Failure> {
        let response = self.send(b"GET /calls HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET")?;
        let number = str::from_utf8(&response.body).ok().and_then(|body| body.trim().parse().ok());
        Ok(number.filter(|_| response.status == 200))
    }

    /// Counts the calls of one request.
    fn count(&mut self, is_shown: bool) -> Result<(), Failure> {
        let calls = match (is_shown, self.counted) {
            // The answer shows it, so that no other request need come between this one and the next.
            (true, _) => 1,
            (false, None) => 0,
            (false, Some(before)) => self.ask_calls()?.map_or(0, |now| now.saturating_sub(before)),
        };
        self.calls += u32::try_from(calls).unwrap_or(u32::MAX);
        self.counted = self.counted.map(|before| before + calls);
        Ok(())
    }

    fn send(&self, bytes: &[u8], method: &str) -> Result<Response, Failure> {
        let mut slot = lock(&self.side);
        let running = slot.as_mut().filter(|running| running.asked == self.number);
        let Some((client, process)) = running.and_then(|it| Some((it.client.as_mut()?, &mut it.process))) else {
            return Err(Failure::Ended("another server has taken its place".to_owned()));
        };
        let address = client.address();
        let mut refused = |error| {
            let how = process.wait(ENDS);
            Failure::Ended(how.unwrap_or_else(|| format!("nobody listens on {address}: {error}")))
        };
        match client.send(bytes, method) {
            Ok(response) => Ok(response),
            Err(NoAnswer::Refused(error)) => Err(refused(error)),
            // A handler that panics may end the connection, or the process.
            Err(NoAnswer::Nothing) => Err(match client.connect() {
                Ok(_) => Failure::Panicked("the connection ends without an answer".to_owned()),
                Err(error) => refused(error),
            }),
            Err(NoAnswer::Failed(failure)) => {
                if matches!(failure, Failure::Hung(_)) {
                    // It can't be told to stop what it does.
                    *slot = None;
                }
                Err(failure)
            }
        }
    }
}

impl Server for Served {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let bytes = to_bytes(request, &self.path)?;
        let mut response = match self.send(&bytes, &request.method) {
            Ok(response) => response,
            Err(failure) => {
                if matches!(failure, Failure::Panicked(_)) {
                    self.count(false)?;
                    // It may have been sent twice, the first time over a connection that was kept.
                    self.calls = self.calls.min(1);
                }
                return Err(failure);
            }
        };
        self.count(response.headers.contains(CALLED))?;
        if self.is_always_called && self.calls == 0 {
            let why = format!("the server itself answers {}, and does not call its application", response.status);
            return Err(NotRepresentable(why).into());
        }
        let is_its = |name: &str| !is_framing_header(name) && !name.eq_ignore_ascii_case(CALLED);
        let headers = response.headers.iter().filter(|(name, _)| is_its(name.as_str()));
        response.headers = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
        // Some frameworks keep what they list in hash sets.
        Ok(with_ordered_headers(response))
    }

    fn take_handler_calls(&mut self) -> u32 {
        std::mem::take(&mut self.calls)
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }
}
