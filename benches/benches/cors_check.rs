//! `cargo bench --bench cors_check` measures the CORS check. It verifies the answer of each case first, and ends with the
//! ratios to the two header look-ups that every check with credentials needs.

use std::{error::Error, hint::black_box, time::Duration};

use cors_benches::{
    checks,
    timing::{criterion, fastest},
};
use cors_reference::{cors_check::cors_check, response::Response};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = criterion()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args();
    let mut group = criterion.benchmark_group("cors-check");
    let mut table = String::new();
    for check in &checks()? {
        assert_eq!(cors_check(&check.request, &check.response), check.expected, "{}", check.name);
        let time = fastest(&mut group, check.name, |count| {
            for _ in 0..count {
                let _ = black_box(cors_check(black_box(&check.request), black_box(&check.response)));
            }
        });
        let look_ups = fastest(&mut group, &format!("{}: two look-ups", check.name), |count| {
            for _ in 0..count {
                look_up_both(black_box(&check.response));
            }
        });
        table += &format!("{:24} {time:7.1} {look_ups:7.1} {:6.2}\n", check.name, time / look_ups);
    }
    group.finish();
    println!("\nnanoseconds for each check, nanoseconds for looking up its two headers, and the ratio\n{table}");
    criterion.final_summary();
    Ok(())
}

fn look_up_both(response: &Response) {
    black_box(response.headers.get("Access-Control-Allow-Origin"));
    black_box(response.headers.get("Access-Control-Allow-Credentials"));
}
