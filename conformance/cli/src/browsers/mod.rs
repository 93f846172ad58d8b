//! Real browsers, led through scripted fetches and compared with the model.

pub(crate) mod cases;
pub(crate) mod compare;
pub(crate) mod launch;
pub(crate) mod report;
pub(crate) mod server;
pub(crate) mod task;
pub(crate) mod through;
mod wire;

use std::{
    collections::HashMap,
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use cors_reference::agent::Agent;

use launch::{Kind, Started};
use server::{Record, Servers};
use task::Task;

/// For how long a browser may be silent before it counts as hung.
const SILENCE: Duration = Duration::from_secs(30);

/// How many cases in a row may time out before the browser counts as hung.
const STALLED: u64 = 24;

/// How many tasks one process of a browser gets.
const TASKS: usize = 1500;

/// How often a browser is started for them before it counts as hung for good.
const STARTS: u32 = 4;

/// A browser to lead, and where.
pub(crate) struct Guide<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) agent: Agent,
    pub(crate) servers: &'a Servers,
    /// Set from outside to end early.
    pub(crate) is_cancelled: &'a AtomicBool,
}

impl Guide<'_> {
    /// Leads the browser through tasks, some at once, and tells what was recorded of each, by its id. Tasks of
    /// several fetches are about caches, and so get a fresh process. `progress` is told how many are done.
    ///
    /// # Errors
    ///
    /// A browser that cannot be started, or that ends by itself or hangs again and again.
    pub(crate) fn lead(&self, tasks: &[Task], progress: impl Fn(u64)) -> io::Result<HashMap<String, Record>> {
        let (single, several): (Vec<_>, Vec<_>) = tasks.iter().partition(|task| task.fetches.len() == 1);
        let mut records = HashMap::new();
        for (tasks, at_once) in [(single, 6), (several, 24)] {
            for part in tasks.chunks(TASKS) {
                let before = records.len() as u64;
                records.extend(self.lead_part(part, at_once, |done| progress(before + done))?);
            }
        }
        Ok(records)
    }

    /// On a busy machine a browser may hang; what it has not done by then is another's.
    fn lead_part(
        &self,
        tasks: &[&Task],
        at_once: usize,
        progress: impl Fn(u64),
    ) -> io::Result<HashMap<String, Record>> {
        let mut records = HashMap::new();
        for started in 1.. {
            let left: Vec<&Task> = tasks.iter().copied().filter(|task| !records.contains_key(&task.id)).collect();
            let before = records.len() as u64;
            let led = self.lead_once(&left, at_once, &|done| progress(before + done));
            let seen = self.servers.take_records();
            match led {
                Ok(()) => {
                    records.extend(seen);
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut && started < STARTS => {
                    records.extend(seen.into_iter().filter(|(_, record)| record.is_whole()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(records)
    }

    fn lead_once(&self, tasks: &[&Task], at_once: usize, progress: &impl Fn(u64)) -> io::Result<()> {
        let profile = tempfile::tempdir()?;
        self.servers.offer(tasks, at_once);
        let page = format!("http://localhost:{}/", self.servers.world.page);
        let mut browser = self.kind.start(&page, profile.path())?;
        while !self.is_done(tasks.len(), &mut browser, progress)? {
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn is_done(&self, cases: usize, browser: &mut Started, progress: impl Fn(u64)) -> io::Result<bool> {
        let (is_done, heard, finished, timed_out) = {
            let state = self.servers.state();
            (state.is_done, state.heard, state.finished, state.timed_out)
        };
        progress(finished);
        if self.is_cancelled.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled"));
        }
        let what = if is_done {
            return Ok(true);
        } else if browser.has_ended() {
            "ended by itself"
        } else if Instant::now().duration_since(heard) > SILENCE || timed_out >= STALLED {
            "hangs"
        } else {
            return Ok(false);
        };
        let message = format!("{} {what} after {finished} of {cases} cases", self.kind.agent());
        Err(io::Error::new(io::ErrorKind::TimedOut, message))
    }
}
