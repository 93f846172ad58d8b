//! Shrinking: the smallest case that shows a divergence.
//!
//! Campaigns, worker processes and the test kit find divergences in different ways. They all shrink them here.

use cors_adapters::Middleware;
use cors_reference::agent::STANDARD;

use crate::{
    case::{Case, vectors::Vector},
    divergence::{Divergence, fingerprint},
    drive::{Meter, drive_watched},
    rules::evaluate,
    search::minimise::minimise,
};

/// Makes the case of a divergence as small as possible while it shows the same fingerprint.
///
/// `reproduce` runs a smaller case and returns the divergence with the fingerprint of `found`, if the case shows it. The
/// result is `found` itself, with the case described as one that was found, if no smaller case shows it.
pub fn shrink(found: &Divergence, reproduce: &mut dyn FnMut(&Case) -> Option<Divergence>) -> Divergence {
    let mut smallest = found.clone();
    minimise(&found.case.case, &mut |case| match reproduce(case) {
        Some(divergence) if divergence.fingerprint == found.fingerprint => {
            smallest = divergence;
            true
        }
        _ => false,
    });
    let case = smallest.to_vector(smallest.case.case.clone());
    Divergence { case, ..smallest }
}

/// Runs a case in this process and returns the divergence with that fingerprint, if the case shows it.
pub fn reproduce(middleware: &dyn Middleware, case: &Case, wanted: &str, meter: Option<Meter>) -> Option<Divergence> {
    let Ok(run) = drive_watched(middleware, case, STANDARD, &mut |_, _| {}, meter) else { return None };
    let name = middleware.describe().name;
    let findings = evaluate(&run).findings;
    let (rule, finding) =
        findings.iter().find(|(rule, finding)| fingerprint(name, rule, finding, &run, case) == wanted)?;
    Some(Divergence::new(name, rule, finding, &run, &Vector::bare(case.clone())))
}
