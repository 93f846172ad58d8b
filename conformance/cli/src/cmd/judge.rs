//! `judge`: decides what a browser does with recorded responses.

use std::{
    io::{self, BufReader, BufWriter, IsTerminal},
    path::PathBuf,
};

use cors_conformance::{judge::judge_stream, lines::Summary};
use cors_reference::agent::{AGENTS, Agent};

use crate::{files, status::Status};

/// Decide what a browser does with recorded responses.
///
/// Reads JSON lines and writes JSON lines. The Fetch standard's own algorithms decide.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance judge < fetches.jsonl
  cors-conformance judge --agent firefox fetches.jsonl

Input line:
  {\"id\": \"1\", \"page_origin\": \"https://app.example\", \"url\": \"https://api.example/\",
   \"request\": {\"credentials\": \"include\"},
   \"response\": {\"status\": 200, \"headers\": [[\"Access-Control-Allow-Origin\", \"*\"]]}}

Exit status:
  0  every line was judged
  2  some lines could not be judged; the output gives the reasons")]
pub(crate) struct Args {
    /// File of JSON lines [default: standard input].
    file: Option<PathBuf>,
    /// Apply the documented deviations of this browser: standard, chromium, firefox or webkit.
    #[arg(long, value_name = "AGENT", default_value = "standard", value_parser = agent)]
    agent: Agent,
}

fn agent(name: &str) -> Result<Agent, String> {
    let names = || AGENTS.iter().map(|agent| agent.name).collect::<Vec<_>>().join(", ");
    Agent::named(name).ok_or_else(|| format!("unknown agent; choose one of {}", names()))
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let output = BufWriter::new(io::stdout().lock());
    let summary = match &args.file {
        Some(path) => judge_stream(BufReader::new(files::open(path)?), output, args.agent)?,
        None => {
            let input = io::stdin().lock();
            if input.is_terminal() {
                eprintln!("Reading JSON lines from the terminal; `judge --help` shows their format.");
            }
            judge_stream(input, output, args.agent)?
        }
    };
    let Summary { judged, errors } = summary;
    if errors == 0 {
        return Ok(Status::Success);
    }
    eprintln!("error: {errors} of {} lines could not be judged; the output gives the reasons", judged + errors);
    Ok(Status::Errors)
}
