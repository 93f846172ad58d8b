//! `compare`: compares what a browser permits with two middlewares.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use cors_adapters::Middleware;
use cors_conformance::{
    case::{Case, vectors::built_in},
    compare::compare,
    report::comparison::write,
    search::generate::{Settings, systematic},
};
use cors_policy::Policy;

use super::{
    format::{Format, write_json},
    policy_file,
    progress::progress_bar,
};
use crate::{
    files,
    select::{self, usage_error},
    status::Status,
};

/// Compare what a page gets from two middlewares, or from two versions of a middleware, under the same policy.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance compare --adapter tower-http-0-5 --adapter tower-http
  cors-conformance compare --adapter warp --adapter tower-http --policy production.json
  cors-conformance compare --adapter actix-cors-0-6 --adapter actix-cors --cases 100000 --seed 7
  cors-conformance compare --adapter reference --adapter unescaped-dot --format json --out differences.json

The command compares what a page gets, not the text of the responses. The most severe differences come first: what the
second middleware grants against the policy. Without --policy, the cases are those of the vectors and generated ones.
With --policy, they are systematic and generated fetches under that policy.

Exit status:
  0  no difference
  1  differences
  2  an unknown name, an invalid policy, or nothing to compare")]
pub(crate) struct Args {
    /// Middleware to compare. Give the option twice: the old middleware, then the new one.
    #[arg(long, value_name = "NAME", required = true)]
    adapter: Vec<String>,
    /// Compare only under the policy in this JSON file.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Number of generated cases.
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000)]
    cases: u64,
    /// Seed of the generated cases.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let (a, b) = two(&args.adapter)?;
    let given = args.policy.as_deref().map(read).transpose()?;
    let policy = policy_of(a, b, given)?;
    let settings = Settings { policy, ..Settings::of(a).and(Settings::of(b)) };
    let cases = cases(args, &settings)?;
    let out = args.out.as_deref().map(files::create).transpose()?;

    let bar = progress_bar(cases.len());
    let comparison = compare(a, b, &cases, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut output: Box<dyn Write> = match out {
        Some(file) => Box::new(BufWriter::new(file)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    match args.format {
        Format::Terminal => write(&comparison, &mut output)?,
        Format::Json => write_json(&comparison, &mut output)?,
    }
    output.flush()?;
    if let Some(broken) = comparison.left_out.iter().find(|left_out| left_out.broken) {
        return Err(io::Error::other(format!("a middleware could not be run: {}", broken.reason)));
    }
    if comparison.compared == 0 {
        return Err(io::Error::other("nothing could be compared: the middlewares support no case in common"));
    }
    Ok(if comparison.differences.is_empty() { Status::Success } else { Status::Divergences })
}

/// Returns the two middlewares to compare.
fn two(names: &[String]) -> io::Result<(&'static dyn Middleware, &'static dyn Middleware)> {
    let middlewares = names.iter().map(|name| select::middleware(name)).collect::<io::Result<Vec<_>>>()?;
    match (middlewares.as_slice(), names) {
        ([_, _], [one, other]) if one == other => {
            Err(usage_error(format!("--adapter {one} is given twice: name two different middlewares")))
        }
        ([a, b], _) => Ok((*a, *b)),
        _ => {
            let times = if names.len() == 1 { "once".to_owned() } else { format!("{} times", names.len()) };
            Err(usage_error(format!("--adapter must be given twice, once for each middleware; it is given {times}")))
        }
    }
}

/// Reads the policy to compare under.
fn read(path: &Path) -> io::Result<Policy> {
    policy_file::read(path)?.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Returns the policy to compare under: the given one, or that of a fixed configuration; `None` if there is neither.
///
/// # Errors
///
/// Returns an error if two of them differ.
fn policy_of(a: &dyn Middleware, b: &dyn Middleware, given: Option<Policy>) -> io::Result<Option<Policy>> {
    let named = |middleware: &dyn Middleware| {
        middleware
            .fixed()
            .map(|policy| (format!("the configuration of {} is fixed", middleware.describe().name), policy))
    };
    let given = given.map(|policy| ("--policy gives another".to_owned(), policy));
    let mut all = [named(a), named(b), given].into_iter().flatten();
    let Some((first, policy)) = all.next() else { return Ok(None) };
    match all.find(|(_, other)| *other != policy) {
        None => Ok(Some(policy)),
        Some((other, _)) => Err(usage_error(format!("the policies differ: {first}, and {other}"))),
    }
}

/// Returns the cases to compare on.
fn cases(args: &Args, settings: &Settings) -> io::Result<Vec<Case>> {
    let mut cases = match &settings.policy {
        Some(policy) => systematic(policy),
        None => {
            let loaded = built_in();
            if let Some(error) = loaded.errors.first() {
                return Err(io::Error::other(error.to_string()));
            }
            loaded.vectors.into_iter().map(|vector| vector.case).collect()
        }
    };
    cases.extend((0..args.cases).filter_map(|number| settings.numbered(args.seed, number)));
    Ok(cases)
}
