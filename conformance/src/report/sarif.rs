//! The report as [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), a format for the results of
//! static analysis.
//!
//! Each rule of the suite is a SARIF rule. Each fingerprint is a result, located at the vector of its example.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Value, json};

use super::{
    by_fingerprint::{FingerprintGroup, group_by_fingerprint},
    transcript::transcript,
};
use crate::{
    case::vectors::{Loaded, built_in},
    rules::{Rule, Severity, rules},
    suite::Report,
};

/// The URL of the JSON schema.
pub const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the report; `program` is the command that runs this program.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(report: &Report, program: &str, mut output: impl Write) -> io::Result<()> {
    let indices: BTreeMap<&str, usize> = rules().map(|rule| rule.id).zip(0..).collect();
    let vectors = built_in();
    let results =
        group_by_fingerprint(report).iter().map(|kind| result(kind, &indices, &vectors, program)).collect::<Vec<_>>();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cors-conformance",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules().map(descriptor).collect::<Vec<_>>(),
            }},
            "invocations": [invocation(report)],
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the repository of cors-conformance."}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(output, "{log:#}")
}

/// Returns the description of a rule.
fn descriptor(rule: &Rule) -> Value {
    let quote = rule.quote.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = format!("{}\n\n“{quote}”\n\nMend: {}", rule.why, rule.fix);
    json!({
        "id": rule.id,
        "shortDescription": message(rule.requirement),
        "fullDescription": message(rule.why),
        "help": message(&text),
        "helpUri": rule.link,
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": ["cors", rule.class], "security-severity": score(rule.severity)},
    })
}

fn result(kind: &FingerprintGroup<'_>, indices: &BTreeMap<&str, usize>, vectors: &Loaded, program: &str) -> Value {
    let (found, row) = (kind.example, kind.adapter);
    let id = found.case.id.as_str();
    let mut location = json!({"logicalLocations": [{"name": id, "fullyQualifiedName": format!("{}/{id}", row.name)}]});
    if let Some((file, line)) = vectors.place_of(id) {
        location["physicalLocation"] =
            json!({"artifactLocation": {"uri": file, "uriBaseId": "SRCROOT"}, "region": {"startLine": line}});
    }
    let mut result = json!({
        "ruleId": found.rule,
        "level": level(found.severity),
        "message": message(&format!("{} {}: {}", row.name, row.version, found.evidence.message)),
        "locations": [location],
        "partialFingerprints": {"corsConformance/v1": found.fingerprint},
        "baselineState": if found.known { "unchanged" } else { "new" },
        "occurrenceCount": kind.cases.len(),
        "properties": {
            "severity": found.severity,
            "adapter": row.name,
            "version": row.version,
            "standard": {"reason": found.evidence.reason, "link": found.evidence.spec},
            "exchange": transcript(&found.evidence.exchanges),
            "replay": kind.replay_command(program),
        },
    });
    // A result file of another version may contain unknown rules.
    if let Some(index) = indices.get(&*found.rule) {
        result["ruleIndex"] = json!(index);
    }
    if found.known {
        result["suppressions"] = json!([{"kind": "external", "justification": "The baseline expects it."}]);
    }
    result
}

/// Returns the description of the run. It contains the failures of the harness, which are not results.
fn invocation(report: &Report) -> Value {
    let broken = report.adapters.iter().filter(|row| row.counts.broken > 0);
    let notifications: Vec<Value> = broken
        .flat_map(|row| row.remarks().into_iter().map(move |remark| (row, remark)))
        .filter(|(_, remark)| remark.is_broken())
        .map(|(row, remark)| json!({"level": "error", "message": message(&format!("{}: {remark}", row.name))}))
        .collect();
    json!({"executionSuccessful": notifications.is_empty(), "toolExecutionNotifications": notifications})
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Returns a security severity from 0 to 10: the middle of the range that GitHub assigns to the severity.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

/// Returns a message. Brackets are escaped because they could start a link (section 3.11.6).
fn message(text: &str) -> Value {
    json!({"text": text.replace('[', r"\[").replace(']', r"\]")})
}
