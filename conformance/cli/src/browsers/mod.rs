//! Real browsers, led through scripted fetches and compared with the model.

pub(crate) mod cases;
pub(crate) mod compare;
pub(crate) mod launch;
pub(crate) mod server;

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use cors_reference::agent::Agent;

use cases::Case;
use compare::{Compared, compare};
use launch::{Kind, Started};
use server::Servers;

/// For how long a browser may be silent before it counts as hung.
const SILENCE: Duration = Duration::from_secs(30);

/// A browser to lead, and where.
pub(crate) struct Guide<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) agent: Agent,
    pub(crate) servers: &'a Servers,
    /// Set from outside to end early.
    pub(crate) is_cancelled: &'a AtomicBool,
}

impl Guide<'_> {
    /// Leads the browser through cases, some at once, in a fresh process. `progress` is told how many are
    /// done.
    ///
    /// # Errors
    ///
    /// A browser that cannot be started, ends by itself, or hangs.
    pub(crate) fn lead(&self, cases: &[Case], at_once: usize, progress: impl Fn(u64)) -> io::Result<Vec<Compared>> {
        let profile = tempfile::tempdir()?;
        self.servers.offer(cases, at_once);
        let page = format!("http://localhost:{}/", self.servers.world.page);
        let mut browser = self.kind.start(&page, profile.path())?;
        while !self.is_done(cases.len(), &mut browser, &progress)? {
            thread::sleep(Duration::from_millis(50));
        }
        drop(browser);
        let records = self.servers.take_records();
        let compared = cases.iter().filter_map(|case| Some(compare(case, records.get(&case.id)?, self.agent)));
        compared.collect::<Result<_, _>>().map_err(io::Error::other)
    }

    fn is_done(&self, cases: usize, browser: &mut Started, progress: impl Fn(u64)) -> io::Result<bool> {
        let (is_done, heard, finished) = {
            let state = self.servers.state();
            (state.is_done, state.heard, state.finished)
        };
        progress(finished);
        if self.is_cancelled.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "cancelled"));
        }
        let what = if is_done {
            return Ok(true);
        } else if browser.has_ended() {
            "ended by itself"
        } else if Instant::now().duration_since(heard) > SILENCE {
            "hangs"
        } else {
            return Ok(false);
        };
        let message = format!("{} {what} after {finished} of {cases} cases", self.kind.agent());
        Err(io::Error::new(io::ErrorKind::TimedOut, message))
    }
}
