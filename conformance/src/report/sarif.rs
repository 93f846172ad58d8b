//! The report as [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for what collects the
//! findings of many tools: a result a kind of divergence.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use serde_json::{Value, json};

use super::Kinds;
use crate::{
    divergence::Divergence,
    rules::{Severity, rule},
    suite::Report,
};

/// Writes the report.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    let kinds: Vec<Vec<&Divergence>> = report.adapters.iter().flat_map(|row| Kinds::of(row).0).collect();
    let ids: BTreeSet<&str> = kinds.iter().map(|of_kind| &*of_kind[0].rule).collect();
    let rules: Vec<Value> = ids.iter().map(|id| descriptor(id)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cors-conformance",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": "https://fetch.spec.whatwg.org/#http-cors-protocol",
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": kinds.iter().map(|of_kind| result(of_kind, &ids)).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut output, &log)?;
    output.write_all(b"\n")
}

fn descriptor(id: &str) -> Value {
    match rule(id) {
        None => json!({ "id": id }),
        Some(rule) => json!({
            "id": id,
            "shortDescription": { "text": rule.says },
            "fullDescription": { "text": rule.why },
            "help": { "text": format!("Mend: {}", rule.mend) },
            "helpUri": rule.link,
            "defaultConfiguration": { "level": level(rule.severity) },
            "properties": { "tags": ["security", "cors", rule.class.to_string()] },
        }),
    }
}

fn result(of_kind: &[&Divergence], rules: &BTreeSet<&str>) -> Value {
    let Divergence { fingerprint, rule, severity, known, case, evidence, .. } = of_kind[0];
    let adapter = fingerprint.split('/').next().unwrap_or_default();
    let topic = case.id.split('/').next().unwrap_or_default();
    json!({
        "ruleId": rule,
        "ruleIndex": rules.iter().position(|id| **id == **rule),
        "level": level(*severity),
        "message": { "text": format!("{adapter}: {}", evidence.message) },
        "partialFingerprints": { "corsConformance/v1": fingerprint },
        "baselineState": if *known { "unchanged" } else { "new" },
        "occurrenceCount": of_kind.len(),
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": format!("conformance/vectors/{topic}.json") } },
            "logicalLocations": [{ "fullyQualifiedName": case.id, "kind": "member" }],
        }],
        "properties": { "adapter": adapter, "severity": severity, "step": evidence.reason },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}
