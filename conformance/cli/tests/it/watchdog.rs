//! A middleware that hangs, ends its process or poisons its state is a finding and does not end the run.

use crate::common::run;
use serde_json::Value;

/// Returns the result of a run of these adapters and vectors with a short time limit.
fn report(adapters: &[&str], vector: &str) -> Value {
    let mut args = vec!["run", "--format", "json", "--timeout", "1", "--vector", vector];
    adapters.iter().for_each(|adapter| args.extend(["--adapter", adapter]));
    let ran = run(&args, b"");
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Returns the rows of a run of these adapters and vectors with a short time limit.
fn rows(adapters: &[&str], vector: &str) -> Vec<Value> {
    report(adapters, vector)["adapters"].as_array().unwrap().clone()
}

fn rules(row: &Value) -> Vec<&str> {
    row["divergences"].as_array().unwrap().iter().map(|divergence| divergence["rule"].as_str().unwrap()).collect()
}

#[test]
fn a_middleware_that_hangs_is_killed_and_the_run_continues() {
    let rows = rows(&["loops-on-three-names", "reference"], "request-headers");
    assert_eq!(rows[0]["name"], "reference");
    assert_eq!(rows[0]["counts"]["conform"], rows[0]["counts"]["cases"]);
    let hung = &rows[1];
    assert!(rules(hung).iter().all(|rule| *rule == "robustness/hang"));
    let (cases, diverge) = (hung["counts"]["cases"].as_u64().unwrap(), hung["counts"]["diverge"].as_u64().unwrap());
    assert!(diverge >= 1 && hung["counts"]["conform"].as_u64().unwrap() == cases - diverge);
}

#[test]
fn the_evidence_of_a_hang_ends_with_the_unanswered_request() {
    let report = report(&["loops-on-three-names"], "request-headers/twenty-headers-at-once");
    let divergence = &report["adapters"][0]["divergences"][0];
    let last = divergence["cases"][0]["exchanges"].as_array().unwrap().last().unwrap();
    let exchange = &report["exchanges"][last.as_u64().unwrap() as usize];
    let request = &report["requests"][exchange["request"].as_u64().unwrap() as usize];
    let response = &report["responses"][exchange["response"].as_u64().unwrap() as usize];
    assert_eq!(divergence["message"], "There is no answer within 1 s.");
    assert_eq!((request["method"].as_str(), response["failure"].as_str()), (Some("OPTIONS"), Some("no answer")));
}

#[test]
fn the_message_about_an_ended_process_gives_its_exit_status() {
    let rows = rows(&["ends-its-process"], "request-headers");
    assert!(rules(&rows[0]).iter().all(|rule| *rule == "robustness/abort"));
    let message = rows[0]["divergences"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("The server's process ends: signal: 6 (SIGABRT)"), "{message}");
}

#[test]
fn a_mutex_that_a_panic_poisons_fails_the_next_request() {
    let rows = rows(&["poisoned-by-a-panic"], "routes");
    assert_eq!(rules(&rows[0]), ["robustness/panic"]);
    assert_eq!(rows[0]["divergences"][0]["cases"][0]["case"], "routes/preflights-after-a-panic");
}

#[test]
fn the_number_of_jobs_does_not_change_the_result() {
    let bytes = |jobs| run(&["run", "--format", "json", "--jobs", jobs, "--vector", "routes"], b"").stdout;
    let sequential = bytes("1");
    assert!(!sequential.is_empty() && sequential == bytes("4"));
}
