//! No server that is right is accused, whatever is asked. More cases: `FALSE_ALARM_CASES=1000000 cargo test --release`.

use cors_conformance::{
    search::generate::Settings,
    self_check::false_alarms::{clean_servers, false_alarms},
};

#[test]
fn no_clean_server_is_accused_on_generated_cases() {
    const SEED: u64 = 1;
    let cases = std::env::var("FALSE_ALARM_CASES").ok().and_then(|number| number.parse().ok()).unwrap_or(3_000);
    for server in clean_servers() {
        let alarms = false_alarms(server, &Settings::default(), SEED, cases);
        let told = alarms.iter().map(|alarm| {
            format!(
                "{} case {} of seed {SEED}: {} {:?}\n{}",
                alarm.server,
                alarm.number,
                alarm.found.0.id,
                alarm.found.1,
                serde_json::to_string(&alarm.case).unwrap()
            )
        });
        assert!(alarms.is_empty(), "{}", told.collect::<Vec<_>>().join("\n"));
    }
}
