//! `assess`: checks recorded exchanges against a policy.

use std::{
    io::{self, BufReader, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use cors_conformance::{
    assess::{AssessedFinding, assess, assess_stream, har},
    input::{InputError, from_json},
    lines::Summary,
};
use cors_policy::Policy;
use serde::Serialize;

use crate::{files, status::Status};

/// Check recorded exchanges against a policy.
///
/// Reads JSON lines and writes JSON lines, or reads a HAR file and a policy. A finding that one exchange cannot prove has
/// low severity.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance assess < recordings.jsonl
  cors-conformance assess --har session.har --policy policy.json

Input line:
  {\"id\": \"1\", \"policy\": {\"origins\": [\"https://app.example\"]},
   \"exchanges\": [{\"request\": {\"method\": \"GET\", \"url\": \"https://api.example/\",
                              \"headers\": [[\"Origin\", \"https://evil.example\"]]},
                  \"response\": {\"status\": 200,
                               \"headers\": [[\"Access-Control-Allow-Origin\", \"https://evil.example\"]]}}]}

Exit status:
  0  everything was assessed, with or without findings
  2  some exchanges could not be assessed; the output gives the reasons")]
pub(crate) struct Args {
    /// File of JSON lines [default: standard input].
    #[arg(conflicts_with = "har")]
    file: Option<PathBuf>,
    /// Assess a HAR file from a browser or proxy, as one recording of all its exchanges in order.
    #[arg(long, value_name = "FILE", requires = "policy")]
    har: Option<PathBuf>,
    /// Policy to check the HAR file against.
    #[arg(long, value_name = "FILE", requires = "har")]
    policy: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let mut output = BufWriter::new(io::stdout().lock());
    if let (Some(har), Some(policy)) = (&args.har, &args.policy) {
        return run_har(har, policy, output);
    }
    let Summary { judged, errors } = match &args.file {
        Some(path) => assess_stream(BufReader::new(files::open(path)?), &mut output)?,
        None => {
            let input = io::stdin().lock();
            if input.is_terminal() {
                eprintln!("Reading JSON lines from the terminal; `assess --help` shows their format.");
            }
            assess_stream(input, &mut output)?
        }
    };
    if errors == 0 {
        return Ok(Status::Success);
    }
    eprintln!("error: {errors} of {} lines could not be assessed; the output gives the reasons", judged + errors);
    Ok(Status::Errors)
}

/// The output line for a HAR file.
#[derive(Serialize)]
struct HarLine<'a> {
    id: String,
    findings: Vec<AssessedFinding>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    errors: &'a [String],
}

fn run_har(path: &Path, policy: &Path, mut output: impl Write) -> io::Result<Status> {
    let invalid = |path: &Path, error: InputError| {
        let error = InputError { file: Some(path.display().to_string()), ..error };
        io::Error::new(io::ErrorKind::InvalidData, error.to_string())
    };
    let wanted: Policy = from_json(&files::read(policy)?).map_err(|error| invalid(policy, error))?;
    let read = har::read(&files::read(path)?, wanted).map_err(|error| invalid(path, error))?;
    let mut findings = assess(&read.recording);
    for finding in &mut findings {
        finding.exchange = read.entries.get(finding.exchange).copied().unwrap_or(finding.exchange);
    }
    let errors: Vec<String> = read.errors.iter().map(ToString::to_string).collect();
    serde_json::to_writer(&mut output, &HarLine { id: path.display().to_string(), findings, errors: &errors })?;
    output.write_all(b"\n")?;
    output.flush()?;
    for error in &errors {
        eprintln!("error: {}: {error}", path.display());
    }
    Ok(Status::Success.unless(&errors))
}
