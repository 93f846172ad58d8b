//! `policy`: what is dangerous in a policy, and what differs between two.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use cors_conformance::input::{InputError, from_json};
use cors_policy::{
    Policy,
    review::{Difference, Remark, RemarkKind, differences, review},
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Format;
use crate::Found;

/// What in a policy is dangerous, contradicts itself, or is within no browser's reach; and what differs between two.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance policy production.json
  cors-conformance policy staging.json production.json
  echo '{\"origins\": \"mirror\", \"credentials\": true}' | cors-conformance policy -

Exit status: 0 nothing dangerous, 1 something dangerous, 2 a policy could not be read.")]
pub(crate) struct Args {
    /// A policy as JSON; `-` is standard input.
    file: PathBuf,
    /// Another, to tell what changes where it replaces the first.
    file2: Option<PathBuf>,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What is told, as JSON has it.
#[derive(Serialize)]
struct Report {
    schema: u32,
    policies: Vec<Reviewed>,
    /// From the first policy to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<Difference>>,
}

#[derive(Serialize)]
struct Reviewed {
    file: String,
    remarks: Vec<Remark>,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let paths: Vec<&Path> =
        [Some(&args.file), args.file2.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
    if paths.len() == 2 && paths.iter().all(|path| is_stdin(path)) {
        return Err(io::Error::other("standard input holds one policy: give a file for the other"));
    }
    let (mut policies, mut is_bad) = (Vec::new(), false);
    for path in paths {
        match read(path)? {
            Ok(policy) => policies.push((name(path), policy)),
            Err(error) => {
                eprintln!("error: {error}");
                is_bad = true;
            }
        }
    }
    if is_bad {
        return Ok(Found::Errors);
    }
    let reviewed = |(file, policy): &(String, Policy)| Reviewed { file: file.clone(), remarks: review(policy) };
    let differences = match policies.as_slice() {
        [(_, before), (_, after)] => Some(differences(before, after)),
        _ => None,
    };
    let report = Report { schema: 1, policies: policies.iter().map(reviewed).collect(), differences };

    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Terminal => write(&report, &mut output)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut output, &report)?;
            writeln!(output)?;
        }
    }
    output.flush()?;
    let mut remarks = report.policies.iter().flat_map(|policy| &policy.remarks);
    let is_dangerous = remarks.any(|remark| remark.kind == RemarkKind::Danger);
    Ok(if is_dangerous { Found::Divergences } else { Found::Nothing })
}

/// What a path is called.
fn name(path: &Path) -> String {
    if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a policy, or says where it is none.
pub(super) fn read(path: &Path) -> io::Result<Result<Policy, InputError>> {
    let text = if is_stdin(path) {
        io::read_to_string(io::stdin().lock()).map_err(|error| super::about(Path::new(&name(path)), &error))?
    } else {
        super::read(path)?
    };
    // An array would be read as the fields in their order.
    let read = from_json::<Map<String, Value>>(&text).and_then(|_| from_json(&text));
    Ok(read.map_err(|error| InputError { file: Some(name(path)), ..error }))
}

fn write(report: &Report, output: &mut impl Write) -> io::Result<()> {
    if let (Some(differences), [before, after]) = (&report.differences, report.policies.as_slice()) {
        writeln!(output, "{} -> {}", before.file, after.file)?;
        if differences.is_empty() {
            writeln!(output, "  No difference.")?;
        }
        for Difference { field, change, effect } in differences {
            writeln!(output, "  {effect:<7}  {field:<15}  {change}")?;
        }
        writeln!(output)?;
    }
    for (index, Reviewed { file, remarks }) in report.policies.iter().enumerate() {
        if index > 0 {
            writeln!(output)?;
        }
        if remarks.is_empty() {
            writeln!(output, "{file}: nothing dangerous, contradictory or unreachable.")?;
            continue;
        }
        writeln!(output, "{file}: {}", summary(remarks))?;
        for Remark { id, kind, field, message, quote, link } in remarks {
            writeln!(output, "\n{}  {field}  {id}", kind.as_str())?;
            writeln!(output, "  {message}\n  “{quote}”\n  see {link}")?;
        }
    }
    Ok(())
}

/// How many remarks there are of each kind.
fn summary(remarks: &[Remark]) -> String {
    let kinds = [RemarkKind::Danger, RemarkKind::Contradiction, RemarkKind::Unreachable, RemarkKind::Advice];
    let counts = kinds.map(|kind| (remarks.iter().filter(|remark| remark.kind == kind).count(), kind.as_str()));
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}"));
    counts.collect::<Vec<_>>().join(", ")
}
