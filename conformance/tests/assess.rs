//! `assess` on recorded exchanges from public bug reports.
//!
//! Each bug has a finding of its class. No fixed response has a finding above severity low.

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
    findings: Vec<Finding>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    class: String,
    severity: Severity,
}

/// Returns the lines whose findings are not as expected.
fn mismatches(input: &str, expected: &str) -> Vec<String> {
    let mut output = Vec::new();
    assess_stream(input.as_bytes(), &mut output).unwrap();
    let lines = String::from_utf8(output).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Line>(line).unwrap());
    let lines: BTreeMap<String, Line> = lines.map(|line| (line.id.clone(), line)).collect();
    let expected: Vec<Expected> = expected.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!expected.is_empty());
    let mut mismatches = Vec::new();
    for Expected { id, one_of } in expected {
        let Line { findings, error, .. } = &lines[&id];
        let is_expected = match one_of.as_slice() {
            [] => findings.iter().all(|finding| finding.severity == Severity::Low),
            classes => findings.iter().any(|finding| classes.contains(&finding.class)),
        };
        if !is_expected || error.is_some() {
            let findings = findings.iter().map(|finding| format!("{} {}", finding.severity, finding.rule));
            let findings = findings.collect::<Vec<_>>();
            mismatches.push(format!("{id}: expected {one_of:?}, found {findings:?} {error:?}"));
        }
    }
    mismatches
}

#[test]
fn each_reported_bug_has_its_class_and_each_fix_has_no_severe_finding() {
    let mismatches = mismatches(include_str!("data/assess.jsonl"), include_str!("data/assess.expected.jsonl"));
    assert!(mismatches.is_empty(), "{}", mismatches.join("\n"));
}
