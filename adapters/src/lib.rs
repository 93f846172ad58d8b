//! CORS middlewares behind two small traits: [`Middleware`] describes itself and builds, [`Server`]
//! answers one request with what was observed.
//!
//! An adapter turns a policy into exactly the configuration that a careful user of its middleware would
//! write from the documentation. It reports observations, never opinions. Each is one file and one
//! cargo feature; add one by writing that file and a line in [`registry`].

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

use cors_reference::{policy::Policy, request::WireRequest, response::Response};

#[cfg(feature = "actix-cors")]
pub mod actix_cors;
mod catch;
#[cfg(any(feature = "socket", feature = "tower-http"))]
mod convert;
pub mod freedoms;
pub mod handler;
#[cfg(feature = "socket")]
mod http_server;
pub mod mutants;
pub mod reference_server;
pub mod registry;
pub mod socket;
#[cfg(feature = "actix-cors")]
mod steady;
#[cfg(feature = "tower-http")]
pub mod tower_http;

use handler::Handler;
use socket::Listen;

/// A middleware, before any policy is known.
pub trait Middleware: Sync {
    /// What it is.
    fn describe(&self) -> Description;

    /// Builds a server for a policy, or without one the control: the same framework and handler, and no
    /// middleware. It may panic: call it by [`build`].
    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Build;

    /// Serves what [`build`](Self::build) builds behind a socket of its own, as its framework does it. It may
    /// panic: call it by [`socket::listen`].
    fn listen(&self, _policy: Option<&Policy>, _handler: &Handler) -> Listen {
        Listen::NoSocket
    }
}

/// A server under test. It is asked several times, so that state that leaks between requests shows.
pub trait Server {
    /// Answers one request, or says why the framework cannot carry it. It may panic: call it by
    /// [`observe`].
    ///
    /// # Errors
    ///
    /// What cannot be represented, such as header bytes that the framework's types refuse.
    fn answer(&mut self, request: &WireRequest) -> Result<Response, NotRepresentable>;

    /// How often the handler was called since this was last asked.
    fn take_handler_calls(&mut self) -> u32;
}

/// What a middleware is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    /// The name given to `--adapter`.
    pub name: &'static str,
    /// The crate's version.
    pub version: &'static str,
}

/// What came of building a server.
pub enum Build {
    /// It answers requests.
    Ready(Box<dyn Server>),
    /// The middleware cannot say this policy, for this reason.
    Unsupported(String),
    /// The middleware refuses this policy, with this message: returned, panicked or failed at start.
    Rejected(String),
}

/// A request or response that a framework's own types cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRepresentable(pub String);

/// What was seen of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The answer, or its failure.
    pub result: Result<Response, Failure>,
    /// How often the handler was called for it.
    pub handler_calls: u32,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server panicked, with this message.
    Panicked(String),
    /// The framework's types cannot hold the request or the response.
    NotRepresentable(String),
}

/// Builds a server; a panic is a refusal.
pub fn build(middleware: &dyn Middleware, policy: Option<&Policy>, handler: &Handler) -> Build {
    catch::quietly(|| middleware.build(policy, handler)).unwrap_or_else(Build::Rejected)
}

/// Asks a server; a panic is an observation.
pub fn observe(server: &mut dyn Server, request: &WireRequest) -> Observation {
    let result = match catch::quietly(|| server.answer(request)) {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(NotRepresentable(why))) => Err(Failure::NotRepresentable(why)),
        Err(message) => Err(Failure::Panicked(message)),
    };
    Observation { result, handler_calls: server.take_handler_calls() }
}
