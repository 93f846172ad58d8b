//! The test program: its settings and its main function.

use std::{env, process::ExitCode, sync::Arc, time::Duration};

use cors_adapters::Middleware;
use libtest_mimic::Arguments;

use super::{message, results::Results, settings::Settings, trials};

/// Runs the tests that the command line selects, with the default settings.
///
/// The exit status is that of a test program: 0, or 101 if a test failed.
pub fn main(middleware: impl Middleware + Send + 'static) -> ExitCode {
    Kit::new(middleware).main()
}

/// The tests of a middleware, and their settings.
pub struct Kit {
    settings: Settings,
}

impl Kit {
    /// Creates the tests of a middleware with the default settings.
    pub fn new(middleware: impl Middleware + Send + 'static) -> Self {
        Self { settings: Settings::new(middleware) }
    }

    /// Sets the path of the baseline file, relative to the folder of the crate. The default is `cors-baseline.json`.
    ///
    /// A missing file is an empty baseline.
    #[must_use]
    pub fn baseline(mut self, file: impl Into<String>) -> Self {
        self.settings.baseline = file.into();
        self
    }

    /// Sets the number of generated cases that the test `campaign` runs. The default is 1000.
    ///
    /// The environment variable `CORS_CASES` overrides it.
    #[must_use]
    pub fn cases(mut self, cases: u64) -> Self {
        self.settings.cases = cases;
        self
    }

    /// Sets the seed of the generated cases. The default is 1.
    ///
    /// The environment variable `CORS_SEED` overrides it.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets the time after which a case counts as hung. The default is ten seconds.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.settings.time_limit = limit;
        self
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
        let settings = self.settings;
        let (cases, seed) = (cases.unwrap_or(settings.cases), seed.unwrap_or(settings.seed));
        let settings = Settings { cases, seed, ..settings };
        let results = Arc::new(Results::new(settings, has_default_cases));
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
