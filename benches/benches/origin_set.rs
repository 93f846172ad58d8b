//! `cargo bench --bench origin_set` compares the origin set with a bare hash set and a scan. It verifies the answers of each
//! first, and ends with a table of ratios.

use cors_benches::{
    matching::matchings,
    timing::{criterion, fastest},
};
use std::{error::Error, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion()
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(200))
        .configure_from_args();
    let mut table = String::new();
    for matching in matchings()? {
        let mut group = criterion.benchmark_group(format!("{} of {}", matching.kind, matching.size));
        let mut times = Vec::new();
        for matcher in matching.matchers() {
            assert!(matching.is_right(&matcher), "{} of {}: {}", matching.kind, matching.size, matcher.name());
            times.push(fastest(&mut group, matcher.name(), |count| {
                std::hint::black_box(matching.ask(&matcher, count));
            }));
        }
        group.finish();
        if let [bare, set, scan] = times[..] {
            let (of_bare, of_scan) = (set / bare, set / scan);
            table += &format!(
                "{:12} {:6}  {bare:9.1} {set:11.1} {scan:10.1}  {of_bare:5.2} {of_scan:5.2}\n",
                matching.kind, matching.size
            );
        }
    }
    println!("\nnanoseconds for each look-up, then the ratios of origin_set to the bare hash set and to the scan");
    println!("query          size  bare hash  origin_set       scan   bare  scan\n{table}");
    criterion.final_summary();
    Ok(())
}
