//! The command `assess`.

use std::fs;

use crate::common::run;
use serde_json::{Value, json};

/// Returns the output lines and the exit status of `assess`.
fn assess(lines: &[Value]) -> (Vec<Value>, Option<i32>) {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let ran = run(&["assess"], input.as_bytes());
    (ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), ran.status)
}

fn exchange(method: &str, asked: &[(&str, &str)], status: u16, answered: &[(&str, &str)]) -> Value {
    json!({
        "request": {"method": method, "url": "https://api.example/", "headers": asked},
        "response": {"status": status, "headers": answered},
    })
}

/// Returns the severity and the rule of each finding in one recording.
fn found(policy: &Value, exchanges: &[Value]) -> Vec<String> {
    let (lines, status) = assess(&[json!({"id": "1", "policy": policy, "exchanges": exchanges})]);
    assert_eq!(status, Some(0), "{lines:?}");
    let findings = lines[0]["findings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings.iter().map(|found| format!("{} {}", text(&found["severity"]), text(&found["rule"]))).collect()
}

#[test]
fn a_finding_has_every_promised_field() {
    let policy = json!({"origins": ["https://app.example"]});
    let evil = exchange(
        "GET",
        &[("Origin", "https://evil.example")],
        200,
        &[("Access-Control-Allow-Origin", "https://evil.example")],
    );
    let (lines, _) = assess(&[json!({"id": "1", "policy": policy, "exchanges": [evil]})]);
    assert_eq!(
        lines[0]["findings"][0],
        json!({
            "rule": "over-grant/origin", "class": "over-grant", "severity": "high", "exchange": 0,
            "message": "The page reads the response, although the policy does not list the origin https://evil.example.",
            "spec": "https://fetch.spec.whatwg.org/#concept-cors-check",
        })
    );
}

#[test]
fn a_reflected_origin_with_credentials_is_critical() {
    let evil = exchange(
        "GET",
        &[("Origin", "https://evil.example")],
        200,
        &[
            ("Access-Control-Allow-Origin", "https://evil.example"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Vary", "Origin"),
        ],
    );
    assert_eq!(found(&json!({"origins": ["https://app.example"]}), &[evil]), ["critical over-grant/origin"]);
}

#[test]
fn a_finding_names_its_exchange_by_index() {
    let policy = json!({"origins": ["https://app.example"]});
    let good = exchange("GET", &[], 200, &[("Vary", "Origin")]);
    let bad = exchange("GET", &[("Origin", "https://app.example")], 500, &[]);
    let (lines, _) = assess(&[json!({"id": "1", "policy": policy, "exchanges": [good, bad]})]);
    assert_eq!(lines[0]["findings"][0]["rule"], "missing-on-error/status");
    assert_eq!(lines[0]["findings"][0]["exchange"], 1);
}

#[test]
fn vary_is_required_if_another_visitor_gets_other_headers() {
    let asked = [("Origin", "https://app.example")];
    let answered = [("Access-Control-Allow-Origin", "https://app.example")];
    let answer = || exchange("GET", &asked, 200, &answered);
    let two = json!({"origins": ["https://app.example", "https://admin.example"]});
    assert_eq!(found(&two, &[answer()]), ["medium cache-unsafe/shared-refuses"]);
    // The server sends the same origin to everyone, and only that origin can read.
    assert_eq!(found(&json!({"origins": ["https://app.example"]}), &[answer()]), [""; 0]);
}

#[test]
fn a_response_that_is_not_cached_needs_no_vary() {
    let asked = [("Origin", "https://app.example")];
    let answered = [("Access-Control-Allow-Origin", "https://app.example"), ("Cache-Control", "no-store")];
    let two = json!({"origins": ["https://app.example", "https://admin.example"]});
    assert_eq!(found(&two, &[exchange("GET", &asked, 200, &answered)]), [""; 0]);
}

#[test]
fn a_bad_line_is_an_error_and_the_stream_continues() {
    let policy = json!({"origins": "any"});
    let lines = [
        json!({"id": "1", "policy": policy, "exchanges": []}),
        json!({"id": "2", "policy": policy, "exchanges": [{"request": {"method": "GET", "url": "no url"}, "response": {"status": 200}}]}),
        json!({"id": "3", "policy": policy, "exchanges": [exchange("GET", &[], 200, &[("Access-Control-Allow-Origin", "*")])]}),
    ];
    let (printed, status) = assess(&lines);
    assert_eq!(status, Some(2));
    assert_eq!(
        printed[0],
        json!({"id": "1", "error": "line 1: exchanges: the list is empty: give at least one exchange"})
    );
    assert_eq!(
        printed[1]["error"],
        "line 2: exchanges[0].request.url: `no url` is not a URL: relative URL without a base"
    );
    assert_eq!(printed[2], json!({"id": "3", "findings": []}));
}

fn har(entries: &[Value]) -> Value {
    json!({"log": {"version": "1.2", "creator": {"name": "browser", "version": "1"}, "entries": entries}})
}

fn entry(url: &str, status: i64, asked: &[(&str, &str)], answered: &[(&str, &str)]) -> Value {
    let pairs = |pairs: &[(&str, &str)]| -> Vec<Value> {
        pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    json!({
        "startedDateTime": "2026-01-01T00:00:00Z",
        "request": {"method": "GET", "url": url, "headers": pairs(asked), "bodySize": 0},
        "response": {"status": status, "headers": pairs(answered), "content": {"size": 0}},
    })
}

/// Runs `assess --har` with a HAR file and a policy.
fn assess_har(har: &Value, policy: &str) -> crate::common::Ran {
    let folder = tempfile::tempdir().unwrap();
    let (file, policy_file) = (folder.path().join("session.har"), folder.path().join("policy.json"));
    fs::write(&file, har.to_string()).unwrap();
    fs::write(&policy_file, policy).unwrap();
    run(&["assess", "--har", file.to_str().unwrap(), "--policy", policy_file.to_str().unwrap()], b"")
}

#[test]
fn a_har_file_is_one_recording_and_findings_name_its_entries() {
    let file = har(&[
        entry("https://api.example/blocked", 0, &[("Origin", "https://app.example")], &[]),
        entry("data:text/plain,x", 200, &[], &[]),
        entry(
            "https://api.example/",
            200,
            &[(":authority", "api.example"), ("origin", "https://evil.example")],
            &[("access-control-allow-origin", "https://evil.example")],
        ),
    ]);
    let ran = assess_har(&file, r#"{"origins": ["https://app.example"]}"#);
    let line: Value = serde_json::from_str(ran.stdout.trim()).unwrap();
    assert_eq!((ran.status, line["findings"].as_array().unwrap().len()), (Some(0), 1), "{line}");
    assert_eq!(line["findings"][0]["rule"], "over-grant/origin");
    assert_eq!(line["findings"][0]["exchange"], 2);
}

#[test]
fn an_invalid_har_file_is_an_error_with_its_line() {
    let ran = assess_har(&json!({"log": {}}), r#"{"origins": "any"}"#);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("session.har:1: log: missing field `entries`"), "{}", ran.stderr);
}

#[test]
fn a_har_file_needs_a_policy() {
    let ran = run(&["assess", "--har", "session.har"], b"");
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("--policy <FILE>"), "{}", ran.stderr);
}
