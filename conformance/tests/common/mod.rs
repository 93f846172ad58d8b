//! Reports for the tests of formats.

use cors_conformance::self_check::registry;
use cors_conformance::{
    case::vectors::{Vector, built_in},
    suite::{AdapterReport, Report, run_adapter},
};

/// Returns the vectors of the topics, in the order of a run.
pub(crate) fn vectors(topics: &[&str]) -> Vec<Vector> {
    let mut vectors = built_in().vectors;
    vectors.retain(|vector| topics.iter().any(|topic| vector.id.split('/').next() == Some(*topic)));
    vectors.sort_by(|one, other| one.id.cmp(&other.id));
    vectors
}

/// Runs vectors against one middleware.
pub(crate) fn row(adapter: &str, vectors: &[Vector]) -> AdapterReport {
    run_adapter(registry::named(adapter).unwrap(), vectors, |_| true)
}

/// Returns the report of a correct server and two wrong ones.
pub(crate) fn report() -> Report {
    let vectors = vectors(&["near-miss-origins", "plain-requests", "policies"]);
    let adapters = ["reference", "unescaped-dot", "reflects-any-origin"];
    Report { adapters: adapters.map(|name| row(name, &vectors)).into() }
}
