//! Runs generated cases by number.

use std::collections::{BTreeSet, HashSet};

use cors_adapters::Middleware;
use cors_policy::capability::Capabilities;
use cors_reference::agent::STANDARD;

use super::batch::{Batch, NumberedDivergence};
use crate::{
    case::{Case, vectors::Vector},
    divergence::{Divergence, fingerprint},
    drive::{Meter, drive_watched},
    rules::evaluate,
    search::{
        generate::Settings,
        shrink::{reproduce, shrink},
    },
};

/// The number of raw visits in a thousand that have a growing header. Each of them takes much longer than other visits.
const GROWING: u16 = 2;

/// Runs the generated cases of one middleware and remembers the fingerprints that they showed.
pub struct CaseRunner<'m> {
    middleware: &'m dyn Middleware,
    settings: Settings,
    seed: u64,
    meter: Option<Meter>,
    known: HashSet<String>,
}

impl<'m> CaseRunner<'m> {
    /// Creates a runner for the cases under a seed.
    ///
    /// Divergences with `known` fingerprints are not reported again. Costs are measured if there is a meter.
    pub fn new(
        middleware: &'m dyn Middleware,
        seed: u64,
        known: impl IntoIterator<Item = String>,
        meter: Option<Meter>,
    ) -> Self {
        let settings = Settings { growing: GROWING, ..Settings::of(middleware) };
        Self { middleware, settings, seed, meter, known: known.into_iter().collect() }
    }

    /// Limits the generated policies to those that need only the given capabilities.
    pub fn within(mut self, capabilities: Capabilities) -> Self {
        self.settings.capabilities = capabilities;
        self
    }

    /// Returns the case with the given number.
    pub fn case(&self, number: u64) -> Option<Case> {
        self.settings.numbered(self.seed, number)
    }

    /// Runs the case with the given number, adds its results to a batch and returns the new divergences. They are not
    /// yet [shrunk](Self::shrink).
    pub fn run(&mut self, number: u64, batch: &mut Batch) -> Vec<NumberedDivergence> {
        let Some(case) = self.case(number) else { return Vec::new() };
        let result = drive_watched(self.middleware, &case, STANDARD, &mut |_, _| {}, self.meter);
        batch.statistics.add(&case, &result);
        let run = match result {
            Ok(run) => run,
            Err(not_run) => {
                batch.counts.add_not_run(&not_run, &case);
                return Vec::new();
            }
        };
        let evaluation = evaluate(&run);
        batch.counts.add_evaluated(&evaluation);
        batch.statistics.add_findings(&evaluation.findings);
        let name = self.middleware.describe().name;
        let mut shown = BTreeSet::new();
        let mut new = Vec::new();
        for (rule, finding) in &evaluation.findings {
            let fingerprint = fingerprint(name, rule, finding, &run, &case);
            if self.known.insert(fingerprint.clone()) {
                let divergence = Divergence::new(name, rule, finding, &run, &Vector::bare(case.clone()));
                new.push(NumberedDivergence { number, divergence });
            }
            shown.insert(fingerprint);
        }
        batch.count_fingerprints(shown);
        new
    }

    /// Returns the same divergence with the smallest case that shows it. Calls `before_each` before each attempt.
    pub fn shrink(&self, found: &NumberedDivergence, before_each: &mut dyn FnMut()) -> NumberedDivergence {
        let divergence = shrink(&found.divergence, &mut |case| {
            before_each();
            reproduce(self.middleware, case, &found.divergence.fingerprint, self.meter)
        });
        NumberedDivergence { number: found.number, divergence }
    }
}
