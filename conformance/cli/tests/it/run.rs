//! The command `run`.

use std::{fs, path::Path, sync::LazyLock};

use cors_adapters::registry::middlewares;
use serde_json::Value;

use crate::common::run;

/// The result file of one run over every built-in middleware and every vector, which several tests read.
static WHOLE_RESULT: LazyLock<&str> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/whole-result.json");
    let ran = run(&["run", "--format", "json", "--out", path], b"");
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(1), "", ""));
    path
});

const VECTOR: &str = r#"{
  "schema": 1,
  "about": "Two vectors.",
  "vectors": [
    {"id": "t/good", "says": "s", "spec": "checklist", "quote": "q",
     "case": {"policy": {"origins": ["https://a.example"]}, "visits": [{"fetch": {"page_origin": "https://a.example"}}]},
     "expect": [{"intent": "permit"}]},
    {"id": "t/second", "says": "s", "spec": "checklist", "quote": "q",
     "case": {"policy": {"exposed_headers": ["x-a"]}, "visits": [{"fetch": {"page_origin": "https://a.example"}}]},
     "expect": [{"intent": "deny"}]}
  ]
}"#;

/// Returns a folder with one file, and the path of the file.
fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn a_whole_run_has_a_row_for_every_middleware_and_its_report_fits_in_two_screens() {
    let ran = run(&["report", &WHOLE_RESULT], b"");
    for middleware in middlewares() {
        let row = format!("{} {}", middleware.describe().name, middleware.describe().version);
        assert!(ran.stdout.contains(&row), "{row}: {}", ran.stdout);
    }
    for part in ["over-grant", "replay: cors-conformance run --adapter "] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(ran.stdout.lines().count() <= 120, "{}", ran.stdout);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""));
}

#[test]
fn the_reference_server_has_no_divergence_and_exits_0() {
    let ran = run(&["run", "--adapter", "reference"], b"");
    assert!(ran.stdout.contains("No divergence."), "{}", ran.stdout);
    assert_eq!(ran.status, Some(0));
}

#[test]
fn json_has_the_promised_shape() {
    let ran = run(&["run", "--format", "json", "--adapter", "tower-http"], b"");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["schema"], 2);
    let adapter = &report["adapters"][0];
    assert_eq!(adapter["name"], "tower-http");
    assert!(adapter["version"].as_str().is_some_and(|version| !version.is_empty()));
    let counts = adapter["counts"].as_object().unwrap();
    let outcomes = ["conform", "diverge", "unsupported", "rejected", "inconclusive", "broken"];
    let sum: u64 = outcomes.iter().map(|outcome| counts[*outcome].as_u64().unwrap()).sum();
    assert_eq!(counts["cases"].as_u64(), Some(sum));
    let divergence = adapter["divergences"][0].as_object().unwrap();
    let keys: Vec<_> = divergence.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["cases", "class", "fingerprint", "known", "line", "message", "reason", "rule", "severity", "spec"]
    );
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    // These middlewares have lists without an order, panics, and different statuses.
    let adapters =
        ["actix-cors", "salvo-cors", "poem:glob", "tower-http"].map(|adapter| ["--adapter", adapter]).concat();
    let args = [&["run", "--format", "json"][..], &adapters].concat();
    let once = || run(&args, b"").stdout;
    let first = once();
    assert!(!first.is_empty());
    assert_eq!(first, once());
}

#[test]
fn out_writes_the_report_to_a_file() {
    let (_folder, path) = folder_with("result.json", "");
    let ran = run(&["run", "--adapter", "reference", "--format", "json", "--out", &path], b"");
    assert_eq!(ran.stdout, "");
    assert!(serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).is_ok());
}

#[test]
fn every_vector_is_in_exactly_one_shard() {
    let cases = |shard: &str| {
        let ran = run(&["run", "--adapter", "reference", "--format", "json", "--shard", shard], b"");
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["adapters"][0]["counts"]["cases"].as_u64().unwrap()
    };
    assert_eq!(cases("1/3") + cases("2/3") + cases("3/3"), cases("1/1"));
    assert_eq!(run(&["run", "--shard", "4/3"], b"").status, Some(2));
}

