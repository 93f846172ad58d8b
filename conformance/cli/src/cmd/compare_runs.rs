//! `compare-runs`: what changed between two results.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use cors_conformance::report::changes::{changes, write, write_json, write_markdown};

use super::report::read;
use crate::Found;

/// Tell what changed between two results of `run --format json`: what is fixed, what is new.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance compare-runs before.json after.json
  cors-conformance compare-runs before.json after.json --format markdown

Exit status: 0 nothing is new, 1 there are new divergences, 2 a file could not be read.")]
pub(crate) struct Args {
    /// The result before.
    old: PathBuf,
    /// The result after.
    new: PathBuf,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// Text, for a person.
    #[default]
    Terminal,
    /// One JSON text, for a program.
    Json,
    /// A comment on a pull request.
    Markdown,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let changes = changes(&read(&args.old)?, &read(&args.new)?);
    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Terminal => write(&changes, &mut output)?,
        Format::Json => write_json(&changes, &mut output)?,
        Format::Markdown => write_markdown(&changes, &mut output)?,
    }
    output.flush()?;
    let is_new = changes.iter().any(|row| !row.new.is_empty());
    Ok(if is_new { Found::Divergences } else { Found::Nothing })
}
