//! The subcommands, one module each, and what they share.

pub(crate) mod adapters;
pub(crate) mod assess;
mod baseline;
pub(crate) mod browsers;
pub(crate) mod campaign;
pub(crate) mod compare;
pub(crate) mod compare_runs;
pub(crate) mod completions;
mod format;
pub(crate) mod judge;
pub(crate) mod man;
pub(crate) mod mutants;
mod output;
pub(crate) mod policy;
mod policy_file;
mod progress;
pub(crate) mod report;
mod result_file;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod vectors;
