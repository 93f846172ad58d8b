//! Workers: a middleware runs in a process of its own, since one that hangs can't be stopped from inside.
//!
//! The command starts itself again as a worker, hands it one case a line, and watches over it: a worker that does
//! not answer in time is killed, one that ends is noticed, and either is an observation about the middleware.

mod process;
mod searcher;
mod watchdog;

pub(crate) use process::{Args, run};
pub(crate) use searcher::Searcher;
pub(crate) use watchdog::Watchdog;

use cors_adapters::{
    Middleware,
    program::{Introduction, Program},
};
use cors_conformance::{
    case::vectors::Vector,
    drive::Message,
    search::campaign::{Batch, Found},
    suite::CaseReport,
};
use serde::{Deserialize, Serialize};

/// What a worker runs.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// What is built in.
    BuiltIn(&'a dyn Middleware),
    /// A program that speaks the server protocol.
    Program(&'a Program),
}

impl<'a> Subject<'a> {
    fn middleware(self) -> &'a dyn Middleware {
        match self {
            Self::BuiltIn(middleware) => middleware,
            Self::Program(program) => program,
        }
    }
}

/// What a worker is told.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    /// Run the smoke test.
    Smoke,
    /// Run a vector.
    Run(Box<Vector>),
    /// Search under a seed from now on; these fingerprints are known.
    Begin { seed: u64, known: Vec<String> },
    /// Search the cases of these numbers.
    Search { from: u64, to: u64 },
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    /// The server is about to be asked this.
    Asks(Box<Message>),
    /// It has answered the last.
    Answered(Box<Message>),
    /// What came of the smoke test; a program introduces itself.
    Smoked(Result<Option<Introduction>, String>),
    /// What came of the case.
    Done(Box<CaseReport>),
    /// The search is at this number, and alive.
    At(u64),
    /// This is new; the last word on a fingerprint counts.
    Found(Box<Found>),
    /// What the search of those numbers came to.
    Searched(Box<Batch>),
}
