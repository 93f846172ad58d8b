//! `report`: an old result, written anew.

use std::{
    io,
    path::{Path, PathBuf},
};

use cors_conformance::{result_file, suite::Report};

use super::{
    rendered::Rendered,
    run::{judge_by, read_baseline},
};
use crate::Found;

/// Write the result of an earlier run in another format, or put the shards of one run together.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance report result.json
  cors-conformance report result.json --format html --out report.html
  cors-conformance report shard-1.json shard-2.json --baseline baseline.json --format junit
  cors-conformance report result.json --adapter tower-http --format badge

Exit status: 0 nothing beyond the baseline, 1 divergences, 2 a file could not be read.")]
pub(crate) struct Args {
    /// What `run --format json` wrote; every shard of a run that was shared.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only this middleware (repeatable).
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// Divergences that are expected, in the place of those that were.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    #[command(flatten)]
    rendered: Rendered,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let mut complaints = Vec::new();
    let mut shards = Vec::new();
    for path in &args.files {
        match read(path) {
            Ok(report) => shards.push((path.display().to_string(), report)),
            Err(error) => complaints.push(error.to_string()),
        }
    }
    let baseline = read_baseline(args.baseline.as_deref(), &mut complaints);
    if !complaints.is_empty() {
        // Half of a run is no result.
        complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
        return Ok(Found::Errors);
    }
    let mut report = result_file::merge(shards).map_err(|error| io::Error::other(error.to_string()))?;
    let names: Vec<&str> = report.adapters.iter().map(|row| row.name.as_str()).collect();
    if let Some(missing) = args.adapter.iter().find(|adapter| !names.contains(&adapter.as_str())) {
        let message = format!("--adapter {missing}: not in this result; there are {}", names.join(", "));
        return Err(io::Error::other(message));
    }
    report.adapters.retain(|row| args.adapter.is_empty() || args.adapter.contains(&row.name));
    if let Some(baseline) = &baseline {
        baseline.apply(&mut report);
    }
    let out = args.rendered.open()?;
    args.rendered.write(&report, out)?;
    Ok(judge_by(&report, baseline.as_ref().filter(|_| args.adapter.is_empty())))
}

/// Reads a result file.
pub(super) fn read(path: &Path) -> io::Result<Report> {
    let text = super::read(path)?;
    result_file::read(&path.display().to_string(), &text).map_err(|error| io::Error::other(error.to_string()))
}
