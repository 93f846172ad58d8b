//! Work on a separate thread, with a limit on the time without progress.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// The end of watched work.
pub(super) enum Ended<T> {
    /// The work finished.
    Done(T),
    /// The work made no progress within the limit. Its thread is abandoned.
    Hung,
    /// The harness failed.
    Broken(String),
}

/// Runs `work` on a new thread and waits for it.
///
/// `work` receives a function that reports progress. The work hangs if it neither reports progress nor finishes within
/// `limit`.
pub(super) fn watched<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce(&mut dyn FnMut()) -> T + Send + 'static,
) -> Ended<T> {
    let (sender, receiver) = mpsc::channel();
    let started = thread::Builder::new().name("middleware under test".to_owned()).spawn(move || {
        // Sending fails only if the receiver has stopped waiting.
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut || drop(sender.send(None)))));
        if let Ok(done) = result {
            drop(sender.send(Some(done)));
        }
    });
    if let Err(error) = started {
        return Ended::Broken(format!("the thread cannot be started: {error}"));
    }
    loop {
        match receiver.recv_timeout(limit) {
            Ok(None) => {}
            Ok(Some(done)) => return Ended::Done(done),
            Err(RecvTimeoutError::Timeout) => return Ended::Hung,
            Err(RecvTimeoutError::Disconnected) => {
                return Ended::Broken("the harness panicked; see the message above".to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_reports_progress_may_exceed_the_limit() {
        let limit = Duration::from_millis(200);
        let ended = watched(limit, move |report_progress| {
            for _ in 0..6 {
                thread::sleep(limit / 4);
                report_progress();
            }
            7
        });
        assert!(matches!(ended, Ended::Done(7)));
    }

    #[test]
    fn work_that_hangs_or_panics_is_abandoned() {
        let limit = Duration::from_millis(20);
        assert!(matches!(watched(limit, |_| thread::sleep(Duration::from_secs(5))), Ended::Hung));
        assert!(matches!(
            watched(Duration::from_secs(5), |_| std::panic::resume_unwind(Box::new(()))),
            Ended::Broken(_)
        ));
    }
}
