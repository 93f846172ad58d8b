//! `compare`: where two middlewares differ in what a browser lets through.

use std::{
    fs::File,
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

use super::{Format, policy};
use crate::Found;

/// Tell where two middlewares, or two versions of one, differ in what a browser lets through under the same policy.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance compare --adapter tower-http-0-5 --adapter tower-http
  cors-conformance compare --adapter warp --adapter tower-http --policy production.json
  cors-conformance compare --adapter actix-cors-0-6 --adapter actix-cors --cases 100000 --seed 7
  cors-conformance compare --adapter reference --adapter unescaped-dot --format json --out differences.json

What a page gets is compared, never the text of an answer, and the worst is told first: what the second grants against the
policy. Without --policy the policies, applications and visits are those of the vectors and generated ones; with one, every
fetch that it is about, and generated ones under it.

Exit status: 0 no difference, 1 differences, 2 it could not run.")]
pub(crate) struct Args {
    /// The two, in the order of a migration: from the first to the second.
    #[arg(long, value_name = "NAME", required = true)]
    adapter: Vec<String>,
    /// Only under this policy, a file as JSON.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// How many cases are generated, beside those that are always there.
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000)]
    cases: u64,
    /// The seed of the generated cases.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write there, not to standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let (a, b) = two(&args.adapter)?;
    let given = args.policy.as_deref().map(read).transpose()?;
    let policy = policy_of(a, b, given)?;
    let settings = Settings { policy, ..Settings::of(a).and(Settings::of(b)) };
    let cases = cases(args, &settings)?;
    let open = |path: &PathBuf| File::create(path).map_err(|error| super::about(path, &error));
    let out = args.out.as_ref().map(open).transpose()?;

    let bar = super::progress_bar(cases.len());
    let comparison = compare(a, b, &cases, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut output: Box<dyn Write> = match out {
        Some(file) => Box::new(BufWriter::new(file)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    match args.format {
        Format::Terminal => write(&comparison, &mut output)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut output, &comparison)?;
            writeln!(output)?;
        }
    }
    output.flush()?;
    if let Some(broken) = comparison.left_out.iter().find(|left_out| left_out.broken) {
        return Err(io::Error::other(format!("a middleware could not be driven: {}", broken.reason)));
    }
    if comparison.compared == 0 {
        return Err(io::Error::other("nothing could be compared: there is no case that both can say"));
    }
    Ok(if comparison.differences.is_empty() { Found::Nothing } else { Found::Divergences })
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn two(names: &[String]) -> io::Result<(&'static dyn Middleware, &'static dyn Middleware)> {
    let named = |name: &String| {
        cors_conformance::self_check::registry::named(name).ok_or_else(|| invalid(super::no_such(name)))
    };
    let found = names.iter().map(named).collect::<io::Result<Vec<_>>>()?;
    match (found.as_slice(), names) {
        ([_, _], [one, other]) if one == other => {
            Err(invalid(format!("--adapter {one} is given twice: one middleware does not differ from itself")))
        }
        ([a, b], _) => Ok((*a, *b)),
        _ => {
            let times = if names.len() == 1 { "once".to_owned() } else { format!("{} times", names.len()) };
            Err(invalid(format!("--adapter is to be given twice, for the two to compare; it is given {times}")))
        }
    }
}

fn read(path: &Path) -> io::Result<Policy> {
    policy::read(path)?.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The one policy to compare under, where there is one: a given one, or that of a fixed configuration.
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
        Some((other, _)) => Err(invalid(format!("there is no one policy to compare under: {first}, and {other}"))),
    }
}

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
