//! False alarms: findings about servers that are correct.

use cors_adapters::{Middleware, reference_server::ReferenceServer};

use crate::{
    case::{Case, vectors::Vector},
    drive::drive,
    parallel,
    rules::{Finding, Rule, Severity, evaluate},
    search::generate::Settings,
    self_check::freedoms::FREEDOMS,
};

/// A finding about a correct server.
#[derive(Debug)]
pub struct FalseAlarm {
    /// The server.
    pub server: &'static str,
    /// The number of the case under the seed.
    pub number: u64,
    /// The rule and its finding.
    pub found: (&'static Rule, Finding),
    /// The case.
    pub case: Case,
}

/// Returns the correct servers: the reference server and all freedoms.
pub fn clean_servers() -> impl Iterator<Item = &'static dyn Middleware> {
    [&ReferenceServer as &dyn Middleware].into_iter().chain(FREEDOMS.iter().map(|freedom| freedom as &dyn Middleware))
}

/// Runs a server on the first `cases` generated cases under a seed. Returns the findings above severity low in the order of
/// the cases, at most one for each case and at most ten in all.
pub fn false_alarms(server: &'static dyn Middleware, settings: &Settings, seed: u64, cases: u64) -> Vec<FalseAlarm> {
    const MOST: usize = 10;
    const AT_ONCE: u64 = 100;
    let batches: Vec<u64> = (0..cases).step_by(AT_ONCE as usize).collect();
    let of_batch = |first: &u64| {
        let numbers = *first..cases.min(first + AT_ONCE);
        numbers.filter_map(|number| false_alarm(server, settings, seed, number)).take(MOST).collect::<Vec<_>>()
    };
    parallel::map(&batches, None, of_batch).into_iter().flatten().take(MOST).collect()
}

fn false_alarm(server: &'static dyn Middleware, settings: &Settings, seed: u64, number: u64) -> Option<FalseAlarm> {
    let case = settings.numbered(seed, number)?;
    let findings = evaluate(&drive(server, &case).ok()?).findings;
    let found = findings.into_iter().find(|(_, found)| found.severity > Severity::Low)?;
    Some(FalseAlarm { server: server.describe().name, number, found, case })
}

/// Runs a server on vectors. Returns a sentence for each finding above severity low.
pub fn of_vectors(server: &'static dyn Middleware, vectors: &[Vector]) -> Vec<String> {
    let mut said = Vec::new();
    for vector in vectors {
        if let Ok(run) = drive(server, &vector.case) {
            let weighty = evaluate(&run).findings.into_iter().filter(|(_, found)| found.severity > Severity::Low);
            said.extend(weighty.map(|(rule, found)| format!("{}: {}: {}", vector.id, rule.id, found.message)));
        }
    }
    said
}
