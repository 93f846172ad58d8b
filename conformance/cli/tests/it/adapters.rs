//! `adapters` and `compare-runs`, as a user types them.

use std::fs;

use crate::common::run;
use serde_json::Value;

#[test]
fn the_table_has_a_row_for_every_middleware_and_names_the_features() {
    let ran = run(&["adapters"], b"");
    for shown in
        ["tower-http 0.7.1 ", "salvo-cors-0-8 0.81.0 ", "fixed: {", " 19 private network", "features enabled: "]
    {
        assert!(ran.stdout.contains(shown), "{shown}: {}", ran.stdout);
    }
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_record_tells_where_the_middleware_is_from_and_why_it_cannot_say_something() {
    let ran = run(&["adapters", "--adapter", "tide", "--format", "json"], b"");
    let records: Value = serde_json::from_str(&ran.stdout).unwrap();
    let record = &records[0];
    assert_eq!(record["repository"], "https://github.com/http-rs/tide");
    assert_eq!(record["documentation"], "https://docs.rs/tide/0.16.0");
    assert_eq!(record["says"]["mirrored origin"]["not"], "any origin is answered by `*` alone");
    assert_eq!(record["says"]["credentials"]["by"], "CorsMiddleware::allow_credentials");
}

#[test]
fn an_adapter_that_is_none_is_an_error_that_names_those_that_are() {
    let ran = run(&["adapters", "--adapter", "nonsense"], b"");
    assert!(
        ran.stderr.contains("--adapter nonsense: unknown middleware; `cors-conformance adapters` lists them"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, Some(2));
}

#[test]
fn two_results_are_compared_and_a_file_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (clean, broken, rubbish) = (path("clean.json"), path("broken.json"), path("rubbish.json"));
    for (adapter, file) in [("reference", &clean), ("overwrites-vary", &broken)] {
        run(&["run", "--adapter", adapter, "--vector", "handler-headers", "--format", "json", "--out", file], b"");
    }
    // The same row, before and after.
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
    assert!(ran.stderr.contains("rubbish.json:1: missing field `schema`; a result file is what "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}
