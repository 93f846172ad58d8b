//! `report`: writes result files in any format.

use std::{io, path::PathBuf};

use cors_conformance::{
    report::merge::merge,
    suite::{AdapterReport, Report},
};

use super::{baseline::BaselineOptions, output::Output, result_file};
use crate::{
    select::{did_you_mean, usage_error},
    status::{Status, print_errors},
};

/// Write results of `run --format json` in any format, and merge shards.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance report result.json
  cors-conformance report result.json --format markdown --out comment.md
  cors-conformance report shard-1.json shard-2.json --baseline baseline.json --format junit --out junit.xml
  cors-conformance report result.json --adapter tower-http --format badge --out badge.json

The files of all shards give the report of the whole run. A baseline is then checked against the whole run.

Exit status:
  0  no divergence, except those in the baseline
  1  divergences, or baseline entries that match nothing
  2  an invalid file, a missing shard, or a middleware that could not be run")]
pub(crate) struct Args {
    /// Result files of one run.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Include only this middleware (repeatable).
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    baseline: BaselineOptions,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let (mut reports, mut errors) = (Vec::new(), Vec::new());
    for path in &args.files {
        match result_file::read(path) {
            Ok(report) => reports.push((path.display().to_string(), report)),
            Err(error) => errors.push(error.to_string()),
        }
    }
    if !errors.is_empty() {
        print_errors(&errors);
        return Ok(Status::Errors);
    }
    let mut report = merge(reports).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    keep_only(&mut report, &args.adapter)?;
    if args.files.len() > 1 {
        errors.extend(missing_shards(&report));
    }
    let baseline = args.baseline.apply(&mut report, &mut errors);
    args.output.open(report.adapters.len())?.write(&report)?;
    let status = args.baseline.check_against_baseline(baseline.as_ref(), &report, &mut errors)?;
    print_errors(&errors);
    Ok(status.unless(&errors))
}

/// Removes the rows that have none of these names, if there are names.
fn keep_only(report: &mut Report, names: &[String]) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = report.adapters.iter().map(|row| row.name.as_str()).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let hint = did_you_mean(name, known.iter().copied());
        let known = known.join(", ");
        return Err(usage_error(format!("--adapter {name}: not in this result; {hint}it has {known}")));
    }
    report.adapters.retain(|row| names.contains(&row.name));
    Ok(())
}

/// Returns an error about the first middleware that lacks shards.
fn missing_shards(report: &Report) -> Option<String> {
    let shards = |row: &AdapterReport| row.part.missing().iter().map(ToString::to_string).collect::<Vec<_>>();
    let row = report.adapters.iter().find(|row| !row.part.missing().is_empty())?;
    Some(format!("{} lacks the shards {}: add their result files", row.name, shards(row).join(", ")))
}
