//! A middleware that hangs, ends its process or poisons its state is an observation about it, and never ends the run.

use crate::common::run;
use serde_json::Value;

/// The rows of a run over these adapters and vectors, with a short limit.
fn rows(adapters: &[&str], vector: &str) -> Vec<Value> {
    let mut args = vec!["run", "--format", "json", "--timeout", "1", "--vector", vector];
    adapters.iter().for_each(|adapter| args.extend(["--adapter", adapter]));
    let ran = run(&args, b"");
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    report["adapters"].as_array().unwrap().clone()
}

fn rules(row: &Value) -> Vec<&str> {
    row["divergences"].as_array().unwrap().iter().map(|divergence| divergence["rule"].as_str().unwrap()).collect()
}

#[test]
fn one_that_hangs_is_killed_and_the_rest_of_the_run_is_there() {
    let rows = rows(&["loops-on-three-names", "reference"], "request-headers");
    assert_eq!(rows[0]["name"], "reference");
    assert_eq!(rows[0]["counts"]["conform"], rows[0]["counts"]["cases"]);
    let hung = &rows[1];
    assert!(rules(hung).iter().all(|rule| *rule == "robustness/hang"));
    let (cases, diverge) = (hung["counts"]["cases"].as_u64().unwrap(), hung["counts"]["diverge"].as_u64().unwrap());
    assert!(diverge >= 1 && hung["counts"]["conform"].as_u64().unwrap() == cases - diverge);
}

#[test]
fn the_evidence_ends_with_the_request_that_got_no_answer() {
    let rows = rows(&["loops-on-three-names"], "request-headers/twenty-headers-at-once");
    let evidence = &rows[0]["divergences"][0]["evidence"];
    let last = evidence["exchanges"].as_array().unwrap().last().unwrap();
    assert_eq!(evidence["message"], "There is no answer within 1 s.");
    assert_eq!((last["method"].as_str(), last["failure"].as_str()), (Some("OPTIONS"), Some("no answer")));
}

#[test]
fn one_that_ends_its_process_is_told_by_how_it_ended() {
    let rows = rows(&["ends-its-process"], "request-headers");
    assert!(rules(&rows[0]).iter().all(|rule| *rule == "robustness/abort"));
    let message = rows[0]["divergences"][0]["evidence"]["message"].as_str().unwrap();
    assert!(message.starts_with("The server's process ends: signal: 6 (SIGABRT)"), "{message}");
}

#[test]
fn state_that_a_handlers_panic_poisons_shows_at_the_next_request() {
    let rows = rows(&["poisoned-by-a-panic"], "routes");
    assert_eq!(rules(&rows[0]), ["robustness/panic"]);
    assert_eq!(rows[0]["divergences"][0]["case"]["id"], "routes/preflights-after-a-panic");
}

#[test]
fn the_same_run_gives_the_same_bytes_whatever_the_jobs() {
    let bytes = |jobs| run(&["run", "--format", "json", "--jobs", jobs, "--vector", "routes"], b"").stdout;
    assert!(bytes("1") == bytes("4"));
}
