//! Generated cases show no finding about a correct server.
//!
//! `FALSE_ALARM_CASES=1000000 cargo test --release` runs more cases, and `FALSE_ALARM_SEED=7` uses another seed.

use cors_conformance::{
    search::generate::Settings,
    self_check::false_alarms::{clean_servers, false_alarms},
};

#[test]
fn correct_servers_have_no_findings_on_generated_cases() {
    let number = |name| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let seed = number("FALSE_ALARM_SEED").unwrap_or(1);
    let cases = number("FALSE_ALARM_CASES").unwrap_or(3_000);
    for server in clean_servers() {
        let alarms = false_alarms(server, &Settings::default(), seed, cases);
        let messages = alarms.iter().map(|alarm| {
            format!(
                "{} case {} of seed {seed}: {} {:?}\n{}",
                alarm.server,
                alarm.number,
                alarm.found.0.id,
                alarm.found.1,
                serde_json::to_string(&alarm.case).unwrap()
            )
        });
        assert!(alarms.is_empty(), "{}", messages.collect::<Vec<_>>().join("\n"));
    }
}
