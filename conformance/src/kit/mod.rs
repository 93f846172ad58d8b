//! The suite as tests in the crate of a middleware.
//!
//! Each vector is one test of a test target without the default harness:
//!
//! ```toml
//! [[test]]
//! name = "cors"
//! harness = false
//! ```
//!
//! ```no_run
//! # #[cfg(feature = "tower")] {
//! # use tower_layer::Identity as MyLayer;
//! use cors_conformance::kit::{self, NoServer, Policy};
//!
//! fn layer(policy: &Policy) -> Result<MyLayer, NoServer> {
//!     if policy.private_network {
//!         return Err(NoServer::Unsupported("private network access is not supported".to_owned()));
//!     }
//!     // Configure the middleware for the policy as a careful user would.
//!     Ok(MyLayer::new())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     kit::main(kit::layer("my-layer", layer))
//! }
//! # }
//! ```
//!
//! The name of a test is the id of its vector, so `cargo test --test cors near-miss` runs the vectors of one topic. Three
//! more tests follow:
//!
//! - `smoke` checks that the middleware serves the simplest policy.
//! - `campaign` searches generated cases for divergences that no vector shows.
//! - `baseline` checks that every entry of the baseline still matches a divergence.
//!
//! A test is ignored, with the reason, if the middleware does not support the policy or refuses it.
//!
//! A middleware that is not a tower layer implements [`Middleware`] and [`Server`].

mod message;
mod results;
mod runner;
mod settings;
#[cfg(test)]
mod tests;
mod trials;
mod watched;

#[cfg(feature = "tower")]
pub use cors_adapters::tower::{Application, Body, Tower, layer, service};
pub use cors_adapters::{
    Description, Failure, Middleware, NoServer, NotRepresentable, Server,
    handler::{Failing, Handler, Route, ScriptedHandler},
};
pub use cors_policy::{
    AllowList, Method, Policy,
    capability::{Capability, Support},
    origin_set::OriginPattern,
};
pub use cors_reference::{
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
    request::WireRequest,
    response::Response,
};

pub use runner::{Kit, main};
