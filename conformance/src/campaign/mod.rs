//! Campaigns: a search for divergences over generated cases.
//!
//! The cases of a middleware are numbered under a seed, so that the same seed and the same number of cases find the
//! same, however many middlewares are searched at once and however often the search was interrupted. Whatever is found
//! is made small at once. A [journal](journal) keeps it.

use std::collections::{BTreeMap, HashSet};

use cors_adapters::Middleware;
use serde::{Deserialize, Serialize};

use crate::{
    case::Case,
    divergence::{Divergence, fingerprint},
    drive::{Driven, Meter, Progress, drive_watched},
    generate::Settings,
    minimise::minimise,
    rules::evaluate,
    suite::{CaseReport, is_conforming_refusal, run_vector},
    vectors::Vector,
};
use cors_reference::agent::STANDARD;

pub mod journal;
mod statistics;

pub use statistics::{Counted, Statistics};

/// Of a thousand raw visits, how many have a header that grows: each costs as much as a thousand other visits.
const GROWING: u16 = 2;

/// Generated cases of one middleware, and the fingerprints that it has shown.
pub struct Search<'m> {
    middleware: &'m dyn Middleware,
    settings: Settings,
    seed: u64,
    meter: Option<Meter>,
    known: HashSet<String>,
}

/// What some numbers of a search came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// How often each fingerprint was seen, each once a case.
    pub seen: BTreeMap<String, u64>,
    /// What was asked, and what came of it.
    pub statistics: Statistics,
}

/// A divergence that no earlier case had shown, made small.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The number of the case that first showed it.
    pub number: u64,
    /// The divergence; its case is a vector.
    pub divergence: Divergence,
}

impl<'m> Search<'m> {
    /// A search under a seed; `known` are the fingerprints that were found before.
    pub fn new(
        middleware: &'m dyn Middleware,
        seed: u64,
        known: impl IntoIterator<Item = String>,
        meter: Option<Meter>,
    ) -> Self {
        let growing = if meter.is_some() { GROWING } else { 0 };
        let settings = Settings { growing, ..Settings::of(middleware) };
        Self { middleware, settings, seed, meter, known: known.into_iter().collect() }
    }

    /// The case of that number.
    pub fn case(&self, number: u64) -> Option<Case> {
        self.settings.numbered(self.seed, number)
    }

    /// Adds the case of that number to a batch, and tells what is new, each made small. `watch` is told of every request.
    pub fn run(&mut self, number: u64, batch: &mut Batch, watch: &mut dyn FnMut()) -> Vec<Found> {
        let Some(case) = self.case(number) else { return Vec::new() };
        let fingerprints = {
            let name = self.middleware.describe().name;
            let mut watch = |_, _: Progress<'_>| watch();
            let driven = drive_watched(self.middleware, &case, STANDARD, &mut watch, self.meter);
            batch.statistics.add(&case, &driven);
            match driven {
                Driven::Ran(run) => {
                    let found = evaluate(&run).findings;
                    batch.statistics.add_findings(&found);
                    let each = found.iter().map(|(rule, finding)| fingerprint(name, rule, finding, &run, &case));
                    each.collect::<HashSet<_>>()
                }
                _ => return Vec::new(),
            }
        };
        let mut new: Vec<String> = Vec::new();
        for fingerprint in fingerprints {
            if self.known.insert(fingerprint.clone()) {
                new.push(fingerprint.clone());
            }
            *batch.seen.entry(fingerprint).or_default() += 1;
        }
        new.sort_unstable();
        new.into_iter().filter_map(|fingerprint| self.small(number, &case, &fingerprint)).collect()
    }

    fn small(&self, number: u64, case: &Case, fingerprint: &str) -> Option<Found> {
        let divergence = smallest(self.middleware, case, fingerprint, self.meter)?;
        Some(Found { number, divergence })
    }
}

/// The smallest case that shows a fingerprint, with what happens there; nothing where the case does not show it.
pub fn smallest(
    middleware: &dyn Middleware,
    case: &Case,
    fingerprint: &str,
    meter: Option<Meter>,
) -> Option<Divergence> {
    let shows = |case: &Case| divergences(middleware, case, meter).into_iter().find(|found| found.fingerprint == fingerprint);
    let small = minimise(case, &mut |case| shows(case).is_some());
    let found = shows(&small)?;
    let vector = Vector::found(&found, small);
    Some(Divergence { case: vector, ..found })
}

/// What a case shows of a middleware.
pub fn divergences(middleware: &dyn Middleware, case: &Case, meter: Option<Meter>) -> Vec<Divergence> {
    let vector = Vector::bare(case.clone());
    match run_vector(middleware, &vector, |_| true, &mut |_, _| {}, meter) {
        CaseReport::Diverge(found) => found,
        _ => Vec::new(),
    }
}
