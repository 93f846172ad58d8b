//! Reports to write and to read.

use cors_conformance::self_check::registry;
use cors_conformance::{
    case::vectors::{Vector, built_in},
    suite::{AdapterReport, Report, run_adapter},
};

/// The vectors of these topics, in the order of a run.
pub(crate) fn vectors(topics: &[&str]) -> Vec<Vector> {
    let mut vectors = built_in().vectors;
    vectors.retain(|vector| topics.iter().any(|topic| vector.id.split('/').next() == Some(*topic)));
    vectors.sort_by(|one, other| one.id.cmp(&other.id));
    vectors
}

/// What came of one middleware on vectors.
pub(crate) fn row(adapter: &str, vectors: &[Vector]) -> AdapterReport {
    run_adapter(registry::named(adapter).unwrap(), vectors, |_| true)
}

/// A server that is right and two that are not.
pub(crate) fn report() -> Report {
    let vectors = vectors(&["near-miss-origins", "plain-requests", "policies"]);
    let adapters = ["reference", "unescaped-dot", "reflects-any-origin"];
    Report { schema: 1, adapters: adapters.map(|name| row(name, &vectors)).into() }
}
