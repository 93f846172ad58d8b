//! The kit: the suite as tests of a middleware's own crate, one a vector, for a test target without a harness of its own.
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
//!         return Err(NoServer::Unsupported("it does not speak of private networks".to_owned()));
//!     }
//!     // As a careful user would write the policy for this middleware.
//!     Ok(MyLayer::new())
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     kit::main(kit::layer("my-layer", layer))
//! }
//! # }
//! ```
//!
//! Every vector is a test by its id, so that `cargo test --test cors near-miss` runs those of a topic; `smoke` asks whether
//! anything is served at all, `campaign` searches generated cases for what no vector shows, and `baseline` tells which
//! expectations no longer hold. A policy that the middleware cannot say, or refuses, is an ignored test with the reason.
//! A middleware that is no tower layer implements [`Middleware`] and [`Server`].

use std::{env, process::ExitCode, sync::Arc, time::Duration};

use libtest_mimic::Arguments;

mod message;
mod results;
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

use results::Results;

/// Runs the tests that the command line names, with every setting as by default.
pub fn main(middleware: impl Middleware + Send + 'static) -> ExitCode {
    Kit::new(middleware).main()
}

/// A middleware and how it is tested.
pub struct Kit {
    middleware: Box<dyn Middleware + Send>,
    baseline: String,
    cases: u64,
    seed: u64,
    limit: Duration,
}

impl Kit {
    /// A middleware with every setting as by default.
    pub fn new(middleware: impl Middleware + Send + 'static) -> Self {
        Self {
            middleware: Box::new(middleware),
            baseline: "cors-baseline.json".to_owned(),
            cases: 1_000,
            seed: 1,
            limit: Duration::from_secs(10),
        }
    }

    /// The file of what is expected, seen from the crate's folder; `cors-baseline.json` where nothing is said. One that
    /// is not there expects nothing.
    #[must_use]
    pub fn baseline(self, file: impl Into<String>) -> Self {
        Self { baseline: file.into(), ..self }
    }

    /// How many generated cases the test `campaign` asks; 1 000 where nothing is said. `CORS_CASES` in the environment
    /// comes before it.
    #[must_use]
    pub fn cases(self, cases: u64) -> Self {
        Self { cases, ..self }
    }

    /// The seed of those cases; 1 where nothing is said. `CORS_SEED` in the environment comes before it.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How long a case may take before it has hung; ten seconds where nothing is said.
    #[must_use]
    pub fn time_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Runs the tests that the command line names. The exit status is that of a test program: 0, or 101 where one failed.
    pub fn main(self) -> ExitCode {
        let mut arguments = Arguments::from_args();
        // One after the other, so that the same tests print the same.
        arguments.test_threads = arguments.test_threads.or(Some(1));
        let (cases, seed) = match (number_of("CORS_CASES"), number_of("CORS_SEED")) {
            (Ok(cases), Ok(seed)) => (cases, seed),
            (Err(why), _) | (_, Err(why)) => {
                eprintln!("error: {why}");
                return ExitCode::from(101);
            }
        };
        let is_usual = cases.is_none() && seed.is_none();
        let kit = Self { cases: cases.unwrap_or(self.cases), seed: seed.unwrap_or(self.seed), ..self };
        let results = Arc::new(Results::new(kit, is_usual));
        let ran = libtest_mimic::run(&arguments, trials::trials(&results));
        if !arguments.list && ran.num_passed + ran.num_failed + ran.num_ignored > 1 {
            // Standard output is the tests'.
            eprint!("{}", message::summary(&results));
        }
        ran.exit_code()
    }
}

/// A number of the environment, where it is set.
fn number_of(variable: &str) -> Result<Option<u64>, String> {
    let Ok(text) = env::var(variable) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("{variable}={text}: give a number from 0 to {}", u64::MAX))
}
