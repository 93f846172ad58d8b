//! The cost of each adapter in process: to construct a server, to have a page's request answered, a preflight, and
//! both of construction and preflight. Each row is verified to answer before it is timed.

use std::{hint::black_box, time::Duration};

use cors_adapters::{build, handler::Handler, registry::middlewares};
use cors_benches::adapters::{answered, policy, requests};
use criterion::{Criterion, criterion_group, criterion_main};

fn adapters(criterion: &mut Criterion) {
    let handler = Handler::default();
    let requests = requests().expect("the requests parse");
    for middleware in middlewares() {
        let name = middleware.describe().name;
        let policy = policy(middleware).expect("the policies parse");
        let mut server = build(middleware, policy.as_ref(), &handler).expect("its control builds, and what it can say");
        for (_, request) in &requests {
            answered(server.as_mut(), request).expect("an answer");
        }
        let mut group = criterion.benchmark_group(name);
        group.bench_function("construct", |bencher| {
            bencher.iter(|| build(middleware, black_box(policy.as_ref()), &handler).is_ok());
        });
        for (what, request) in &requests {
            group.bench_function(*what, |bencher| {
                bencher.iter(|| answered(server.as_mut(), black_box(request)).is_ok());
            });
        }
        let (_, preflight) = &requests[1];
        group.bench_function("construct and preflight", |bencher| {
            bencher.iter(|| {
                let server = build(middleware, black_box(policy.as_ref()), &handler);
                server.is_ok_and(|mut server| answered(server.as_mut(), preflight).is_ok())
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400));
    targets = adapters
}
criterion_main!(benches);
