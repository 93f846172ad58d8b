//! The settings of the tests.

use std::time::Duration;

use cors_adapters::Middleware;

/// A middleware, and the settings of its tests.
pub(super) struct Settings {
    pub(super) middleware: Box<dyn Middleware + Send>,
    /// The path of the baseline file.
    pub(super) baseline: String,
    /// The number of generated cases.
    pub(super) cases: u64,
    /// The seed of the generated cases.
    pub(super) seed: u64,
    /// The time after which a case counts as hung.
    pub(super) time_limit: Duration,
}

impl Settings {
    /// Returns the default settings.
    pub(super) fn new(middleware: impl Middleware + Send + 'static) -> Self {
        Self {
            middleware: Box::new(middleware),
            baseline: "cors-baseline.json".to_owned(),
            cases: 1_000,
            seed: 1,
            time_limit: Duration::from_secs(10),
        }
    }
}
