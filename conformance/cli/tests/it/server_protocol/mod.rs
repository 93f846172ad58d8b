//! Programs in any language under test: correct servers and servers that break the protocol.

mod examples;
mod misbehaving;

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use misbehaving::command;
use serde_json::Value;

use crate::common::{Ran, run};

/// Two vectors: a simple fetch from a listed origin, and a preflighted one.
const VECTORS: &str = r#"{"schema": 1, "about": "Two vectors.", "vectors": [
  {"id": "t/simple", "says": "s", "spec": "checklist", "quote": "q",
   "case": {"policy": {"origins": ["https://app.example"]}, "visits": [{"fetch": {"page_origin": "https://app.example"}}]},
   "expect": [{"intent": "permit"}]},
  {"id": "t/preflight", "says": "s", "spec": "checklist", "quote": "q",
   "case": {"policy": {"origins": ["https://app.example"], "methods": ["PUT"]},
            "visits": [{"fetch": {"page_origin": "https://app.example", "request": {"method": "PUT", "body": "x"}}}]},
   "expect": [{"intent": "permit"}]}
]}"#;

/// The time limit for servers that exceed it.
const SHORT: &[&str] = &["--timeout", "1"];

/// Runs the vectors over servers and over the reference server. Returns the result and the rows.
fn run_beside_the_reference(servers: &[String], more: &[&str]) -> (Ran, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let vectors = folder.path().join("vectors.json");
    fs::write(&vectors, VECTORS).unwrap();
    let mut args = vec!["run", "--format", "json", "--adapter", "reference"];
    args.extend(["--vector", vectors.to_str().unwrap()]);
    args.extend(servers.iter().flat_map(|server| ["--server", server]));
    args.extend(more);
    let ran = run(&args, b"");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let rows = report["adapters"].as_array().unwrap().clone();
    // The run continues regardless of what a server does.
    assert_eq!((&rows[0]["name"], &rows[0]["counts"]["conform"]), (&"reference".into(), &2.into()));
    (ran, rows)
}

fn rules(row: &Value) -> Vec<&str> {
    row["divergences"].as_array().unwrap().iter().map(|divergence| divergence["rule"].as_str().unwrap()).collect()
}

#[test]
fn correct_servers_conform_with_any_framing_of_responses() {
    for how in ["correct", "prints-noise", "sends-chunks", "closes-each-time", "sends-early-hints"] {
        let (ran, rows) = run_beside_the_reference(&[command(how)], &[]);
        assert_eq!(rows[1]["counts"]["conform"], 2, "{how}: {}", rows[1]);
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{how}");
    }
}

#[test]
fn the_row_contains_the_introduction_of_the_program() {
    let (_, rows) = run_beside_the_reference(&[command("correct")], &[]);
    let of_row = |field: &str| rows[1][field].as_str().unwrap().to_owned();
    assert_eq!(
        ["name", "version", "language", "issues"].map(of_row),
        ["misbehaving", "1.0", "Rust", "https://a.example/issues"]
    );
}

