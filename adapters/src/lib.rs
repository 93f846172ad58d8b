//! CORS middlewares behind two small traits: [`Middleware`] describes itself and builds, [`Server`]
//! answers one request with what was observed.
//!
//! An adapter turns a policy into exactly the configuration that a careful user of its middleware would
//! write from the documentation. It reports observations, never opinions. Each is one file and one
//! cargo feature; add one by writing that file and a line in [`registry`].

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

use std::io;

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};

#[cfg(feature = "_actix")]
mod actix_cors;
pub mod application;
#[cfg(feature = "_axum")]
mod axum_application;
#[cfg(feature = "bunner_cors_rs")]
mod bunner_cors_rs;
mod catch;
#[cfg(feature = "_http")]
mod convert;
pub mod handler;
#[cfg(feature = "_http")]
mod http_handler;
#[cfg(feature = "socket")]
mod http_server;
#[cfg(feature = "ntex-cors")]
mod ntex_cors;
#[cfg(feature = "ohkami")]
mod ohkami;
#[cfg(feature = "_unordered")]
mod ordered_headers;
#[cfg(feature = "poem")]
mod poem;
#[cfg(feature = "program")]
pub mod program;
#[cfg(feature = "rama-http")]
mod rama_http;
pub mod reference_server;
pub mod registry;
#[cfg(feature = "rocket_cors")]
mod rocket_cors;
#[cfg(feature = "rustapi-extras")]
mod rustapi_extras;
#[cfg(feature = "_salvo")]
mod salvo_cors;
#[cfg(feature = "silent")]
mod silent;
pub mod socket;
#[cfg(feature = "tide")]
mod tide;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "_axum")]
mod tower_http;
#[cfg(feature = "viz-core")]
mod viz_core;
#[cfg(feature = "warp")]
mod warp;

use handler::Handler;
use socket::Listening;

/// A row of the report: a middleware, configured in one way, before any policy is known.
pub trait Middleware: Sync {
    /// What it is.
    fn describe(&self) -> Description<'_>;

    /// Whether its configuration can say that part of a policy, by its documentation.
    fn support(&self, capability: Capability) -> Support;

    /// For a configuration that is not made from a policy, such as a default or a preset: what it is documented to
    /// serve. Every case is then run with this policy in the place of its own.
    fn fixed(&self) -> Option<Policy> {
        None
    }

    /// Builds a server for a policy that it [can say](unsupported_reason), or without one the control: the same framework and
    /// handler, and no middleware. It may panic: call it by [`build`].
    ///
    /// # Errors
    ///
    /// Why there is no server.
    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer>;

    /// Serves what [`build`](Self::build) builds behind a socket of its own, as its framework does it. It may
    /// panic: call it by [`socket::listen`].
    ///
    /// # Errors
    ///
    /// Why there is no server.
    fn listen(&self, _policy: Option<&Policy>, _handler: &Handler) -> Result<Listening, NoServer> {
        Err(NoServer::NoSocket)
    }
}

/// Why a middleware cannot say a policy; nothing where it can.
pub fn unsupported_reason(middleware: &dyn Middleware, policy: &Policy) -> Option<String> {
    if let Some(fixed) = middleware.fixed() {
        return (fixed != *policy).then(|| "the configuration is fixed, and serves one policy alone".to_owned());
    }
    Capability::ALL.into_iter().filter(|capability| capability.is_needed_by(policy)).find_map(|capability| {
        match middleware.support(capability) {
            Support::Yes(_) => None,
            Support::No(why) => Some(format!("{capability}: {why}")),
        }
    })
}

/// A server under test. It is asked several times, so that state that leaks between requests shows.
pub trait Server {
    /// Answers one request, or says why the framework cannot carry it. It may panic: call it by
    /// [`observe`].
    ///
    /// # Errors
    ///
    /// What cannot be represented, such as header bytes that the framework's types refuse.
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure>;

    /// How often the handler was called since this was last asked.
    fn take_handler_calls(&mut self) -> u32;

    /// What the middleware said of its policy as it was built, where it says such things.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description<'a> {
    /// The name given to `--adapter`: the crate's, with its line where there are several, and with `:` and the
    /// variant's where the crate offers several ways.
    pub name: &'a str,
    /// The crate that holds the middleware.
    pub package: &'a str,
    /// The crate's version.
    pub version: &'a str,
    /// How it is configured here, in a sentence.
    pub configured: &'a str,
    /// Where its source is.
    pub repository: &'a str,
    /// Where its issues are reported.
    pub issues: &'a str,
}

impl Description<'_> {
    /// Where its documentation of that version is.
    pub fn documentation(&self) -> String {
        format!("https://docs.rs/{}/{}", self.package, self.version)
    }
}

/// Why there is no server.
#[derive(Debug)]
pub enum NoServer {
    /// The middleware cannot say this policy, or its framework cannot carry what the handler answers, for this reason.
    Unsupported(String),
    /// The middleware refuses this policy, with this message: returned, panicked or failed at start.
    Rejected(String),
    /// The adapter has no socket mode, or the feature `socket` is off.
    NoSocket,
    /// The harness's own failure: no port, or no thread.
    Broken(io::Error),
}

impl From<NotRepresentable> for NoServer {
    fn from(NotRepresentable(why): NotRepresentable) -> Self {
        Self::Unsupported(format!("the framework cannot carry a message of this case: {why}"))
    }
}

impl From<io::Error> for NoServer {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// A request or response that a framework's own types cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRepresentable(pub String);

/// The framework's own complaint.
#[allow(dead_code, reason = "not every adapter has one to tell")]
pub(crate) fn not_representable(error: impl std::fmt::Display) -> NotRepresentable {
    NotRepresentable(error.to_string())
}

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
    /// The program that is the server has ended.
    Ended(String),
    /// There is no answer in time, or none that ends.
    Hung(String),
    /// The answer is no HTTP.
    Malformed(String),
}

impl From<NotRepresentable> for Failure {
    fn from(NotRepresentable(why): NotRepresentable) -> Self {
        Self::NotRepresentable(why)
    }
}

/// Builds a server; a panic is a refusal.
///
/// # Errors
///
/// Why there is no server.
pub fn build(
    middleware: &dyn Middleware,
    policy: Option<&Policy>,
    handler: &Handler,
) -> Result<Box<dyn Server>, NoServer> {
    match policy.and_then(|policy| unsupported_reason(middleware, policy)) {
        Some(why) => Err(NoServer::Unsupported(why)),
        None => catch::quietly(|| middleware.build(policy, handler)).map_err(NoServer::Rejected)?,
    }
}

/// Asks a server; a panic is an observation.
pub fn observe(server: &mut dyn Server, request: &WireRequest) -> Observation {
    let result = match catch::quietly(|| server.answer(request)) {
        Ok(answered) => answered,
        Err(message) => Err(Failure::Panicked(message)),
    };
    Observation { result, handler_calls: server.take_handler_calls() }
}
