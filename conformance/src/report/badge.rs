//! A badge, as [shields.io's endpoint](https://shields.io/badges/endpoint-badge) reads it: how many kinds of divergence
//! there are by class, and no percentage.

use std::io::{self, Write};

use serde_json::json;

use super::Kinds;
use crate::{
    rules::{Class, Severity},
    suite::Report,
};

/// Writes the badge of all that the report is about.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    let kinds: Vec<_> = report.adapters.iter().flat_map(|row| Kinds::of(row).0).map(|of_kind| of_kind[0]).collect();
    let told = Class::ALL.into_iter().filter_map(|class| {
        let number = kinds.iter().filter(|divergence| divergence.class == class).count();
        (number > 0).then(|| format!("{number} {class}"))
    });
    let mut message = told.collect::<Vec<_>>().join(", ");
    if message.is_empty() {
        message.push_str("no divergence");
    }
    let is_broken = report.adapters.iter().any(|row| row.counts.broken > 0);
    let color = match kinds.iter().map(|divergence| divergence.severity).max() {
        _ if is_broken => "lightgrey",
        None => "brightgreen",
        Some(Severity::Low) => "green",
        Some(Severity::Medium) => "yellow",
        Some(Severity::High) => "orange",
        Some(Severity::Critical) => "red",
    };
    let badge = json!({
        "schemaVersion": 1,
        "label": "CORS conformance",
        "message": if is_broken { "could not run".to_owned() } else { message },
        "color": color,
    });
    serde_json::to_writer(&mut output, &badge)?;
    output.write_all(b"\n")
}
