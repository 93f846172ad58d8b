//! A search by a worker: batch by batch, and case by case where the worker does not outlive one.

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
        campaign::{Batch, Found, Search, journal::Journal},
        minimise::minimise,
    },
    suite::CaseReport,
};

use super::{
    Order, Subject, Word,
    watchdog::{DEATHS, Ended, Heard, Watchdog, Worker, out_of_turn},
};

/// How long a batch takes, about.
const BATCH: Duration = Duration::from_millis(500);

/// Told of what is found.
pub(crate) type Tell<'t> = &'t mut dyn FnMut(&Found) -> io::Result<()>;

/// A search of one middleware, and the journal that it is kept in.
pub(crate) struct Searcher {
    pub(crate) middleware: &'static dyn Middleware,
    /// Where it is kept.
    pub(crate) journal: Journal,
    /// For how long it was searched by this process.
    pub(crate) spent: Duration,
    /// How many cases this process searched.
    pub(crate) searched: u64,
    /// Why it was given up.
    pub(crate) ended: Option<String>,
    seed: u64,
    limit: Duration,
    worker: Option<Worker>,
    deaths: usize,
}

impl Searcher {
    /// A search under a seed that goes on where its journal is; a case that takes longer than the limit hangs.
    pub(crate) fn new(middleware: &'static dyn Middleware, journal: Journal, seed: u64, limit: Duration) -> Self {
        let (spent, searched, ended) = (Duration::ZERO, 0, None);
        Self { middleware, journal, spent, searched, ended, seed, limit, worker: None, deaths: 0 }
    }

    /// Searches the next batch, up to that number. What is new is kept and told at once, and again when it is small.
    ///
    /// # Errors
    ///
    /// Those of the journal, of starting workers, and of whoever is told.
    pub(crate) fn batch(&mut self, end: u64, tell: Tell<'_>) -> io::Result<()> {
        let begun = Instant::now();
        let from = self.journal.state.next;
        let to = end.min(from + self.cases_a_batch());
        let (next, batch) = match self.by_batch(from, to, tell)? {
            Some(batch) => (to, batch),
            None => self.one_by_one(from, to, tell)?,
        };
        if next > from {
            self.journal.searched(next, batch)?;
            self.searched += next - from;
        }
        self.spent += begun.elapsed();
        Ok(())
    }

    fn cases_a_batch(&self) -> u64 {
        if self.searched == 0 {
            return 64;
        }
        let a_second = self.searched as f64 / self.spent.as_secs_f64();
        ((a_second * BATCH.as_secs_f64()) as u64).clamp(16, 100_000)
    }

    /// The whole batch by one worker; nothing where the worker does not outlive it.
    fn by_batch(&mut self, from: u64, to: u64, tell: Tell<'_>) -> io::Result<Option<Batch>> {
        if self.worker.is_none() {
            let mut worker = match self.watchdog().start()? {
                Ok(worker) => worker,
                Err(why) => {
                    self.ended = Some(format!("broken: {why}"));
                    return Ok(None);
                }
            };
            let known = self.journal.state.known().cloned().collect();
            worker.tell(&Order::Begin { seed: self.seed, known })?;
            self.worker = Some(worker);
        }
        let Some(worker) = &mut self.worker else { return Ok(None) };
        worker.tell(&Order::Search { from, to })?;
        loop {
            match worker.hear(self.limit)? {
                Heard::Word(Word::At(_)) => {}
                Heard::Word(Word::Found(found)) => keep(&mut self.journal, *found, tell)?,
                Heard::Word(Word::Searched(batch)) => return Ok(Some(*batch)),
                Heard::Word(_) => return Err(out_of_turn()),
                Heard::Nothing(..) => {
                    self.worker = None;
                    return Ok(None);
                }
            }
        }
    }

    /// Each case of the batch by itself, so that the one that ends the worker is known; and the number of the next.
    fn one_by_one(&mut self, from: u64, to: u64, tell: Tell<'_>) -> io::Result<(u64, Batch)> {
        let watchdog = self.watchdog();
        let search = Search::new(self.middleware, self.seed, [], None);
        let (mut worker, mut batch) = (None, Batch::default());
        let mut next = from;
        while next < to && self.ended.is_none() {
            let number = next;
            next += 1;
            let Some(case) = search.case(number) else { continue };
            let divergences = match watchdog.case(&mut worker, &Vector::bare(case))? {
                Ended::Word(CaseReport::Diverge(divergences)) => divergences,
                Ended::Word(_) => Vec::new(),
                Ended::Dead(divergence) => {
                    self.deaths += 1;
                    vec![*divergence]
                }
            };
            batch.count(&divergences);
            for divergence in divergences {
                if !self.journal.state.found.contains_key(&divergence.fingerprint) {
                    keep(&mut self.journal, Found { number, divergence: smaller(&watchdog, divergence)? }, tell)?;
                }
            }
            if self.deaths == DEATHS {
                let why = format!("inconclusive: after {DEATHS} workers that had to be replaced, no more was tried");
                self.ended = Some(why);
            }
        }
        Ok((next, batch))
    }

    fn watchdog(&self) -> Watchdog<'static> {
        Watchdog { subject: Subject::BuiltIn(self.middleware), rules: &[], limit: self.limit }
    }
}

/// The same made small, where it ends a worker's process; what hangs would cost a time limit for each try.
fn smaller(watchdog: &Watchdog<'_>, divergence: Divergence) -> io::Result<Divergence> {
    const MOST: usize = 60;
    let (mut worker, mut deaths, mut smallest) = (None, 0, divergence.clone());
    let mut lost = Ok(());
    if *divergence.rule == *ABORT.id {
        minimise(&divergence.case.case, &mut |case| {
            let ended =
                if deaths < MOST { watchdog.case(&mut worker, &Vector::bare(case.clone())) } else { return false };
            match ended {
                Ok(Ended::Dead(dead)) => {
                    deaths += 1;
                    let is_same = dead.fingerprint == divergence.fingerprint;
                    if is_same {
                        smallest = *dead;
                    }
                    is_same
                }
                Ok(Ended::Word(_)) => false,
                Err(error) => {
                    lost = Err(error);
                    false
                }
            }
        });
    }
    let case = smallest.to_vector(smallest.case.case.clone());
    lost.map(|()| Divergence { case, ..smallest })
}

fn keep(journal: &mut Journal, found: Found, tell: Tell<'_>) -> io::Result<()> {
    journal.found(found.clone())?;
    tell(&found)
}
