//! Workers: a middleware runs in a process of its own, since one that hangs can't be stopped from inside.
//!
//! The command starts itself again as a worker, hands it one case a line, and watches over it: a worker that does
//! not answer in time is killed, one that ends is noticed, and either is an observation about the middleware.

mod process;
mod watchdog;

pub(crate) use process::{Args, run};
pub(crate) use watchdog::Watchdog;

use cors_conformance::{divergence::Message, suite::CaseReport, vectors::Vector};
use serde::{Deserialize, Serialize};

/// What a worker is told.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    /// Run the smoke test.
    Smoke,
    /// Run a vector.
    Run(Box<Vector>),
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    /// The server is about to be asked this.
    Asks(Box<Message>),
    /// It has answered the last.
    Answered(Box<Message>),
    /// What came of the smoke test.
    Smoked(Result<(), String>),
    /// What came of the case.
    Done(Box<CaseReport>),
}