#[test]
fn an_id_replays_one_case() {
    let ran = run(&["run", "--adapter", "tower-http", "--vector", "plain-requests/options-alone"], b"");
    assert!(
        ran.stdout.starts_with("1 vector, ") && ran.stdout.contains("interference/plain-options"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(1));
}

#[test]
fn an_id_selects_one_vector_and_a_topic_all_its_vectors() {
    let first_line = |vector| run(&["run", "--adapter", "reference", "--vector", vector], b"").stdout;
    assert!(first_line("statuses/server-error").starts_with("1 vector, "));
    assert!(first_line("statuses").starts_with("12 vectors"));
    assert!(first_line("statuses/").starts_with("12 vectors"));
}

#[test]
fn a_rule_or_a_class_of_rules_is_selected() {
    let found = |rule| run(&["run", "--adapter", "blocks-same-origin", "--rule", rule, "--all"], b"").stdout;
    assert!(!found("interference/same-origin").contains("interference/plain-options"));
    assert!(found("interference").contains("interference/plain-options"));
    assert!(found("over-grant").contains("No divergence."));
}

#[test]
fn a_file_of_vectors_and_a_bare_case_are_run() {
    let (_folder, path) = folder_with("mine.json", VECTOR);
    let ran = run(&["run", "--adapter", "reference", "--vector", &path], b"");
    assert!(ran.stdout.starts_with("2 vectors"), "{}", ran.stdout);
    let (_folder, path) = folder_with("crash", r#"{"visits": [{"fetch": {"page_origin": "null"}}]}"#);
    let ran = run(&["run", "--adapter", "reference", "--vector", &path], b"");
    assert!(ran.stdout.starts_with("1 vector, "), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn an_invalid_vector_is_an_error_and_the_others_run() {
    for (bad, line, message) in [
        (VECTOR.replace("\"x-a\"", "\"x a\""), 9, "vectors[1].case.policy.exposed_headers[0]: `x a` is not a token"),
        (VECTOR.replace("t/second", "t/good"), 8, "vectors[1].id: `t/good` is used by "),
        (VECTOR.replace("{\"intent\": \"deny\"}", ""), 8, "vectors[1].expect: 0 given for 1 visits"),
        (VECTOR.replace("{\"exposed_headers\"", "{\"exposed\""), 9, "vectors[1].case.policy.exposed: unknown field"),
        (
            VECTOR.replacen(
                "https://a.example\"}}]},\n     \"expect\": [{\"intent\": \"deny",
                "a.example\"}}]},\n     \"expect\": [{\"intent\": \"deny",
                1,
            ),
            9,
            "page_origin: `a.example` is not a serialized origin",
        ),
    ] {
        let (_folder, path) = folder_with("mine.json", &bad);
        let ran = run(&["run", "--adapter", "reference", "--vector", &path], b"");
        assert!(ran.stdout.starts_with("1 vector, "), "{}", ran.stdout);
        assert!(ran.stderr.contains(&format!("mine.json:{line}: ")) && ran.stderr.contains(message), "{}", ran.stderr);
        assert_eq!(ran.status, Some(2));
    }
}

#[test]
fn an_invalid_file_of_vectors_is_an_error_and_the_others_run() {
    let (_folder, broken) = folder_with("broken.json", "{\n  \"schema\": 1,\n  oops\n}");
    let (_folder, good) = folder_with("good.json", VECTOR);
    let ran = run(&["run", "--adapter", "reference", "--vector", &good, "--vector", &broken], b"");
    assert!(ran.stdout.starts_with("2 vectors"), "{}", ran.stdout);
    assert!(ran.stderr.contains("broken.json:3: "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn unknown_names_and_missing_files_are_errors_before_the_run() {
    for (option, value, message) in [
        ("--adapter", "towerhttp", "--adapter towerhttp: unknown middleware; did you mean `tower-http`?"),
        ("--rule", "nope", "--rule nope: unknown rule; `cors-conformance rules` lists them"),
        ("--rule", "over-grants", "--rule over-grants: unknown rule; did you mean `over-grant`?"),
        ("--vector", "nope", "--vector nope: neither the id of a vector nor a file"),
        ("--vector", "nope.json", "--vector nope.json: No such file"),
        ("--out", "/nope/x", "/nope/x: No such file"),
    ] {
        let ran = run(&["run", option, value, "--adapter", "reference"], b"");
        assert!(ran.stderr.contains(message), "{option} {value}: {}", ran.stderr);
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(2)), "{option} {value}");
    }
}

#[test]
fn a_missing_baseline_is_an_error_after_the_report() {
    let args = ["run", "--adapter", "reference", "--vector", "statuses", "--baseline", "nope.json"];
    let ran = run(&args, b"");
    assert!(ran.stderr.contains("--baseline nope.json: No such file"), "{}", ran.stderr);
    assert!(ran.stdout.contains("No divergence."), "{}", ran.stdout);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn the_baseline_of_this_repository_covers_exactly_the_divergences() {
    let baseline = Path::new(env!("CARGO_MANIFEST_DIR")).join("../baseline.json");
    let ran = run(&["report", &WHOLE_RESULT, "--baseline", baseline.to_str().unwrap()], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_baseline_entry_that_matches_nothing_is_an_error_with_its_line() {
    let entry = |entry: &str| format!("{{\"schema\": 1, \"entries\": [\n{entry}\n]}}");
    // Only the result of a whole run can show this.
    let stale = entry(
        r#"{"fingerprint": "x", "reason": "r", "link": "l"},
           {"rule": "interference/plain-options", "covers": 99, "reason": "r", "link": "l"}"#,
    );
    let (_folder, path) = folder_with("b.json", &stale);
    let ran = run(&["report", &WHOLE_RESULT, "--baseline", &path], b"");
    for message in ["b.json:2: x: matches no divergence", "fingerprints, not 99"] {
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    assert_eq!(ran.status, Some(1));
}

#[test]
fn an_incomplete_baseline_entry_is_an_error_with_its_line() {
    let entry = |entry: &str| format!("{{\"schema\": 1, \"entries\": [\n{entry}\n]}}");
    for (text, message) in [
        (entry(r#"{"fingerprint": "x", "link": "l"}"#), "b.json:2: missing field `reason`"),
        (entry(r#"{"rule": "x", "reason": "r", "link": "l"}"#), "b.json:2: covers: give the number"),
        (entry(r#"{"fingerprint": "x", "reason": " ", "link": "l"}"#), "b.json:2: reason: give the reason"),
    ] {
        let (_folder, path) = folder_with("b.json", &text);
        let ran = run(&["run", "--adapter", "tower-http", "--vector", "statuses", "--baseline", &path], b"");
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
        assert_eq!(ran.status, Some(2), "{}", ran.stderr);
        assert!(ran.stdout.contains("tower-http "), "the report is missing");
    }
}
