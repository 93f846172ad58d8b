//! `compare-runs`: compares two result files.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use cors_conformance::report::changes::{changes, write, write_json, write_markdown};

use super::result_file::read;
use crate::status::Status;

/// Show what changed between two results of `run --format json`.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance compare-runs before.json after.json
  cors-conformance compare-runs before.json after.json --format markdown

Exit status:
  0  no new divergence
  1  new divergences
  2  an invalid file")]
pub(crate) struct Args {
    /// Earlier result file.
    old: PathBuf,
    /// Later result file.
    new: PathBuf,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The output format.
#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// Plain text.
    #[default]
    Terminal,
    /// JSON.
    Json,
    /// A comment on a pull request.
    Markdown,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let changes = changes(&read(&args.old)?, &read(&args.new)?);
    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Terminal => write(&changes, &mut output)?,
        Format::Json => write_json(&changes, &mut output)?,
        Format::Markdown => write_markdown(&changes, &mut output)?,
    }
    output.flush()?;
    let is_new = changes.iter().any(|row| !row.new.is_empty());
    Ok(if is_new { Status::Divergences } else { Status::Success })
}
