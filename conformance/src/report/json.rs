//! The result file.

use std::io::{self, Write};

use crate::suite::Report;

/// Writes the report as one JSON text.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut output, report)?;
    output.write_all(b"\n")
}
