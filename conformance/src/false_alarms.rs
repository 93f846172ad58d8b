//! False alarms: what the rules say of servers that are right, on generated cases.

use std::{num::NonZero, thread};

use cors_adapters::{Middleware, freedoms::FREEDOMS, reference_server::ReferenceServer};

use crate::{
    case::Case,
    drive::{Driven, drive},
    generate::Settings,
    rules::{Finding, Rule, Severity, evaluate},
    vectors::Vector,
};

/// Something that a rule says of a server that is right.
#[derive(Debug)]
pub struct FalseAlarm {
    /// The server.
    pub server: &'static str,
    /// The case's number under the seed.
    pub number: u64,
    /// The rule, and what it says.
    pub found: (&'static Rule, Finding),
    /// The case.
    pub case: Case,
}

/// The servers that are right: the reference server, and one for each freedom.
pub fn clean_servers() -> impl Iterator<Item = &'static dyn Middleware> {
    [&ReferenceServer as &dyn Middleware].into_iter().chain(FREEDOMS.iter().map(|freedom| freedom as &dyn Middleware))
}

/// What the rules say above severity low of a server on the generated cases of that many numbers, in order; at most
/// one a case, and at most ten.
pub fn false_alarms(server: &'static dyn Middleware, settings: Settings, seed: u64, cases: u64) -> Vec<FalseAlarm> {
    const MOST: usize = 10;
    let threads = thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let of_thread = |first: u64| {
        let numbers = (first..cases).step_by(threads as usize);
        numbers.filter_map(|number| false_alarm(server, settings, seed, number)).take(MOST).collect::<Vec<_>>()
    };
    let mut found: Vec<FalseAlarm> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || of_thread(first))).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).flatten().collect()
    });
    found.sort_by_key(|alarm| alarm.number);
    found.truncate(MOST);
    found
}

fn false_alarm(server: &'static dyn Middleware, settings: Settings, seed: u64, number: u64) -> Option<FalseAlarm> {
    let case = settings.numbered(seed, number)?;
    let found = match drive(server, &case) {
        Driven::Ran(run) => evaluate(&run).findings.into_iter().find(|(_, found)| found.severity > Severity::Low),
        _ => None,
    }?;
    Some(FalseAlarm { server: server.describe().name, number, found, case })
}

/// The same on vectors, one sentence each.
pub fn of_vectors(server: &'static dyn Middleware, vectors: &[Vector]) -> Vec<String> {
    let mut said = Vec::new();
    for vector in vectors {
        if let Driven::Ran(run) = drive(server, &vector.case) {
            let weighty = evaluate(&run).findings.into_iter().filter(|(_, found)| found.severity > Severity::Low);
            said.extend(weighty.map(|(rule, found)| format!("{}: {}: {}", vector.id, rule.id, found.message)));
        }
    }
    said
}
