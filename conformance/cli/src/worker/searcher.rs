//! A search of one middleware in a worker, in batches of cases.
//!
//! If a batch ends the worker, the cases of the batch run one by one, so that the case that ends it is known.

use std::{
    io,
    time::{Duration, Instant},
};

use cors_adapters::Middleware;
use cors_conformance::{
    case::vectors::Vector,
    divergence::Divergence,
    rules::robustness::ABORT,
    search::{
        campaign::{Batch, CaseRunner, NumberedDivergence, journal::Journal},
        shrink,
    },
};

use super::{
    child::{Received, Worker, unexpected_reply},
    protocol::{Command, Reply},
    watchdog::{CaseEnd, MAX_LOST, Subject, Watchdog},
};

/// The approximate duration of a batch.
const BATCH: Duration = Duration::from_millis(500);

/// The number of cases in the first batch, before the speed is known.
const FIRST_BATCH: u64 = 64;

/// The largest number of workers that shrinking a case may end.
const MAX_LOST_BY_SHRINKING: usize = 60;

/// A function to call with each new divergence, and again when its case is small.
pub(crate) type OnFound<'f> = &'f mut dyn FnMut(&NumberedDivergence) -> io::Result<()>;

/// A search of one middleware.
pub(crate) struct Searcher {
    pub(crate) middleware: &'static dyn Middleware,
    /// The journal that keeps the search.
    pub(crate) journal: Journal,
    /// The time that this process has searched.
    pub(crate) spent: Duration,
    /// The number of cases that this process has searched.
    pub(crate) searched: u64,
    /// The reason for giving up, if the search was given up.
    pub(crate) ended: Option<String>,
    seed: u64,
    limit: Duration,
    worker: Option<Worker>,
    lost: usize,
}

impl Searcher {
    /// Continues the search in a journal. `limit` is the time limit for a case.
    pub(crate) fn new(middleware: &'static dyn Middleware, journal: Journal, seed: u64, limit: Duration) -> Self {
        let (spent, searched, ended) = (Duration::ZERO, 0, None);
        Self { middleware, journal, spent, searched, ended, seed, limit, worker: None, lost: 0 }
    }

    /// Searches the next batch, up to the number `end`. Keeps each new divergence in the journal and passes it on.
    ///
    /// # Errors
    ///
    /// Returns the errors of the journal, of starting workers, and of `on_found`.
    pub(crate) fn batch(&mut self, end: u64, on_found: OnFound<'_>) -> io::Result<()> {
        let start = Instant::now();
        let from = self.journal.state.next;
        let to = end.min(from + self.batch_size());
        let (next, batch) = match self.search_batch(from, to, on_found)? {
            Some(batch) => (to, batch),
            None => self.search_one_by_one(from, to, on_found)?,
        };
        if next > from {
            self.journal.searched(next, batch)?;
            self.searched += next - from;
        }
        self.spent += start.elapsed();
        Ok(())
    }

    /// Returns the number of cases in the next batch.
    fn batch_size(&self) -> u64 {
        if self.searched == 0 {
            return FIRST_BATCH;
        }
        let per_second = self.searched as f64 / self.spent.as_secs_f64();
        ((per_second * BATCH.as_secs_f64()) as u64).clamp(16, 100_000)
    }

    /// Searches a batch in one worker. Returns `None` if the worker is lost or does not start.
    fn search_batch(&mut self, from: u64, to: u64, on_found: OnFound<'_>) -> io::Result<Option<Batch>> {
        if self.worker.is_none() {
            let mut worker = match self.watchdog().start()? {
                Ok(worker) => worker,
                Err(reason) => {
                    self.ended = Some(format!("broken: {reason}"));
                    return Ok(None);
                }
            };
            let known = self.journal.state.known().cloned().collect();
            worker.send(&Command::Begin { seed: self.seed, known })?;
            self.worker = Some(worker);
        }
        let Some(worker) = &mut self.worker else { return Ok(None) };
        worker.send(&Command::Search { from, to })?;
        loop {
            match worker.receive(self.limit)? {
                Received::Reply(Reply::At(_)) => {}
                Received::Reply(Reply::Found(found)) => keep(&mut self.journal, *found, on_found)?,
                Received::Reply(Reply::Searched(batch)) => return Ok(Some(*batch)),
                Received::Reply(_) => return Err(unexpected_reply()),
                Received::Lost(_) => {
                    self.worker = None;
                    return Ok(None);
                }
            }
        }
    }

    /// Searches the cases of a batch one by one. Returns the number of the next case and the result.
    fn search_one_by_one(&mut self, from: u64, to: u64, on_found: OnFound<'_>) -> io::Result<(u64, Batch)> {
        let watchdog = self.watchdog();
        let runner = CaseRunner::new(self.middleware, self.seed, [], None);
        let (mut worker, mut batch) = (None, Batch::default());
        let mut next = from;
        while next < to && self.ended.is_none() {
            let number = next;
            next += 1;
            let Some(case) = runner.case(number) else { continue };
            let divergences = match watchdog.case(&mut worker, &Vector::bare(case))? {
                CaseEnd::Report(case) => case.divergences,
                CaseEnd::Lost(case) => {
                    self.lost += 1;
                    case.divergences
                }
            };
            batch.count(&divergences);
            for divergence in divergences {
                if !self.journal.state.found.contains_key(&divergence.fingerprint) {
                    let divergence = shrink_in_workers(&watchdog, &divergence)?;
                    keep(&mut self.journal, NumberedDivergence { number, divergence }, on_found)?;
                }
            }
            if self.lost == MAX_LOST {
                let reason =
                    format!("inconclusive: after {MAX_LOST} workers that had to be replaced, no more was tried");
                self.ended = Some(reason);
            }
        }
        Ok((next, batch))
    }

    fn watchdog(&self) -> Watchdog<'static> {
        Watchdog { subject: Subject::BuiltIn(self.middleware), rules: &[], limit: self.limit }
    }
}

/// Shrinks a case that ends the worker. A case that hangs stays as it is, because each try would cost a time limit.
fn shrink_in_workers(watchdog: &Watchdog<'_>, divergence: &Divergence) -> io::Result<Divergence> {
    let (mut worker, mut lost) = (None, 0);
    let mut result = Ok(());
    let shrunk = shrink(divergence, &mut |case| {
        if *divergence.rule != *ABORT.id || lost == MAX_LOST_BY_SHRINKING || result.is_err() {
            return None;
        }
        match watchdog.case(&mut worker, &Vector::bare(case.clone())) {
            Ok(CaseEnd::Lost(found)) => {
                lost += 1;
                found.divergences.into_iter().next()
            }
            Ok(CaseEnd::Report(_)) => None,
            Err(error) => {
                result = Err(error);
                None
            }
        }
    });
    result.map(|()| shrunk)
}

/// Keeps a divergence in the journal and passes it on.
fn keep(journal: &mut Journal, found: NumberedDivergence, on_found: OnFound<'_>) -> io::Result<()> {
    journal.found(found.clone())?;
    on_found(&found)
}
