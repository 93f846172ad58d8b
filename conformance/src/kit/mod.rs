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

/// Runs the tests that the command line selects, with the default settings.
///
/// The exit status is that of a test program: 0, or 101 if a test failed.
pub fn main(middleware: impl Middleware + Send + 'static) -> ExitCode {
    Kit::new(middleware).main()
}

/// The tests of a middleware, and their settings.
pub struct Kit {
    middleware: Box<dyn Middleware + Send>,
    baseline: String,
    cases: u64,
    seed: u64,
    limit: Duration,
}

impl Kit {
    /// Creates the tests of a middleware with the default settings.
    pub fn new(middleware: impl Middleware + Send + 'static) -> Self {
        Self {
            middleware: Box::new(middleware),
            baseline: "cors-baseline.json".to_owned(),
            cases: 1_000,
            seed: 1,
            limit: Duration::from_secs(10),
        }
    }

    /// Sets the path of the baseline file, relative to the folder of the crate. The default is `cors-baseline.json`.
    ///
    /// A missing file is an empty baseline.
    #[must_use]
    pub fn baseline(self, file: impl Into<String>) -> Self {
        Self { baseline: file.into(), ..self }
    }

    /// Sets the number of generated cases that the test `campaign` runs. The default is 1000.
    ///
    /// The environment variable `CORS_CASES` overrides it.
    #[must_use]
    pub fn cases(self, cases: u64) -> Self {
        Self { cases, ..self }
    }

    /// Sets the seed of the generated cases. The default is 1.
    ///
    /// The environment variable `CORS_SEED` overrides it.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Sets the time after which a case counts as hung. The default is ten seconds.
    #[must_use]
    pub fn time_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Runs the tests that the command line selects.
    ///
    /// The exit status is that of a test program: 0, or 101 if a test failed.
    pub fn main(self) -> ExitCode {
        let mut arguments = Arguments::from_args();
        // One thread keeps the output deterministic.
        arguments.test_threads = arguments.test_threads.or(Some(1));
        let (cases, seed) = match (env_number("CORS_CASES"), env_number("CORS_SEED")) {
            (Ok(cases), Ok(seed)) => (cases, seed),
            (Err(error), _) | (_, Err(error)) => {
                eprintln!("error: {error}");
                return ExitCode::from(101);
            }
        };
        let has_default_cases = cases.is_none() && seed.is_none();
        let kit = Self { cases: cases.unwrap_or(self.cases), seed: seed.unwrap_or(self.seed), ..self };
        let results = Arc::new(Results::new(kit, has_default_cases));
        let ran = libtest_mimic::run(&arguments, trials::trials(&results));
        if !arguments.list && ran.num_passed + ran.num_failed + ran.num_ignored > 1 {
            // Standard output belongs to the tests.
            eprint!("{}", message::summary(&results));
        }
        ran.exit_code()
    }
}

/// Returns the number in an environment variable, if the variable is set.
fn env_number(variable: &str) -> Result<Option<u64>, String> {
    let Ok(text) = env::var(variable) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("{variable}={text}: expected a number from 0 to {}", u64::MAX))
}
