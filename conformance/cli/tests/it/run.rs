//! `run`, as a user types it.

use std::{fs, path::Path};

use crate::common::run;
use serde_json::Value;

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

/// A folder with one file in it.
fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn without_arguments_it_runs_every_built_in_middleware_and_the_report_fits_in_two_screens() {
    let ran = run(&[], b"");
    for shown in ["actix-cors 0.7.2", "tower-http 0.7.1", "over-grant", "replay: cors-conformance run --adapter "] {
        assert!(ran.stdout.contains(shown), "{shown}: {}", ran.stdout);
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
    assert_eq!(report["schema"], 1);
    let adapter = &report["adapters"][0];
    assert_eq!((&adapter["name"], &adapter["version"]), (&"tower-http".into(), &"0.7.1".into()));
    let counts = adapter["counts"].as_object().unwrap();
    let outcomes = ["conform", "diverge", "unsupported", "rejected", "inconclusive", "broken"];
    let sum: u64 = outcomes.iter().map(|outcome| counts[*outcome].as_u64().unwrap()).sum();
    assert_eq!(counts["cases"].as_u64(), Some(sum));
    let divergence = adapter["divergences"][0].as_object().unwrap();
    let keys: Vec<_> = divergence.keys().map(String::as_str).collect();
    assert_eq!(keys, ["case", "class", "evidence", "fingerprint", "known", "rule", "severity"]);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    // Those whose lists have no order, and those whose panics and statuses are many.
    let of = ["actix-cors", "salvo-cors", "poem:glob", "tower-http"].map(|adapter| ["--adapter", adapter]).concat();
    let args = [&["run", "--format", "json"][..], &of].concat();
    let once = || run(&args, b"").stdout;
    assert_eq!(once(), once());
}

#[test]
fn out_writes_the_report_to_a_file() {
    let (_folder, path) = folder_with("result.json", "");
    let ran = run(&["run", "--adapter", "reference", "--format", "json", "--out", &path], b"");
    assert_eq!(ran.stdout, "");
    assert!(serde_json::from_str::<Value>(&fs::read_to_string(path).unwrap()).is_ok());
}

#[test]
fn shards_share_out_every_vector_once() {
    let cases = |shard: &str| {
        let ran = run(&["run", "--adapter", "reference", "--format", "json", "--shard", shard], b"");
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["adapters"][0]["counts"]["cases"].as_u64().unwrap()
    };
    assert_eq!(cases("1/3") + cases("2/3") + cases("3/3"), cases("1/1"));
    assert_eq!(run(&["run", "--shard", "4/3"], b"").status, Some(2));
}

#[test]
fn a_case_is_replayed_by_its_id() {
    let ran = run(&["run", "--adapter", "tower-http", "--vector", "plain-requests/options-alone"], b"");
    assert!(
        ran.stdout.starts_with("1 vector, ") && ran.stdout.contains("interference/plain-options"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(1));
}

#[test]
fn an_id_is_that_vector_alone_and_a_topic_is_all_of_its_vectors() {
    let first_line = |vector| run(&["run", "--adapter", "reference", "--vector", vector], b"").stdout;
    assert!(first_line("statuses/server-error").starts_with("1 vector, "));
    assert!(first_line("statuses").starts_with("12 vectors"));
    assert_eq!(first_line("statuses/"), first_line("statuses"));
}

#[test]
fn a_rule_or_its_class_is_selected_alone() {
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
fn one_bad_vector_is_named_and_the_others_are_run() {
    for (bad, line, says) in [
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
        assert!(ran.stderr.contains(&format!("mine.json:{line}: ")) && ran.stderr.contains(says), "{}", ran.stderr);
        assert_eq!(ran.status, Some(2));
    }
}

#[test]
fn a_file_that_is_no_json_is_named_with_its_line_and_the_rest_is_run() {
    let (_folder, broken) = folder_with("broken.json", "{\n  \"schema\": 1,\n  oops\n}");
    let (_folder, good) = folder_with("good.json", VECTOR);
    let ran = run(&["run", "--adapter", "reference", "--vector", &good, "--vector", &broken], b"");
    assert!(ran.stdout.starts_with("2 vectors"), "{}", ran.stdout);
    assert!(ran.stderr.contains("broken.json:3: "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    for (args, says) in [
        (["run", "--adapter", "nope"], "--adapter nope: unknown middleware; `cors-conformance adapters` lists them"),
        (["run", "--rule", "nope"], "--rule nope: unknown rule; `cors-conformance rules` lists them"),
        (["run", "--vector", "nope"], "--vector nope: neither the id of a vector nor a file"),
        (["run", "--vector", "nope.json"], "--vector nope.json: No such file"),
        (["run", "--baseline", "nope.json"], "--baseline nope.json: No such file"),
        (["run", "--out", "/nope/x"], "/nope/x: No such file"),
    ] {
        let mut args = args.to_vec();
        if args[1] != "--adapter" {
            args.extend(["--adapter", "reference"]);
        }
        let ran = run(&args, b"");
        assert!(ran.stderr.contains(says), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.status, Some(2), "{args:?}");
    }
}

#[test]
fn the_baseline_of_this_repository_covers_what_is_found_and_no_more() {
    let baseline = Path::new(env!("CARGO_MANIFEST_DIR")).join("../baseline.json");
    let ran = run(&["run", "--baseline", baseline.to_str().unwrap()], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_baseline_entry_that_no_longer_holds_names_its_line() {
    let entry = |entry: &str| format!("{{\"schema\": 1, \"entries\": [\n{entry}\n]}}");
    // Only a whole result can tell.
    let stale = entry(
        r#"{"fingerprint": "x", "reason": "r", "link": "l"},
           {"rule": "interference/plain-options", "covers": 99, "reason": "r", "link": "l"}"#,
    );
    let (_folder, path) = folder_with("b.json", &stale);
    let ran = run(&["run", "--baseline", &path], b"");
    for says in ["b.json:2: x: matches no divergence", "fingerprints, not 99"] {
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
    assert_eq!(ran.status, Some(1));
    for (text, says) in [
        (entry(r#"{"fingerprint": "x", "link": "l"}"#), "b.json:2: missing field `reason`"),
        (entry(r#"{"rule": "x", "reason": "r", "link": "l"}"#), "b.json:2: covers: give the number"),
        (entry(r#"{"fingerprint": "x", "reason": " ", "link": "l"}"#), "b.json:2: reason: give the reason"),
    ] {
        let (_folder, path) = folder_with("b.json", &text);
        let ran = run(&["run", "--adapter", "tower-http", "--baseline", &path], b"");
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
        assert_eq!(ran.status, Some(2), "{}", ran.stderr);
        assert!(ran.stdout.contains("tower-http 0.7.1"), "the report is kept");
    }
}
