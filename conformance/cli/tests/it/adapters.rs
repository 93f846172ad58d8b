//! The commands `adapters` and `compare-runs`.

use std::fs;

use crate::common::run;
use cors_adapters::registry::middlewares;
use serde_json::Value;

#[test]
fn the_table_has_a_row_for_every_middleware_and_lists_the_features() {
    let ran = run(&["adapters"], b"");
    for middleware in middlewares() {
        let row = format!("{} {} ", middleware.describe().name, middleware.describe().version);
        assert!(ran.stdout.lines().any(|line| line.starts_with(&row)), "{row}: {}", ran.stdout);
    }
    for part in ["fixed: {", " 19 private network", "features enabled: "] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_record_gives_the_source_of_a_middleware_and_the_reasons_for_unsupported_parts() {
    let ran = run(&["adapters", "--adapter", "tide", "--format", "json"], b"");
    let records: Value = serde_json::from_str(&ran.stdout).unwrap();
    let record = &records[0];
    assert_eq!(record["repository"], "https://github.com/http-rs/tide");
    let documentation = format!("https://docs.rs/tide/{}", record["version"].as_str().unwrap());
    assert_eq!(record["documentation"], documentation.as_str());
    assert_eq!(record["says"]["mirrored origin"]["not"], "Origin::Any answers with `*`");
    assert_eq!(record["says"]["credentials"]["by"], "CorsMiddleware::allow_credentials");
}

#[test]
fn an_unknown_middleware_is_an_error() {
    let ran = run(&["adapters", "--adapter", "nonsense"], b"");
    assert!(
        ran.stderr.contains("--adapter nonsense: unknown middleware; `cors-conformance adapters` lists them"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, Some(2));
}

#[test]
fn two_results_are_compared_and_an_invalid_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (clean, broken, rubbish) = (path("clean.json"), path("broken.json"), path("rubbish.json"));
    for (adapter, file) in [("reference", &clean), ("overwrites-vary", &broken)] {
        run(&["run", "--adapter", adapter, "--vector", "handler-headers", "--format", "json", "--out", file], b"");
    }
    // Both files now describe the same middleware.
    let text = fs::read_to_string(&clean).unwrap().replace("\"reference\"", "\"overwrites-vary\"");
    fs::write(&clean, text).unwrap();
    fs::write(&rubbish, "{}").unwrap();

    let ran = run(&["compare-runs", &clean, &broken], b"");
    assert!(ran.stdout.contains("  new      overwrites-vary/interference/vary/"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(1));
    let ran = run(&["compare-runs", &broken, &clean], b"");
    assert!(ran.stdout.contains("  fixed    overwrites-vary/interference/vary/"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(0));
    assert_eq!(run(&["compare-runs", &clean, &clean], b"").stdout, "Nothing changed.\n");
    let ran = run(&["compare-runs", &clean, &rubbish], b"");
    assert!(ran.stderr.contains("rubbish.json:1: missing field `schema`; `run --format json"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}