#[test]
fn a_program_that_breaks_the_protocol_is_a_broken_row_with_the_reason() {
    let programs = [
        ("never-answers", "it did not answer within 2 s"),
        ("sends-invalid-json", "it did not answer within 2 s; it printed `listening on 127.0.0.1:80`"),
        ("sends-an-incomplete-answer", "is not valid: missing field `name`"),
        ("ends-at-start", "the process ended: exit status: 3; it printed `Error: there is no module`"),
        ("ends-at-policy", "the process ended: exit status: 4"),
        ("listens-nowhere", "no server listens on 127.0.0.1:"),
        ("listens-elsewhere", "it listens on `192.0.2.1:80`, which is not a loopback address with a port"),
        ("has-a-slash-in-its-name", "its name `a/b` is not valid"),
        ("refuses-the-control", "the program refuses the null policy, which asks for the control: no"),
        ("supports-nothing", "the policy of the smoke test is unsupported: no origins"),
        ("gives-no-call-count", "the control does not answer GET /calls with a number"),
        ("never-responds-as-control", "the control: there is no answer within 2 s"),
        ("ends-its-process-as-control", "the control: the process ended: exit status: 5"),
        ("sends-invalid-http-as-control", "the control: "),
    ];
    // Most of the time is waiting, so several programs run in parallel.
    for programs in programs.chunks(4) {
        thread::scope(|scope| {
            for (how, reason) in programs {
                scope.spawn(move || {
                    let start = Instant::now();
                    let (ran, rows) = run_beside_the_reference(&[command(how)], &["--timeout", "2"]);
                    assert_eq!((&rows[1]["counts"]["broken"], ran.status), (&2.into(), Some(2)), "{how}: {}", rows[1]);
                    assert!(start.elapsed() < Duration::from_secs(60), "{how}: {:?}", start.elapsed());
                    let given = rows[1]["cases"][0]["why"].as_str().unwrap();
                    assert!(given.contains(reason), "{how}: {given}");
                });
            }
        });
    }
    let ran = run(&["run", "--vector", "origins/listed-origin-reads", "--server", &command("ends-at-policy")], b"");
    assert!(ran.stdout.contains("the process ended: exit status: 4"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_server_that_fails_at_a_request_is_a_finding_and_the_next_case_runs() {
    for (how, rule, text) in [
        ("ends-its-process", "robustness/abort", "The server's process ends: the process ended: exit status: 5"),
        ("closes-the-connection", "robustness/panic", "the connection ends without an answer"),
        ("never-responds", "robustness/hang", "The server does not answer the request: there is no answer within 1 s."),
        ("sends-slowly", "robustness/hang", "there is no end to the answer within 1 s"),
        ("sends-without-end", "robustness/hang", "The server does not answer the request: "),
        ("sends-invalid-http", "robustness/malformed-value", "The response is not valid HTTP: "),
        (
            "puts-a-nul-into-a-value",
            "robustness/malformed-value",
            "The response is not valid HTTP: invalid header value",
        ),
    ] {
        let (ran, rows) = run_beside_the_reference(&[command(how)], SHORT);
        let row = &rows[1];
        assert!(rules(row).contains(&rule), "{how}: {row}");
        let first = row["divergences"].as_array().unwrap().iter().find(|found| found["rule"] == rule).unwrap();
        let message = first["message"].as_str().unwrap();
        assert!(message.contains(text), "{how}: {message}");
        assert_eq!((&row["counts"]["conform"], &row["counts"]["diverge"]), (&1.into(), &1.into()), "{how}");
        assert_eq!(ran.status, Some(1), "{how}: {}", ran.stderr);
    }
}

#[test]
fn a_fingerprint_starts_with_the_name_of_the_server_and_can_be_in_a_baseline() {
    let servers = [command("closes-the-connection")];
    let (_, rows) = run_beside_the_reference(&servers, &[]);
    let fingerprint = rows[1]["divergences"][0]["fingerprint"].as_str().unwrap();
    assert!(fingerprint.starts_with("misbehaving/robustness/panic/"), "{fingerprint}");
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("baseline.json");
    let entry = format!(r#"{{"fingerprint": "{fingerprint}", "reason": "it closes", "link": "l"}}"#);
    fs::write(&baseline, format!(r#"{{"schema": 1, "entries": [{entry}]}}"#)).unwrap();
    let (ran, rows) = run_beside_the_reference(&servers, &["--baseline", baseline.to_str().unwrap()]);
    assert_eq!((&rows[1]["divergences"][0]["known"], ran.status), (&true.into(), Some(0)), "{}", ran.stderr);
}

#[test]
fn built_in_middlewares_do_not_run_beside_a_server_and_the_replay_names_its_command() {
    let ran = run(&["run", "--vector", "plain-requests", "--server", &command("closes-the-connection")], b"");
    assert!(ran.stdout.contains("misbehaving 1.0") && !ran.stdout.contains("tower-http"), "{}", ran.stdout);
    assert!(ran.stdout.contains("replay: cors-conformance run --server 'env "), "{}", ran.stdout);
}

#[test]
fn an_invalid_command_and_a_repeated_name_are_errors() {
    let (ran, rows) = run_beside_the_reference(&["/nowhere/server --port 1".to_owned()], &[]);
    assert_eq!((&rows[1]["name"], &rows[1]["counts"]["broken"]), (&"/nowhere/server".into(), &2.into()));
    assert_eq!(ran.status, Some(2));
    let ran = run(&["run", "--server", "'no end"], b"");
    assert!(ran.stderr.contains("--server `'no end` is not a command"), "{}", ran.stderr);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(2)));
    let (ran, _) = run_beside_the_reference(&[command("correct"), command("sends-chunks")], &[]);
    assert!(ran.stderr.contains("two rows have the name `misbehaving`"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn every_process_that_a_server_started_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    fs::write(&pids, "").unwrap();
    let server =
        command("leaves-a-process").replacen("env ", &format!("env CORS_CONFORMANCE_PIDS={} ", pids.display()), 1);
    run_beside_the_reference(&[server], &[]);
    let pids = fs::read_to_string(pids).unwrap();
    // The program runs twice, and each process starts another one.
    assert_eq!(pids.lines().count(), 4, "{pids}");
    // A process that has ended stays in the table until its parent reaps it.
    let is_left = |pid: &&str| {
        let stat = fs::read_to_string(Path::new("/proc").join(pid).join("stat"));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    let left = (0..50).find_map(|_| {
        let left: Vec<&str> = pids.lines().filter(is_left).collect();
        std::thread::sleep(Duration::from_millis(20));
        left.is_empty().then_some(())
    });
    assert!(left.is_some(), "{:?}", pids.lines().filter(is_left).collect::<Vec<_>>());
}
