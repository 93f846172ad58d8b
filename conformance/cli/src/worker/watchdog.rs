//! The watchdog: runs the cases of one middleware in workers and replaces those that hang or end.

use std::{io, time::Duration};

use cors_adapters::{
    Middleware,
    program::{Introduction, Program},
};
use cors_conformance::{
    case::vectors::Vector,
    divergence::Divergence,
    rules::robustness::{ABORT, HANG},
    suite::{AdapterReport, CaseReport, Outcome},
};

use super::{
    child::{Received, Worker, unexpected_reply},
    protocol::{Command, Reply},
};

/// The number of lost workers after which a middleware is given up. Each can cost a time limit.
pub(super) const MAX_LOST: usize = 10;

/// The time limit for a case of a program, in time limits for an answer. A program has a time limit for each answer and
/// reports which answer exceeded it. This limit is for a case that still does not end.
const ANSWERS_PER_CASE: u32 = 4;

/// The server under test.
#[derive(Clone, Copy)]
pub(crate) enum Subject<'a> {
    /// A built-in middleware.
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

/// Runs the cases of one middleware in workers.
pub(crate) struct Watchdog<'a> {
    /// The server under test.
    pub(crate) subject: Subject<'a>,
    /// The rules to check; all of them if empty.
    pub(crate) rules: &'a [String],
    /// The time limit for a case, or for each answer of a program.
    pub(crate) limit: Duration,
}

/// The end of a case.
pub(super) enum CaseEnd {
    /// The worker reported the result.
    Report(CaseReport),
    /// The worker was lost.
    Lost(CaseReport),
}

impl Watchdog<'_> {
    /// Runs vectors and calls `done` after each.
    ///
    /// # Errors
    ///
    /// Returns an error if a worker cannot be started or breaks the protocol.
    pub(crate) fn run(&self, vectors: &[Vector], mut done: impl FnMut()) -> io::Result<AdapterReport> {
        let (mut worker, mut broken) = match self.start()? {
            Ok(started) => (Some(started), None),
            Err(reason) => (None, Some(reason)),
        };
        let mut report = self.empty_report();
        let mut lost = 0;
        for vector in vectors {
            let case = match &broken {
                Some(reason) => CaseReport::not_judged(Outcome::Broken, reason.as_str()),
                None if lost == MAX_LOST => CaseReport::not_judged(
                    Outcome::Inconclusive,
                    format!("not tried after {MAX_LOST} cases that ended a process or took too long"),
                ),
                None => match self.case(&mut worker, vector)? {
                    CaseEnd::Report(case) => case,
                    CaseEnd::Lost(case) => case,
                },
            };
            lost += usize::from(lost < MAX_LOST && costs_a_worker(&case));
            // A worker that does not start again would take as long for every other case.
            if case.outcome == Outcome::Broken && worker.is_none() {
                broken.clone_from(&case.reason);
            }
            report.add(&vector.id, case);
            done();
        }
        Ok(report)
    }

    /// Returns the report of the subject before its first case.
    fn empty_report(&self) -> AdapterReport {
        let report = AdapterReport::new(self.subject.middleware());
        let Subject::Program(program) = self.subject else { return report };
        let introduction = program.introduction();
        AdapterReport {
            language: introduction.map(|introduction| introduction.language.clone()),
            issues: introduction.map(|introduction| introduction.issues.clone()),
            command: Some(program.command().to_owned()),
            ..report
        }
    }

    /// Starts a worker and runs its smoke test. Returns the inner error if the test fails.
    pub(super) fn start(&self) -> io::Result<Result<Worker, String>> {
        let mut worker = Worker::start(self.arguments())?;
        let smoke: Result<Option<Introduction>, String> = match worker.request(&Command::Smoke, self.case_limit())? {
            Received::Reply(Reply::Smoked(smoke)) => smoke,
            Received::Reply(_) => return Err(unexpected_reply()),
            Received::Lost(lost) => Err(format!("the smoke policy: {}", lost.message)),
        };
        if let (Subject::Program(program), Ok(Some(introduction))) = (self.subject, &smoke) {
            program.introduce(introduction.clone());
        }
        Ok(smoke.map(|_| worker))
    }

    /// Returns the arguments of a worker for the subject.
    fn arguments(&self) -> Vec<String> {
        let subject = match self.subject {
            Subject::BuiltIn(middleware) => vec!["--adapter".to_owned(), middleware.describe().name.to_owned()],
            Subject::Program(program) => {
                let limit = self.limit.as_secs().to_string();
                vec!["--server".to_owned(), program.command().to_owned(), "--timeout".to_owned(), limit]
            }
        };
        let rules = self.rules.iter().flat_map(|rule| ["--rule".to_owned(), rule.clone()]);
        subject.into_iter().chain(rules).collect()
    }

    /// Returns the time limit for a case.
    fn case_limit(&self) -> Duration {
        match self.subject {
            Subject::BuiltIn(_) => self.limit,
            Subject::Program(_) => self.limit * ANSWERS_PER_CASE,
        }
    }

    /// Runs one case in `worker`, which is started if it is `None`. A lost worker becomes `None`.
    pub(super) fn case(&self, worker: &mut Option<Worker>, vector: &Vector) -> io::Result<CaseEnd> {
        let running = match worker {
            Some(worker) => worker,
            None => match self.start()? {
                Ok(started) => worker.insert(started),
                Err(reason) => return Ok(CaseEnd::Report(CaseReport::not_judged(Outcome::Broken, reason))),
            },
        };
        match running.request(&Command::Run(Box::new(vector.clone())), self.case_limit())? {
            Received::Reply(Reply::Done(case)) => Ok(CaseEnd::Report(*case)),
            Received::Reply(_) => Err(unexpected_reply()),
            Received::Lost(lost) => {
                *worker = None;
                let middleware = self.subject.middleware();
                let (exchanges, message) = (lost.exchanges, lost.message);
                Ok(CaseEnd::Lost(CaseReport::seen_from_outside(middleware, lost.rule, vector, exchanges, message)))
            }
        }
    }
}

/// Returns true if a case ended a worker or used its time limit.
fn costs_a_worker(case: &CaseReport) -> bool {
    let is_lost = |divergence: &Divergence| [HANG.id, ABORT.id].contains(&&*divergence.rule);
    case.outcome == Outcome::Broken || case.divergences.iter().any(is_lost)
}
