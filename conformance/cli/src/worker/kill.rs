//! Mutants that must run in a worker, because they end or block their process.

use std::{collections::BTreeMap, io, time::Duration};

use cors_conformance::{
    case::vectors::Vector,
    self_check::{kill_matrix::Kill, mutants::Mutant},
};

use super::watchdog::{Subject, Watchdog};

/// The vector for these mutants: it sends many header names, and a growing number of them.
const VECTOR: &str = "growth/many-names";

/// The time limit for a case.
const LIMIT: Duration = Duration::from_secs(5);

/// Runs a mutant in a worker and returns the rules that catch it.
///
/// # Errors
///
/// Returns an error if the worker cannot be started or breaks the protocol.
pub(crate) fn kill_in_worker(mutant: &'static Mutant, vectors: &[Vector]) -> io::Result<Kill> {
    let vectors: Vec<Vector> = vectors.iter().filter(|vector| vector.id == VECTOR).cloned().collect();
    let report = Watchdog { subject: Subject::BuiltIn(mutant), rules: &[], limit: LIMIT }.run(&vectors, || {})?;
    let mut kill = Kill { mutant, caught: BTreeMap::new() };
    kill.add(report.divergences);
    Ok(kill)
}
