//! The suite: vectors run against middlewares, counted and collected in a report.

pub mod file;
mod fixed_policy;
mod outcome;
mod result;
mod run;

pub use crate::case::outcome::Outcome;
pub use fixed_policy::with_fixed_policy;
pub use outcome::{CaseReport, Counts};
pub use result::{AdapterReport, CaseOutcome, Remark, Report};
pub use run::{check, run_adapter, run_vector, smoke};
