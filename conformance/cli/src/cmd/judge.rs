//! `judge`: what would a standard browser do with these responses?

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, IsTerminal},
    path::PathBuf,
};

use cors_conformance::{judge::judge_stream, lines::Summary};
use cors_reference::agent::{AGENTS, Agent};

use crate::Found;

/// What would a standard browser do with these responses? JSON lines in, JSON lines out.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance judge < fetches.jsonl
  cors-conformance judge --agent firefox fetches.jsonl

A line: {\"id\": \"1\", \"page_origin\": \"https://app.example\", \"url\": \"https://api.example/\",
         \"request\": {\"credentials\": \"include\"},
         \"response\": {\"status\": 200, \"headers\": [[\"Access-Control-Allow-Origin\", \"*\"]]}}

Exit status: 0, or 2 where a line could not be judged.")]
pub(crate) struct Args {
    /// A file of JSON lines; standard input without it.
    file: Option<PathBuf>,
    /// Whose deviations from the standard to apply: standard, chromium, firefox or webkit.
    #[arg(long, default_value = "standard", value_parser = agent)]
    agent: Agent,
}

fn agent(name: &str) -> Result<Agent, String> {
    let names = || AGENTS.iter().map(|agent| agent.name).collect::<Vec<_>>().join(", ");
    Agent::named(name).ok_or_else(|| format!("not an agent; known are {}", names()))
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let output = BufWriter::new(io::stdout().lock());
    let summary = match &args.file {
        Some(path) => {
            let file = File::open(path).map_err(|error| super::about(path, &error))?;
            judge_stream(BufReader::new(file), output, args.agent)?
        }
        None => {
            let input = io::stdin().lock();
            if input.is_terminal() {
                eprintln!("Reading JSON lines from the terminal; see `judge --help` for their format.");
            }
            judge_stream(input, output, args.agent)?
        }
    };
    let Summary { judged, errors } = summary;
    if errors == 0 {
        return Ok(Found::Nothing);
    }
    eprintln!("error: {errors} of {} lines could not be judged; the output says why", judged + errors);
    Ok(Found::Errors)
}
