//! A browser that runs cases.

use std::{
    collections::HashMap,
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use cors_reference::agent::Agent;

use super::{
    browser_case::BrowserCase,
    launch::{Browser, BrowserProcess},
    recording::Recording,
    server::Servers,
};

/// The time without a report after which a browser hangs.
const MAX_SILENCE: Duration = Duration::from_secs(30);

/// The number of timeouts in a row after which a browser hangs.
const MAX_TIMEOUTS: u64 = 24;

/// The largest number of cases for one browser process.
const CASES_PER_PROCESS: usize = 1500;

/// The number of browser processes to try before giving up.
const MAX_STARTS: u32 = 4;

/// The number of cases of one visit to run in parallel.
const PARALLEL_SINGLE: usize = 6;

/// The number of cases of several visits to run in parallel. Most of their time is waiting.
const PARALLEL_SEVERAL: usize = 24;

/// A browser and the servers for its cases.
pub(crate) struct Session<'a> {
    pub(crate) browser: &'a Browser,
    /// The model of this browser.
    pub(crate) agent: Agent,
    pub(crate) servers: &'a Servers,
    /// Set to end the session early.
    pub(crate) is_cancelled: &'a AtomicBool,
}

impl Session<'_> {
    /// Runs cases and returns the recordings by id. Cases of several visits run in a new process, because they are about
    /// caches. Calls `progress` with the number of finished cases.
    ///
    /// # Errors
    ///
    /// Returns an error if the browser cannot be started, or ends or hangs repeatedly.
    pub(crate) fn run(&self, cases: &[BrowserCase], progress: impl Fn(u64)) -> io::Result<HashMap<String, Recording>> {
        let (single, several): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.fetches.len() == 1);
        let mut recordings = HashMap::new();
        for (cases, parallel) in [(single, PARALLEL_SINGLE), (several, PARALLEL_SEVERAL)] {
            for part in cases.chunks(CASES_PER_PROCESS) {
                let before = recordings.len() as u64;
                recordings.extend(self.run_part(part, parallel, |done| progress(before + done))?);
            }
        }
        Ok(recordings)
    }

    /// Runs cases, and starts another process for the rest of them if the browser hangs. On a busy machine, a browser may
    /// hang for no other reason.
    fn run_part(
        &self,
        cases: &[&BrowserCase],
        parallel: usize,
        progress: impl Fn(u64),
    ) -> io::Result<HashMap<String, Recording>> {
        let mut recordings = HashMap::new();
        for start in 1.. {
            let left: Vec<&BrowserCase> =
                cases.iter().copied().filter(|case| !recordings.contains_key(&case.id)).collect();
            let before = recordings.len() as u64;
            let result = self.run_once(&left, parallel, &|done| progress(before + done));
            let recorded = self.servers.take_recordings();
            match result {
                Ok(()) => {
                    recordings.extend(recorded);
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut && start < MAX_STARTS => {
                    recordings.extend(recorded.into_iter().filter(|(_, recording)| recording.is_complete()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(recordings)
    }

    /// Runs cases in one process.
    fn run_once(&self, cases: &[&BrowserCase], parallel: usize, progress: &impl Fn(u64)) -> io::Result<()> {
        let profile = tempfile::tempdir()?;
        self.servers.offer(cases, parallel);
        let page = format!("http://localhost:{}/", self.servers.world.page);
        let mut process = self.browser.start(&page, profile.path())?;
        while !self.is_done(cases.len(), &mut process, progress)? {
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Returns true if the browser has run all its cases.
    fn is_done(&self, cases: usize, process: &mut BrowserProcess, progress: impl Fn(u64)) -> io::Result<bool> {
        let (is_done, last_report, finished, timeouts) = {
            let state = self.servers.state();
            (state.is_done, state.last_report, state.finished, state.timeouts_in_a_row)
        };
        progress(finished);
        if self.is_cancelled.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled"));
        }
        let what = if is_done {
            return Ok(true);
        } else if process.has_ended() {
            "ended unexpectedly"
        } else if last_report.elapsed() > MAX_SILENCE || timeouts >= MAX_TIMEOUTS {
            "hangs"
        } else {
            return Ok(false);
        };
        let message = format!("{} {what} after {finished} of {cases} cases", self.browser.agent());
        Err(io::Error::new(io::ErrorKind::TimedOut, message))
    }
}
