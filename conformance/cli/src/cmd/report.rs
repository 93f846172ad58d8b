//! `report`: a result file once more, in any format.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use cors_conformance::{
    report::{json, merge::merge},
    suite::{AdapterReport, Report},
};

use super::{expected::Expected, output::Output, run::Complaints};
use crate::Found;

/// Write results of `run --format json` once more, in any format; those of several shards as one.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance report result.json
  cors-conformance report result.json --format markdown --out comment.md
  cors-conformance report shard-1.json shard-2.json --baseline baseline.json --format junit --out junit.xml
  cors-conformance report result.json --adapter tower-http --format badge --out badge.json

The files of all shards give what the whole run would have given, and a baseline is then held against the whole.
Exit status: 0 nothing beyond the baseline, 1 divergences, 2 a file could not be read, or something could not be run.")]
pub(crate) struct Args {
    /// Results of one run.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only this middleware (repeatable).
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    expected: Expected,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let mut complaints = Complaints::new();
    let reports: Vec<_> = args.files.iter().map(|path| read(path)).collect();
    if reports.iter().any(Result::is_err) {
        reports.iter().filter_map(|read| read.as_ref().err()).for_each(|error| eprintln!("error: {error}"));
        return Ok(Found::Errors);
    }
    let names = args.files.iter().map(|path| path.display().to_string());
    let mut report = merge(names.zip(reports.into_iter().flatten()).collect()).map_err(invalid)?;
    choose(&mut report, &args.adapter)?;
    complaints.extend(if args.files.len() > 1 { missing(&report) } else { None });
    let baseline = args.expected.read(&mut complaints);
    if let Some(baseline) = &baseline {
        baseline.apply(&mut report);
    }
    args.output.open(report.adapters.len())?.write(&report)?;
    let found = args.expected.settle(baseline.as_ref(), &report, &mut complaints)?;
    complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
    Ok(if complaints.is_empty() { found } else { Found::Errors })
}

/// Reads a result file.
pub(super) fn read(path: &Path) -> io::Result<Report> {
    let bytes = fs::read(path).map_err(|error| super::about(path, &error))?;
    json::read(&path.display().to_string(), &bytes).map_err(invalid)
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn choose(report: &mut Report, names: &[String]) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let there: Vec<&str> = report.adapters.iter().map(|row| row.name.as_str()).collect();
    if let Some(name) = names.iter().find(|name| !there.contains(&name.as_str())) {
        return Err(invalid(format!("--adapter {name}: no such row; there are {}", there.join(", "))));
    }
    report.adapters.retain(|row| names.contains(&row.name));
    Ok(())
}

/// Which shards are not there, of the first middleware that lacks some.
fn missing(report: &Report) -> Option<String> {
    let shards = |row: &AdapterReport| row.part.missing().iter().map(ToString::to_string).collect::<Vec<_>>();
    let row = report.adapters.iter().find(|row| !row.part.missing().is_empty())?;
    Some(format!("{} lacks the shards {}: give their files too", row.name, shards(row).join(", ")))
}
