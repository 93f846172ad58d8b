//! `run`: runs the suite over middlewares.

use std::{collections::BTreeSet, io, num::NonZero, time::Duration};

use clap::FromArgMatches;
use cors_adapters::program::Program;
use cors_conformance::{
    case::{
        selection::{Part, Shard},
        vectors::Vector,
    },
    parallel,
    suite::Report,
};

use super::{baseline::BaselineOptions, output::Output, progress::progress_bar};
use crate::{
    select,
    status::{Status, print_errors},
    worker::{Subject, Watchdog},
};

/// Run the suite and report where middlewares diverge from their policies.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance run
  cors-conformance run --adapter tower-http --vector plain-requests
  cors-conformance run --format json --out result.json --baseline baseline.json
  cors-conformance run --format junit --out junit.xml --shard 1/4
  cors-conformance run --baseline baseline.json --update-baseline
  cors-conformance run --vector my-vectors.json
  cors-conformance run --format html --out report.html
  cors-conformance run --server 'node server.js'

Exit status:
  0  no divergence, except those in the baseline
  1  divergences, or baseline entries that match nothing
  2  an unknown name, an invalid file, or a middleware that could not be run")]
pub(crate) struct Args {
    /// Run only this middleware (repeatable).
    ///
    /// `cors-conformance adapters` lists the names. `reference` is the reference server. The id of a mutant, from
    /// `cors-conformance mutants`, is also a name.
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// Run the program that this command starts, over the server protocol (repeatable).
    ///
    /// The program can be in any language. Built-in middlewares run only if `--adapter` names them.
    #[arg(long, value_name = "COMMAND", allow_hyphen_values = true)]
    server: Vec<String>,
    /// Check only this rule, or the rules of this class (repeatable).
    #[arg(long, value_name = "ID", conflicts_with = "update_baseline")]
    rule: Vec<String>,
    /// Run only this vector, the vectors of this topic, or those in this file (repeatable).
    #[arg(long, value_name = "ID|FILE", conflicts_with = "update_baseline")]
    vector: Vec<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    baseline: BaselineOptions,
    /// Run only part I of N parts of the vectors, such as 1/4.
    #[arg(long, value_name = "I/N", conflicts_with = "update_baseline")]
    shard: Option<Shard>,
    /// Time limit for each case, or for each answer of a server, after which the middleware counts as hung.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Number of middlewares to run in parallel [default: one per core].
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZero<usize>>,
}

impl Default for Args {
    /// Returns the arguments of a command line without any.
    fn default() -> Self {
        let matches = <Self as clap::Args>::augment_args(clap::Command::new("run")).get_matches_from(["run"]);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let programs = programs(args)?;
    let middlewares = if args.server.is_empty() || !args.adapter.is_empty() {
        select::middlewares(&args.adapter)?
    } else {
        Vec::new()
    };
    select::check_rules(&args.rule)?;
    let select::Vectors { vectors, mut errors } = select::vectors(&args.vector, args.shard)?;

    // An output file that cannot be created is an error before the run.
    let out = args.output.open(middlewares.len() + programs.len())?;
    let built_in = middlewares.iter().map(|middleware| Subject::BuiltIn(*middleware));
    let subjects: Vec<_> = built_in.chain(programs.iter().map(Subject::Program)).collect();
    let mut report = run_all(args, &subjects, &vectors)?;
    errors.extend(repeated_names(&report));
    let baseline = args.baseline.apply(&mut report, &mut errors);
    out.write(&report)?;
    let status = args.baseline.check_against_baseline(baseline.as_ref(), &report, &mut errors)?;
    print_errors(&errors);
    Ok(status.unless(&errors))
}

/// Returns the programs that the `--server` commands start.
fn programs(args: &Args) -> io::Result<Vec<Program>> {
    let limit = Duration::from_secs(args.timeout);
    let mut commands = args.server.clone();
    commands.dedup();
    let program = |command: &String| Program::new(command, limit);
    let programs = commands.iter().map(program).collect::<Result<_, _>>();
    programs.map_err(|error| select::usage_error(format!("--server {error}")))
}

/// Returns an error for each name that several rows have, because their fingerprints would be equal.
fn repeated_names(report: &Report) -> Vec<String> {
    let mut names = BTreeSet::new();
    let ran = report.adapters.iter().filter(|row| row.counts.broken < row.counts.cases);
    ran.filter(|row| !names.insert(row.name.as_str()))
        .map(|row| format!("two rows have the name `{}`: give each server its own name", row.name))
        .collect()
}

fn run_all(args: &Args, subjects: &[Subject<'_>], vectors: &[Vector]) -> io::Result<Report> {
    let bar = progress_bar(subjects.len() * vectors.len());
    let limit = Duration::from_secs(args.timeout);
    let row = |subject| Watchdog { subject, rules: &args.rule, limit }.run(vectors, || bar.inc(1));
    let rows = parallel::map(subjects, args.jobs, |subject| row(*subject));
    bar.finish_and_clear();
    let mut report = Report { adapters: rows.into_iter().collect::<io::Result<_>>()? };
    let part = Part {
        shards: args.shard.into_iter().collect(),
        rules: args.rule.iter().cloned().collect(),
        vectors: args.vector.iter().cloned().collect(),
    };
    report.adapters.iter_mut().for_each(|row| row.part.clone_from(&part));
    Ok(report)
}
