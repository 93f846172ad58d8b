//! The messages between the command and its workers, as JSON lines.

use cors_adapters::program::Introduction;
use cors_conformance::{
    case::vectors::Vector,
    drive::Message,
    search::campaign::{Batch, NumberedDivergence},
    suite::CaseReport,
};
use serde::{Deserialize, Serialize};

/// A message to a worker.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Command {
    /// Run the smoke test.
    Smoke,
    /// Run a vector.
    Run(Box<Vector>),
    /// Begin a search with a seed; the listed fingerprints are already known.
    Begin { seed: u64, known: Vec<String> },
    /// Search the cases with these numbers; `to` is exclusive.
    Search { from: u64, to: u64 },
}

/// A message from a worker.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    /// The worker is about to send this request to the server.
    Asks(Box<Message>),
    /// The server has answered the last request.
    Answered(Box<Message>),
    /// The result of the smoke test, with the introduction of a program.
    Smoked(Result<Option<Introduction>, String>),
    /// The result of a vector.
    Done(Box<CaseReport>),
    /// The search has reached this number.
    At(u64),
    /// A new divergence. A later message about the same fingerprint replaces an earlier one.
    Found(Box<NumberedDivergence>),
    /// The result of a search command.
    Searched(Box<Batch>),
}
