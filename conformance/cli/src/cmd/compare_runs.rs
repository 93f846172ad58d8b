//! `compare-runs`: what changed between two results.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use cors_conformance::{
    report::changes::{changes, write},
    suite::Report,
};

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

fn read(path: &Path) -> io::Result<Report> {
    let report: Report = serde_json::from_str(&super::read(path)?).map_err(|error| {
        let message = format!("{}: not a result of `run --format json`: {error}", path.display());
        io::Error::new(io::ErrorKind::InvalidData, message)
    })?;
    if report.schema != 1 {
        let message = format!("{}: version {} of the format is not known here: 1", path.display(), report.schema);
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(report)
}
