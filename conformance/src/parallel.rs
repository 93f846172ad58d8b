//! Parallel work with results in the order of the items.

use std::{
    num::NonZero,
    panic,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Returns the number of threads to use: `wanted`, or one for each core.
pub fn jobs(wanted: Option<NonZero<usize>>) -> usize {
    wanted.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), NonZero::get)
}

/// Applies `work` to each item, and returns the results in the order of the items. Uses `jobs` threads, or one for each
/// core.
///
/// # Panics
///
/// Panics if `work` panics.
pub fn map<T: Sync, R: Send>(items: &[T], jobs: Option<NonZero<usize>>, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let jobs = self::jobs(jobs);
    let next = AtomicUsize::new(0);
    let of_thread = || {
        let mut done = Vec::new();
        while let Some((index, item)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            items.get(index).map(|item| (index, item))
        } {
            done.push((index, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let running: Vec<_> = (0..jobs.min(items.len())).map(|_| scope.spawn(of_thread)).collect();
        let joined =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
        joined.flatten().collect()
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..1_000).collect();
        for jobs in [1, 2, 7] {
            assert_eq!(
                map(&items, NonZero::new(jobs), |item| item * 2),
                items.iter().map(|item| item * 2).collect::<Vec<_>>()
            );
        }
        assert_eq!(map(&[0_u8; 0], None, |item| *item), [0; 0]);
    }

    #[test]
    #[should_panic(expected = "seven")]
    fn a_panic_of_the_work_is_propagated() {
        map(&[6, 7, 8], None, |item| assert_ne!(*item, 7, "seven"));
    }
}
