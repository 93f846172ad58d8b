//! `run`: the suite over middlewares.

use std::{io, num::NonZero, path::Path, time::Duration};

use cors_adapters::{Middleware, program::Program, registry};
use cors_conformance::{
    case::{
        selection::{Part, Shard},
        vectors::{Loaded, Vector, built_in},
    },
    parallel,
    rules::rules,
    suite::{AdapterReport, Report},
};

use super::{expected::Expected, output::Output};
use crate::{
    Found,
    worker::{Subject, Watchdog},
};

/// Run the suite over middlewares and report where they diverge from their policy.
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

Exit status: 0 nothing beyond the baseline, 1 divergences, 2 it could not run.")]
pub(crate) struct Args {
    /// Only this middleware (repeatable); `reference` is the reference server, and a mutant goes by its id.
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// This program, in any language, by the server protocol (repeatable); beside it only what `--adapter` names.
    #[arg(long, value_name = "COMMAND", allow_hyphen_values = true)]
    server: Vec<String>,
    /// Only this rule, or those of this class (repeatable).
    #[arg(long, value_name = "ID", conflicts_with = "update_baseline")]
    rule: Vec<String>,
    /// Only this vector, or those of this topic; or a file of vectors (repeatable).
    #[arg(long, value_name = "ID|FILE", conflicts_with = "update_baseline")]
    vector: Vec<String>,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    expected: Expected,
    /// Only the Ith of N parts of the vectors, such as 1/4.
    #[arg(long, value_name = "I/N", conflicts_with = "update_baseline")]
    shard: Option<Shard>,
    /// How many seconds a case may take, or each answer of a server; a middleware that takes longer has hung.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// How many middlewares run at once; one for each core, where it is left out.
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZero<usize>>,
}

impl Default for Args {
    /// What no argument gives.
    fn default() -> Self {
        let none = <Self as clap::Args>::augment_args(clap::Command::new("run")).get_matches_from(["run"]);
        <Self as clap::FromArgMatches>::from_arg_matches(&none).unwrap_or_else(|error| error.exit())
    }
}

/// Whether an id is the one that is wanted, or of the wanted topic or class: what stands before its slash.
pub(crate) fn is_meant(id: &str, wanted: &str) -> bool {
    let topic = wanted.strip_suffix('/').unwrap_or(wanted);
    id == wanted || id.strip_prefix(topic).is_some_and(|rest| rest.starts_with('/'))
}

/// What could not be used; it is told at the end, so that nothing computed is lost.
pub(super) type Complaints = Vec<String>;

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let mut complaints = Complaints::new();
    let programs = select_programs(args, &mut complaints);
    let middlewares = if args.server.is_empty() || !args.adapter.is_empty() {
        select_middlewares(&args.adapter, &mut complaints)
    } else {
        Vec::new()
    };
    check_rules(args, &mut complaints);
    let vectors = select_vectors(args, &mut complaints);
    let baseline = args.expected.read(&mut complaints);

    let out = args.output.open(middlewares.len() + programs.len())?;
    let built_in = middlewares.iter().map(|middleware| Subject::BuiltIn(*middleware));
    let subjects: Vec<_> = built_in.chain(programs.iter().map(Subject::Program)).collect();
    let mut report = run_all(args, &subjects, &vectors)?;
    complaints.extend(same_names(&report));
    if let Some(baseline) = &baseline {
        baseline.apply(&mut report);
    }
    out.write(&report)?;
    let found = args.expected.settle(baseline.as_ref(), &report, &mut complaints)?;
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(if complaints.is_empty() { found } else { Found::Errors })
}

/// The middlewares of those names; every built-in one, where there is no name.
pub(super) fn select_middlewares(names: &[String], complaints: &mut Complaints) -> Vec<&'static dyn Middleware> {
    if names.is_empty() {
        return registry::middlewares().collect();
    }
    complaints.extend(
        names
            .iter()
            .filter(|name| cors_conformance::self_check::registry::named(name).is_none())
            .map(|name| super::no_such(name)),
    );
    cors_conformance::self_check::registry::all()
        .filter(|middleware| names.iter().any(|name| name == middleware.describe().name))
        .collect()
}

