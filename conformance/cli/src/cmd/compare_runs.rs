//! `compare-runs`: what changed between two results.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use cors_conformance::report::changes::{changes, write};

use super::report::read;
use crate::Found;

/// Tell what changed between two results of `run --format json`: what is fixed, what is new.
#[derive(clap::Args)]
#[command(after_help = "Exit status: 0 nothing is new, 1 there are new divergences, 2 a file could not be read.")]
pub(crate) struct Args {
    /// The result before.
    old: PathBuf,
    /// The result after.
    new: PathBuf,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let changes = changes(&read(&args.old)?, &read(&args.new)?);
    let mut output = BufWriter::new(io::stdout().lock());
    write(&changes, &mut output)?;
    output.flush()?;
    let is_new = changes.iter().any(|row| !row.new.is_empty());
    Ok(if is_new { Found::Divergences } else { Found::Nothing })
}
