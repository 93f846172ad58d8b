//! One row of a report as an [endpoint badge](https://shields.io/badges/endpoint-badge) of shields.io.
//!
//! The badge counts cases by class, like the report for a terminal. It has no percentage.

use std::io::{self, Write};

use serde_json::json;

use crate::{
    rules::{Class, Severity},
    suite::AdapterReport,
};

/// Writes the badge of a middleware.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(row: &AdapterReport, mut output: impl Write) -> io::Result<()> {
    let badge = json!({
        "schemaVersion": 1,
        "label": format!("CORS, {} {}", row.name, row.version),
        "message": message(row),
        "color": color(row),
        "isError": row.counts.broken > 0,
    });
    writeln!(output, "{badge:#}")
}

fn message(row: &AdapterReport) -> String {
    let judged = row.counts.conform + row.counts.diverge;
    let mut parts: Vec<String> = Vec::new();
    if row.counts.broken > 0 {
        parts.push(format!("{} broken", row.counts.broken));
    }
    let by_class = Class::ALL.into_iter().map(|class| (class, row.cases_of(class))).filter(|(_, cases)| *cases > 0);
    parts.extend(by_class.map(|(class, cases)| format!("{cases} {class}")));
    match (parts.is_empty(), judged) {
        (false, _) => parts.join(", "),
        (true, 0) => "nothing judged".to_owned(),
        (true, judged) => format!("no divergence in {judged} cases"),
    }
}

fn color(row: &AdapterReport) -> &'static str {
    let worst = row.divergences.iter().map(|divergence| divergence.severity).max();
    match worst {
        _ if row.counts.broken > 0 => "lightgrey",
        Some(Severity::Critical | Severity::High) => "red",
        Some(Severity::Medium) => "orange",
        Some(Severity::Low) => "yellow",
        None if row.counts.conform == 0 => "lightgrey",
        None => "brightgreen",
    }
}
