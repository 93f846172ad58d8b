//! `policy`: reviews policies and compares two.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use cors_policy::{
    Policy,
    review::{Difference, Remark, RemarkKind, differences, review},
};
use serde::Serialize;

use super::{
    format::{Format, write_json},
    policy_file,
};
use crate::{select::usage_error, status::Status};

/// Review a policy, or compare two.
///
/// The review reports what is dangerous, what contradicts itself, and what no browser can use.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance policy production.json
  cors-conformance policy staging.json production.json
  echo '{\"origins\": \"mirror\", \"credentials\": true}' | cors-conformance policy -

Exit status:
  0  no danger
  1  a dangerous policy
  2  an invalid policy")]
pub(crate) struct Args {
    /// JSON file of a policy; `-` is standard input.
    file: PathBuf,
    /// JSON file of the policy that replaces the first one.
    #[arg(value_name = "REPLACEMENT")]
    replacement: Option<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The reviews and the comparison.
#[derive(Serialize)]
struct Report {
    schema: u32,
    policies: Vec<Reviewed>,
    /// The changes from the first policy to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<Difference>>,
}

/// The review of one policy.
#[derive(Serialize)]
struct Reviewed {
    file: String,
    remarks: Vec<Remark>,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let paths: Vec<&Path> =
        [Some(&args.file), args.replacement.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
    if paths.len() == 2 && paths.iter().all(|path| policy_file::is_standard_input(path)) {
        return Err(usage_error("standard input holds one policy: name a file for the other"));
    }
    let (mut policies, mut is_invalid) = (Vec::new(), false);
    for path in paths {
        match policy_file::read(path)? {
            Ok(policy) => policies.push((policy_file::name(path), policy)),
            Err(error) => {
                eprintln!("error: {error}");
                is_invalid = true;
            }
        }
    }
    if is_invalid {
        return Ok(Status::Errors);
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
        Format::Json => write_json(&report, &mut output)?,
    }
    output.flush()?;
    let mut remarks = report.policies.iter().flat_map(|policy| &policy.remarks);
    let is_dangerous = remarks.any(|remark| remark.kind == RemarkKind::Danger);
    Ok(if is_dangerous { Status::Divergences } else { Status::Success })
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

/// Returns the number of remarks of each kind.
fn summary(remarks: &[Remark]) -> String {
    let kinds = [RemarkKind::Danger, RemarkKind::Contradiction, RemarkKind::Unreachable, RemarkKind::Advice];
    let counts = kinds.map(|kind| (remarks.iter().filter(|remark| remark.kind == kind).count(), kind.as_str()));
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}"));
    counts.collect::<Vec<_>>().join(", ")
}
