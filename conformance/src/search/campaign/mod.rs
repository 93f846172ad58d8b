//! Campaigns: searches for divergences in generated cases.
//!
//! The cases of a middleware are numbered under a seed. The same seed and the same number of cases therefore find the same
//! divergences, however many middlewares run at once and however often the campaign is interrupted. Each new divergence
//! is shrunk immediately and kept in a [journal].

mod batch;
pub mod journal;
mod runner;
mod statistics;

pub use batch::{Batch, NumberedDivergence};
pub use runner::CaseRunner;
pub use statistics::{Counted, Statistics};
