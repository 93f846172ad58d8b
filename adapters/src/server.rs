//! A server under test, and what it is observed to do.

use cors_reference::{request::WireRequest, response::Response};

use crate::catch;

/// A server under test. It answers several requests, because state that leaks between requests shows only that way.
pub trait Server {
    /// Answers one request. The call may panic; the caller catches the panic.
    ///
    /// # Errors
    ///
    /// Returns the reason why there is no answer, such as header bytes that the framework's types refuse.
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure>;

    /// Returns the number of calls of the handler since the previous call of this method.
    fn take_handler_calls(&mut self) -> u32;

    /// Returns the warnings that the middleware gave about its policy when it was built.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What was observed of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The answer, or the reason why there is none.
    pub result: Result<Response, Failure>,
    /// The number of calls of the handler.
    pub handler_calls: u32,
}

/// The reason why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server panicked with this message.
    Panicked(String),
    /// The framework's types cannot hold the request or the response.
    NotRepresentable(String),
    /// The program that runs the server has ended.
    Ended(String),
    /// The answer did not arrive in time, or has no end.
    Hung(String),
    /// The answer is not valid HTTP.
    Malformed(String),
}

impl From<NotRepresentable> for Failure {
    fn from(NotRepresentable(reason): NotRepresentable) -> Self {
        Self::NotRepresentable(reason)
    }
}

/// The reason why a framework's types cannot hold a request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRepresentable(pub String);

/// Converts an error of a framework's own types.
#[allow(dead_code, reason = "some features need no conversion")]
pub(crate) fn not_representable(error: impl std::fmt::Display) -> NotRepresentable {
    NotRepresentable(error.to_string())
}

/// Sends one request to a server. A panic is part of the observation.
pub fn observe(server: &mut dyn Server, request: &WireRequest) -> Observation {
    let result = match catch::quietly(|| server.answer(request)) {
        Ok(answered) => answered,
        Err(message) => Err(Failure::Panicked(message)),
    };
    Observation { result, handler_calls: server.take_handler_calls() }
}
