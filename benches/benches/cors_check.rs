//! `cargo bench`: the CORS check, each case first held against its answer.

#![allow(missing_docs, reason = "Criterion's macros make undocumented functions")]

use std::hint::black_box;

use cors_benches::checks;
use cors_reference::cors_check::cors_check;
use criterion::{Criterion, criterion_group, criterion_main};

fn cors_checks(criterion: &mut Criterion) {
    let checks = checks().unwrap_or_default();
    assert_eq!(checks.len(), 6);
    let mut group = criterion.benchmark_group("cors-check");
    for check in &checks {
        assert_eq!(cors_check(&check.request, &check.response), check.expected, "{}", check.name);
        group.bench_function(check.name, |bencher| {
            bencher.iter(|| cors_check(black_box(&check.request), black_box(&check.response)));
        });
    }
    group.finish();
}

criterion_group!(benches, cors_checks);
criterion_main!(benches);
