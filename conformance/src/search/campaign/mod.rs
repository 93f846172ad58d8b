//! Campaigns: a search for divergences over generated cases.
//!
//! The cases of a middleware are numbered under a seed, so that the same seed and the same number of cases find the
//! same, however many middlewares are searched at once and however often the search was interrupted. Whatever is found
//! is made small at once. A [journal] keeps it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use cors_adapters::Middleware;
use cors_policy::capability::Capabilities;
use cors_reference::agent::STANDARD;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, vectors::Vector},
    divergence::{Divergence, fingerprint},
    drive::{Driven, Meter, drive_watched},
    rules::evaluate,
    search::{generate::Settings, minimise::minimise},
    suite::{CaseReport, Counts, run_vector},
};

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
    /// How many cases showed each fingerprint.
    pub seen: BTreeMap<String, u64>,
    /// Cases by outcome.
    pub counts: Counts,
    /// What was asked, and what came of it.
    pub statistics: Statistics,
}

/// A divergence that no earlier case had shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The number of the case that first showed it.
    pub number: u64,
    /// The divergence; its case is the smallest that shows it.
    pub divergence: Divergence,
}

impl Batch {
    /// Adds what others came to.
    pub fn merge(&mut self, other: &Self) {
        other.seen.iter().for_each(|(fingerprint, cases)| *self.seen.entry(fingerprint.clone()).or_default() += cases);
        self.counts.merge(&other.counts);
        self.statistics.merge(&other.statistics);
    }

    /// Counts a case that was driven elsewhere, by what it showed; no statistics are kept of it.
    pub fn count(&mut self, divergences: &[Divergence]) {
        self.counts.cases += 1;
        let outcome = if divergences.is_empty() { &mut self.counts.conform } else { &mut self.counts.diverge };
        *outcome += 1;
        let seen: BTreeSet<&String> = divergences.iter().map(|divergence| &divergence.fingerprint).collect();
        seen.into_iter().for_each(|fingerprint| *self.seen.entry(fingerprint.clone()).or_default() += 1);
    }

    /// The chance that one more case shows something new, as Good and Turing estimate it: the share of cases that showed
    /// what no other did.
    pub fn chance_of_more(&self) -> f64 {
        let once = self.seen.values().filter(|cases| **cases == 1).count();
        once as f64 / self.counts.cases.max(1) as f64
    }
}

impl<'m> Search<'m> {
    /// A search under a seed; `known` are the fingerprints that were found before. Costs are counted where there is a
    /// meter.
    pub fn new(
        middleware: &'m dyn Middleware,
        seed: u64,
        known: impl IntoIterator<Item = String>,
        meter: Option<Meter>,
    ) -> Self {
        let settings = Settings { growing: GROWING, ..Settings::of(middleware) };
        Self { middleware, settings, seed, meter, known: known.into_iter().collect() }
    }

    /// The same, of policies that need those capabilities alone.
    pub fn within(mut self, capabilities: Capabilities) -> Self {
        self.settings.capabilities = capabilities;
        self
    }

    /// The case of that number.
    pub fn case(&self, number: u64) -> Option<Case> {
        self.settings.numbered(self.seed, number)
    }

    /// Adds the case of that number to a batch, and tells what is new; not yet made small.
    pub fn run(&mut self, number: u64, batch: &mut Batch) -> Vec<Found> {
        let Some(case) = self.case(number) else { return Vec::new() };
        let driven = drive_watched(self.middleware, &case, STANDARD, &mut |_, _| {}, self.meter);
        batch.statistics.add(&case, &driven);
        let Driven::Ran(run) = driven else {
            batch.counts.add_undriven(&driven, &case);
            return Vec::new();
        };
        let evaluation = evaluate(&run);
        batch.counts.add_evaluated(&evaluation);
        batch.statistics.add_findings(&evaluation.findings);
        let name = self.middleware.describe().name;
        let mut seen = BTreeSet::new();
        let mut new = Vec::new();
        for (rule, finding) in &evaluation.findings {
            let fingerprint = fingerprint(name, rule, finding, &run, &case);
            if self.known.insert(fingerprint.clone()) {
                let divergence = Divergence::new(name, rule, finding, &run, &Vector::bare(case.clone()));
                new.push(Found { number, divergence });
            }
            seen.insert(fingerprint);
        }
        seen.into_iter().for_each(|fingerprint| *batch.seen.entry(fingerprint).or_default() += 1);
        new
    }

    /// The same, with the smallest case that shows it. `trying` is told before each try.
    pub fn small(&self, found: &Found, trying: &mut dyn FnMut()) -> Option<Found> {
        let divergence =
            smallest(self.middleware, &found.divergence.case.case, &found.divergence.fingerprint, self.meter, trying)?;
        Some(Found { number: found.number, divergence })
    }
}

/// The smallest case that shows a fingerprint, with what happens there; nothing where the case does not show it. `trying` is
/// told before each try.
pub fn smallest(
    middleware: &dyn Middleware,
    case: &Case,
    fingerprint: &str,
    meter: Option<Meter>,
    trying: &mut dyn FnMut(),
) -> Option<Divergence> {
    let small = minimise(case, &mut |case| {
        trying();
        shows(middleware, case, fingerprint, meter)
    });
    let found = divergences(middleware, &small, meter).into_iter().find(|found| found.fingerprint == fingerprint)?;
    Some(Divergence { case: found.to_vector(small), ..found })
}

/// Whether a case shows a fingerprint.
pub fn shows(middleware: &dyn Middleware, case: &Case, wanted: &str, meter: Option<Meter>) -> bool {
    let Driven::Ran(run) = drive_watched(middleware, case, STANDARD, &mut |_, _| {}, meter) else { return false };
    let name = middleware.describe().name;
    let findings = evaluate(&run).findings;
    findings.iter().any(|(rule, finding)| fingerprint(name, rule, finding, &run, case) == wanted)
}

/// What a case shows of a middleware.
pub fn divergences(middleware: &dyn Middleware, case: &Case, meter: Option<Meter>) -> Vec<Divergence> {
    match run_vector(middleware, &Vector::bare(case.clone()), |_| true, &mut |_, _| {}, meter) {
        CaseReport::Diverge(found) => found,
        _ => Vec::new(),
    }
}
