//! `assess` on recorded exchanges of public bug reports: each bug is found with its class, and no corrected answer has a
//! finding above severity low.

use std::collections::BTreeMap;

use cors_conformance::{assess::assess_stream, rules::Severity};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    id: String,
    one_of: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    findings: Vec<Found>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    rule: String,
    class: String,
    severity: Severity,
}

fn wrong(input: &str, expected: &str) -> Vec<String> {
    let mut output = Vec::new();
    assess_stream(input.as_bytes(), &mut output).unwrap();
    let lines = String::from_utf8(output).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Line>(line).unwrap());
    let lines: BTreeMap<String, Line> = lines.map(|line| (line.id.clone(), line)).collect();
    let mut wrong = Vec::new();
    for expected in expected.lines().map(|line| serde_json::from_str::<Expected>(line).unwrap()) {
        let line = &lines[&expected.id];
        let found: Vec<String> =
            line.findings.iter().map(|found| format!("{} {}", found.severity, found.rule)).collect();
        let is_right = match expected.one_of.as_slice() {
            [] => line.findings.iter().all(|found| found.severity == Severity::Low),
            classes => line.findings.iter().any(|found| classes.contains(&found.class)),
        };
        if !is_right || line.error.is_some() {
            wrong.push(format!("{}: wanted {:?}, found {found:?} {:?}", expected.id, expected.one_of, line.error));
        }
    }
    wrong
}

#[test]
fn each_reported_bug_has_its_class_and_each_correction_is_clean() {
    let wrong = wrong(include_str!("data/assess.jsonl"), include_str!("data/assess.expected.jsonl"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
