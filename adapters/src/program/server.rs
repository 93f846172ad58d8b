//! A server of a program, and the number of calls of its handler.

use std::time::Duration;

use cors_reference::{request::WireRequest, response::Response};

use super::{
    client::{NoAnswer, to_bytes},
    lock::lock,
    script::is_framing_header,
    side::Side,
};
use crate::{
    handler::{Failing, Handler, Route},
    middleware::NoServer,
    ordered_headers::with_ordered_headers,
    server::{Failure, NotRepresentable, Server},
};

/// The header that the handler adds to its answers.
const CALLED: &str = "X-Conformance-Handler";

/// The time in which a process must end after it stops listening.
const ENDS: Duration = Duration::from_secs(1);

/// A server whose handler follows one script.
pub(super) struct ProgramServer {
    side: Side,
    /// The number of this server among those of its process.
    number: u64,
    path: String,
    warnings: Vec<String>,
    /// The number of calls of the handler so far, if it is known. A middleware may prevent the answer to `GET /calls`.
    /// Then the header in the answers counts.
    counted: Option<u64>,
    /// The number of calls since they were last taken.
    calls: u32,
    /// True for a control whose handler is called by every request.
    is_always_called: bool,
}

impl ProgramServer {
    /// Connects to the server that a process was last asked for.
    pub(super) fn connect(side: Side, path: String, warnings: Vec<String>) -> Result<Self, NoServer> {
        let number = lock(&side).as_ref().map_or(0, |running| running.server_count);
        let mut server = Self { side, number, path, warnings, counted: None, calls: 0, is_always_called: false };
        match server.ask_calls() {
            Ok(counted) => server.counted = counted,
            Err(Failure::Ended(reason)) => return Err(NoServer::broken(reason)),
            Err(Failure::Hung(reason)) => return Err(NoServer::broken(format!("GET /calls: {reason}"))),
            // The rules judge whether other failures harm a page.
            Err(_) => {}
        }
        Ok(server)
    }

    /// Checks that the server is a control.
    pub(super) fn check_control(&mut self, handler: &Handler) -> Result<(), NoServer> {
        if self.counted.is_none() {
            return Err(NoServer::broken("the control does not answer GET /calls with a number"));
        }
        self.is_always_called = handler.route == Route::Every && handler.fail != Some(Failing::InnerMiddleware);
        Ok(())
    }

    /// Asks for the number of calls of the handler so far. Returns `None` if the answer has no number.
    fn ask_calls(&mut self) -> Result<Option<u64>, Failure> {
        let response = self.send(b"GET /calls HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET")?;
        let number = str::from_utf8(&response.body).ok().and_then(|body| body.trim().parse().ok());
        Ok(number.filter(|_| response.status == 200))
    }

    /// Counts the calls of one request.
    fn count(&mut self, is_shown: bool) -> Result<(), Failure> {
        let calls = match (is_shown, self.counted) {
            // The answer shows the call, so that no extra request has to come before the next one.
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
        let running = slot.as_mut().filter(|running| running.server_count == self.number);
        let Some((client, process)) = running.and_then(|it| Some((it.client.as_mut()?, &mut it.process))) else {
            return Err(Failure::Ended("another server has replaced it".to_owned()));
        };
        let address = client.address();
        let mut refused = |error| {
            let how = process.wait(ENDS);
            Failure::Ended(how.unwrap_or_else(|| format!("no server listens on {address}: {error}")))
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
                    // A process that hangs cannot be stopped in another way.
                    *slot = None;
                }
                Err(failure)
            }
        }
    }
}

impl Server for ProgramServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        let bytes = to_bytes(request, &self.path)?;
        let mut response = match self.send(&bytes, &request.method) {
            Ok(response) => response,
            Err(failure) => {
                if matches!(failure, Failure::Panicked(_)) {
                    self.count(false)?;
                    // The request may have been sent twice, the first time over a kept connection.
                    self.calls = self.calls.min(1);
                }
                return Err(failure);
            }
        };
        self.count(response.headers.contains(CALLED))?;
        if self.is_always_called && self.calls == 0 {
            let reason = format!("the server itself answered {} and did not call its application", response.status);
            return Err(NotRepresentable(reason).into());
        }
        let is_own = |name: &str| !is_framing_header(name) && !name.eq_ignore_ascii_case(CALLED);
        let headers = response.headers.iter().filter(|(name, _)| is_own(name.as_str()));
        response.headers = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
        // Some frameworks keep their lists in hash sets.
        Ok(with_ordered_headers(response))
    }

    fn take_handler_calls(&mut self) -> u32 {
        std::mem::take(&mut self.calls)
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }
}
