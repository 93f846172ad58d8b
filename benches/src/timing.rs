//! Timing with Criterion.

use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, measurement::WallTime};

/// Returns a configuration for thousands of calls that take nanoseconds to milliseconds, with few and short samples.
pub fn criterion() -> Criterion {
    Criterion::default().sample_size(10).nresamples(1_000)
}

/// Returns the nanoseconds of a call in Criterion's fastest sample. Other work on the machine only ever makes a sample
/// slower.
///
/// `calls` makes the given number of calls.
pub fn fastest(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, mut calls: impl FnMut(u64)) -> f64 {
    let mut fastest = f64::INFINITY;
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|count| {
            let begun = Instant::now();
            calls(count);
            let elapsed = begun.elapsed();
            fastest = fastest.min(nanoseconds(elapsed) / count as f64);
            elapsed
        });
    });
    fastest
}

/// Returns the nanoseconds of a call in the fastest of a few samples. Together they take about the given time. One call
/// before them warms up.
pub fn rounds(long: Duration, mut call: impl FnMut()) -> f64 {
    const SAMPLES: u32 = 4;
    let begun = Instant::now();
    call();
    let once = begun.elapsed().max(Duration::from_nanos(1));
    let count = (long.as_nanos() / u128::from(SAMPLES) / once.as_nanos()).max(1);
    let sample = |_| {
        let begun = Instant::now();
        (0..count).for_each(|_| call());
        nanoseconds(begun.elapsed()) / count as f64
    };
    (0..SAMPLES).map(sample).fold(f64::INFINITY, f64::min)
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}