/// The programs of those commands.
fn select_programs(args: &Args, complaints: &mut Complaints) -> Vec<Program> {
    let limit = Duration::from_secs(args.timeout);
    let (mut programs, mut commands) = (Vec::new(), args.server.clone());
    commands.dedup();
    for command in commands {
        match Program::new(&command, limit) {
            Ok(program) => programs.push(program),
            Err(why) => complaints.push(format!("--server {why}")),
        }
    }
    programs
}

/// Names that more than one row has: their fingerprints would be one another's.
fn same_names(report: &Report) -> Complaints {
    let rows: Vec<_> = report.adapters.iter().filter(|row| row.counts.broken < row.counts.cases).collect();
    let is_again = |(index, row): &(usize, &&AdapterReport)| rows[..*index].iter().any(|other| other.name == row.name);
    let again = rows.iter().enumerate().filter(is_again);
    again.map(|(_, row)| format!("two rows are called `{}`: a server needs a name of its own", row.name)).collect()
}

fn check_rules(args: &Args, complaints: &mut Complaints) {
    for wanted in args.rule.iter().filter(|wanted| !rules().any(|rule| is_meant(rule.id, wanted))) {
        let known: Vec<&str> = rules().map(|rule| rule.id).collect();
        complaints.push(format!("--rule {wanted}: no such rule; there are {}", known.join(", ")));
    }
}

fn select_vectors(args: &Args, complaints: &mut Complaints) -> Vec<Vector> {
    let (files, ids): (Vec<_>, Vec<_>) =
        args.vector.iter().partition(|wanted| wanted.ends_with(".json") || Path::new(wanted).is_file());
    let mut loaded = Loaded::default();
    for file in files {
        match super::read(Path::new(file)) {
            Ok(text) => loaded.read(file, &text),
            Err(error) => complaints.push(format!("--vector {error}")),
        }
    }
    if !ids.is_empty() || args.vector.is_empty() {
        let built_in = built_in();
        for wanted in &ids {
            if !built_in.vectors.iter().any(|vector| is_meant(&vector.id, wanted)) {
                complaints.push(format!("--vector {wanted}: neither a vector's id nor a file that can be read"));
            }
        }
        let is_wanted = |vector: &Vector| ids.is_empty() || ids.iter().any(|wanted| is_meant(&vector.id, wanted));
        loaded.vectors.extend(built_in.vectors.into_iter().filter(is_wanted));
        complaints.extend(built_in.errors.iter().map(ToString::to_string));
    }
    complaints.extend(loaded.errors.iter().map(ToString::to_string));
    loaded.vectors.retain(|vector| args.shard.is_none_or(|shard| shard.contains(vector)));
    // In an order that shards have too, when they are merged; what is asked for twice is run once.
    loaded.vectors.sort_by(|one, other| one.id.cmp(&other.id));
    loaded.vectors.dedup_by(|later, first| {
        if later.id == first.id && later != first {
            complaints.push(format!("--vector {}: two vectors have this id; the first is run", first.id));
        }
        later.id == first.id
    });
    loaded.vectors
}

fn run_all(args: &Args, subjects: &[Subject<'_>], vectors: &[Vector]) -> io::Result<Report> {
    let bar = super::progress_bar(subjects.len() * vectors.len());
    let limit = Duration::from_secs(args.timeout);
    let row = |subject| Watchdog { subject, rules: &args.rule, limit }.run(vectors, || bar.inc(1));
    let rows = parallel::map(subjects, args.jobs, |subject| row(*subject));
    bar.finish_and_clear();
    let mut report = Report { schema: 1, adapters: rows.into_iter().collect::<io::Result<_>>()? };
    let part = Part {
        shards: args.shard.into_iter().collect(),
        rules: args.rule.iter().cloned().collect(),
        vectors: args.vector.iter().cloned().collect(),
    };
    report.adapters.iter_mut().for_each(|row| row.part.clone_from(&part));
    Ok(report)
}
