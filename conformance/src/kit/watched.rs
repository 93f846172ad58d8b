//! Work on a thread of its own, and a limit to how long it says nothing.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// How it ended.
pub(super) enum Ended<T> {
    /// With this.
    Done(T),
    /// It did not; its thread is left to itself.
    Hung,
    /// The harness's own failure.
    Broken(String),
}

/// Does `work`, which calls what it is given to say that it goes on.
pub(super) fn watched<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce(&mut dyn FnMut()) -> T + Send + 'static,
) -> Ended<T> {
    let (say, words) = mpsc::channel();
    let started = thread::Builder::new().name("middleware under test".to_owned()).spawn(move || {
        // Whoever listens may have given up.
        let worked = catch_unwind(AssertUnwindSafe(|| work(&mut || drop(say.send(None)))));
        if let Ok(done) = worked {
            drop(say.send(Some(done)));
        }
    });
    if let Err(error) = started {
        return Ended::Broken(format!("there is no thread for it: {error}"));
    }
    loop {
        match words.recv_timeout(limit) {
            Ok(None) => {}
            Ok(Some(done)) => return Ended::Done(done),
            Err(RecvTimeoutError::Timeout) => return Ended::Hung,
            Err(RecvTimeoutError::Disconnected) => {
                return Ended::Broken("the harness panicked; its message is above".to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_that_it_goes_on_may_take_longer_than_the_limit() {
        let limit = Duration::from_millis(200);
        let ended = watched(limit, move |goes_on| {
            for _ in 0..6 {
                thread::sleep(limit / 4);
                goes_on();
            }
            7
        });
        assert!(matches!(ended, Ended::Done(7)));
    }

    #[test]
    fn what_hangs_or_panics_is_told_and_left() {
        let limit = Duration::from_millis(20);
        assert!(matches!(watched(limit, |_| thread::sleep(Duration::from_secs(5))), Ended::Hung));
        assert!(matches!(
            watched(Duration::from_secs(5), |_| std::panic::resume_unwind(Box::new(()))),
            Ended::Broken(_)
        ));
    }
}
