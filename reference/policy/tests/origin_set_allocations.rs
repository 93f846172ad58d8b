//! The origin matcher runs on every cross-origin request, so it must not allocate.

use std::hint::black_box;

use allocation_counter::measure;
use cors_policy::origin_set::OriginSet;

#[test]
fn the_counter_counts_allocations() {
    assert!(measure(|| drop(black_box(Box::new(1)))).count_total > 0);
}

#[test]
fn a_query_allocates_nothing() {
    for size in [1, 4, 5, 1_000] {
        let texts = |before: &str| (0..size).map(|n| format!("https://{before}s{n}.example")).collect::<Vec<_>>();
        let texts = [texts(""), texts("*.")].concat();
        let set = OriginSet::parse(texts.iter().map(String::as_str)).expect("patterns");
        let deep = format!("https://{}s0.example", "a.".repeat(10_000));
        let huge = format!("https://{}.example", "a".repeat(1 << 20));
        for (origin, contained) in [
            ("https://s0.example", true),
            ("https://b.a.s0.example", true),
            (&*deep, true),
            ("https://s0.example:8443", false),
            ("https://t0.example", false),
            ("null", false),
            ("", false),
            (&*huge, false),
        ] {
            let allocated = measure(|| assert_eq!(set.contains(black_box(origin.as_bytes())), contained));
            assert_eq!(allocated.count_total, 0, "{} bytes of {size}", origin.len());
        }
    }
}
