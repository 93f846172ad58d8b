//! The suite: vectors run against middlewares, counted and collected in a report.

mod outcome;
mod result;
mod run;

pub use outcome::{CaseReport, Counts, Outcome};
pub use result::{AdapterReport, CaseOutcome, Report};
pub use run::{as_run, check, run_adapter, run_vector, smoke};
