//! The output format of commands that write text or JSON.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

/// The output format.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Plain text.
    #[default]
    Terminal,
    /// JSON.
    Json,
}

/// Writes a value as indented JSON and ends the line.
pub(super) fn write_json(value: &impl Serialize, output: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *output, value)?;
    output.write_all(b"\n")
}
