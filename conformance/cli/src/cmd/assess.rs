//! `assess`: do recorded exchanges serve a policy?

use std::{
    fs::File,
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

use crate::Found;

/// Do recorded exchanges serve a policy? JSON lines in, JSON lines out; or a HAR file and a policy.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance assess < recordings.jsonl
  cors-conformance assess --har session.har --policy policy.json

A line: {\"id\": \"1\", \"policy\": {\"origins\": [\"https://app.example\"]},
         \"exchanges\": [{\"request\": {\"method\": \"GET\", \"url\": \"https://api.example/\",
                                    \"headers\": [[\"Origin\", \"https://evil.example\"]]},
                        \"response\": {\"status\": 200,
                                     \"headers\": [[\"Access-Control-Allow-Origin\", \"https://evil.example\"]]}}]}

What one exchange cannot prove is found at severity low.

Exit status: 0, or 2 where something could not be assessed.")]
pub(crate) struct Args {
    /// A file of JSON lines; standard input without it.
    #[arg(conflicts_with = "har")]
    file: Option<PathBuf>,
    /// A HAR file, as browsers and proxies save it: one recording, of all its servers in order.
    #[arg(long, value_name = "FILE", requires = "policy")]
    har: Option<PathBuf>,
    /// The policy that the HAR file's exchanges are to serve.
    #[arg(long, value_name = "FILE", requires = "har")]
    policy: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let mut output = BufWriter::new(io::stdout().lock());
    if let (Some(har), Some(policy)) = (&args.har, &args.policy) {
        return run_har(har, policy, output);
    }
    let Summary { judged, errors } = match &args.file {
        Some(path) => {
            let file = File::open(path).map_err(|error| super::about(path, &error))?;
            assess_stream(BufReader::new(file), &mut output)?
        }
        None => {
            let input = io::stdin().lock();
            if input.is_terminal() {
                eprintln!("Reading JSON lines from the terminal; see `assess --help` for their format.");
            }
            assess_stream(input, &mut output)?
        }
    };
    if errors == 0 {
        return Ok(Found::Nothing);
    }
    eprintln!("error: {errors} of {} lines could not be assessed; the output says why", judged + errors);
    Ok(Found::Errors)
}

#[derive(Serialize)]
struct Line<'a> {
    id: String,
    findings: Vec<AssessedFinding>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    errors: &'a [String],
}

fn run_har(path: &Path, policy: &Path, mut output: impl Write) -> io::Result<Found> {
    let invalid = |path: &Path, error: InputError| {
        let error = InputError { file: Some(path.display().to_string()), ..error };
        io::Error::new(io::ErrorKind::InvalidData, error.to_string())
    };
    let policy_of_file: Policy = from_json(&super::read(policy)?).map_err(|error| invalid(policy, error))?;
    let read = har::read(&super::read(path)?, policy_of_file).map_err(|error| invalid(path, error))?;
    let mut findings = assess(&read.recording);
    for finding in &mut findings {
        finding.exchange = read.entries.get(finding.exchange).copied().unwrap_or(finding.exchange);
    }
    let errors: Vec<String> = read.errors.iter().map(ToString::to_string).collect();
    serde_json::to_writer(&mut output, &Line { id: path.display().to_string(), findings, errors: &errors })?;
    output.write_all(b"\n")?;
    output.flush()?;
    for error in &errors {
        eprintln!("error: {}: {error}", path.display());
    }
    Ok(if errors.is_empty() { Found::Nothing } else { Found::Errors })
}
