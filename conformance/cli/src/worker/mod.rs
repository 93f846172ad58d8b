//! Worker processes. A middleware runs in its own process, because a hang cannot be stopped from inside a process.
//!
//! The command starts itself again as a worker and sends it one case a line. A worker that does not answer in time is
//! killed. A timeout and the end of a worker are observations about the middleware.

mod child;
mod kill;
mod process;
mod protocol;
mod searcher;
mod watchdog;

pub(crate) use kill::kill_in_worker;
pub(crate) use process::{Args, run};
pub(crate) use searcher::Searcher;
pub(crate) use watchdog::{Subject, Watchdog};
