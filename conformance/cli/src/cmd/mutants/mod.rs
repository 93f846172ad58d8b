//! `mutants`: shows which rules catch which mutants, and that no correct server is accused.

mod matrix;
mod search;

use std::{
    io::{self, BufWriter, Write},
    time::Duration,
};

use cors_conformance::{
    case::vectors::{Vector, built_in},
    report::transcript::write_message,
    search::generate::Settings,
    self_check::{
        false_alarms::{clean_servers, false_alarms, of_vectors},
        kill_matrix::{Kill, kill, kill_matrix},
        mutants::{Mutant, deadly_mutants, mutants},
    },
};

use super::format::{Format, write_json};
use crate::{
    select::{did_you_mean, usage_errors},
    status::Status,
    worker::kill_in_worker,
};
use matrix::Matrix;

/// Show which rules catch which mutants, and check that no rule accuses a correct server.
///
/// A mutant is a server that is deliberately wrong in one way.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance mutants
  cors-conformance mutants --mutant unescaped-dot
  cors-conformance mutants --cases 1000000 --seed 7
  cors-conformance mutants --search 10

Exit status:
  0  every rule catches its mutants, every rule has a mutant that no other class catches, and no rule accuses a
     correct server
  1  otherwise
  2  an unknown mutant, or a mutant that could not be run")]
pub(crate) struct Args {
    /// Show only this mutant, with the smallest exchange that each rule catches (repeatable).
    #[arg(long, value_name = "ID")]
    mutant: Vec<String>,
    /// Number of generated cases for each correct server.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    cases: u64,
    /// Seed of the generated cases.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Search for each mutant for this long under each of ten seeds, without vectors.
    #[arg(long, value_name = "SECONDS")]
    search: Option<u64>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let ids = || mutants().chain(deadly_mutants()).map(|mutant| mutant.id);
    let unknown = args.mutant.iter().filter(|wanted| !ids().any(|id| id == **wanted));
    let message = |wanted: &String| {
        let hint = did_you_mean(wanted, ids());
        format!("--mutant {wanted}: unknown mutant; {hint}`cors-conformance mutants` lists them")
    };
    usage_errors(unknown.map(message).collect())?;
    let mut output = BufWriter::new(io::stdout().lock());
    let is_good = if let Some(seconds) = args.search {
        search::write(Duration::from_secs(seconds), &mut output)?
    } else if args.mutant.is_empty() {
        write_matrix(args, &mut output)?
    } else {
        write_mutants(args, &mut output)?
    };
    output.flush()?;
    Ok(if is_good { Status::Success } else { Status::Divergences })
}

/// Writes the kill matrix. Returns true if every check passes.
fn write_matrix(args: &Args, output: &mut impl Write) -> io::Result<bool> {
    let vectors = built_in().vectors;
    let mut kills = kill_matrix(&vectors);
    for mutant in deadly_mutants() {
        kills.push(kill_in_worker(mutant, &vectors)?);
    }
    let matrix = Matrix::new(&kills, accusations(args, &vectors));
    match args.format {
        Format::Json => write_json(&matrix, output)?,
        Format::Terminal => matrix.write(args.cases, output)?,
    }
    Ok(matrix.is_good())
}

/// Writes each wanted mutant with the smallest exchange that each rule catches. Returns true if each is caught by the rule
/// that it is made for.
fn write_mutants(args: &Args, output: &mut impl Write) -> io::Result<bool> {
    let vectors = built_in().vectors;
    let is_wanted = |mutant: &&'static Mutant| args.mutant.iter().any(|id| id == mutant.id);
    let mut are_caught = true;
    for mutant in mutants().filter(is_wanted) {
        are_caught &= write_kill(&kill(mutant, &vectors), output)?;
    }
    for mutant in deadly_mutants().filter(is_wanted) {
        are_caught &= write_kill(&kill_in_worker(mutant, &vectors)?, output)?;
    }
    Ok(are_caught)
}

fn write_kill(kill: &Kill, output: &mut impl Write) -> io::Result<bool> {
    let mutant = kill.mutant;
    writeln!(output, "{}\n  {}\n  made for {}, see {}", mutant.id, mutant.wrong, mutant.rule.id, mutant.source)?;
    for (rule, caught) in &kill.caught {
        writeln!(output, "\n  {rule}, caught by {} vectors, such as {}", caught.vectors, caught.smallest.case.id)?;
        writeln!(output, "    {}", caught.smallest.evidence.message)?;
        for message in &caught.smallest.evidence.exchanges {
            write_message(message, output)?;
        }
    }
    writeln!(output)?;
    Ok(kill.is_caught_by_its_rule())
}

/// Returns the findings above low severity about each correct server.
fn accusations(args: &Args, vectors: &[Vector]) -> Vec<(&'static str, Vec<String>)> {
    let of_server = |server| {
        let of_cases = false_alarms(server, &Settings::default(), args.seed, args.cases);
        let of_cases = of_cases.iter().map(|alarm| {
            format!("case {} of seed {}: {}: {}", alarm.number, args.seed, alarm.found.0.id, alarm.found.1.message)
        });
        of_vectors(server, vectors).into_iter().chain(of_cases).collect()
    };
    clean_servers().map(|server| (server.describe().name, of_server(server))).collect()
}
