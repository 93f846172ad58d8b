//! `browsers`: compares the model with a real browser.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use cors_adapters::Middleware;
use cors_reference::agent::Agent;

use super::progress::progress_bar;
use crate::{
    browsers::{
        browser_case::BrowserCase,
        cases::cases,
        compare::{Agreement, Comparison, compare},
        launch::Browser,
        report::{record, write_deviations, write_disagreements},
        server::Servers,
        session::Session,
        through,
    },
    status::Status,
};

/// Compare the model with an installed browser.
///
/// A browser runs without a window and fetches from servers on loopback, with scripted responses or through a middleware. The
/// command kills it at the end.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance browsers --browser chromium
  cors-conformance browsers --browser firefox --case redirect
  cors-conformance browsers --browser /opt/chrome/chrome --record seen.jsonl
  cors-conformance browsers --browser chromium --through tower-http

Exit status:
  0  the browser behaves like its model, and pages get what the policies permit
  1  the browser disagrees with its model, or pages get more or less than a policy permits
  2  an unknown name, or a browser or middleware that could not be run")]
pub(crate) struct Args {
    /// Browser to run: chromium, firefox, webkit, or a path.
    #[arg(long, value_name = "NAME|PATH", value_parser = Browser::named)]
    browser: Browser,
    /// Fetch from this middleware under many policies, instead of from scripted responses.
    ///
    /// `reference` is the reference server. The id of a mutant is also a name.
    #[arg(long, value_name = "NAME")]
    through: Option<String>,
    /// Run only cases whose id starts with this prefix (repeatable).
    #[arg(long, value_name = "PREFIX")]
    case: Vec<String>,
    /// Write what the browser did to this file, one JSON line for each case.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Number of disagreements to show in full.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    show: usize,
}

impl Args {
    /// Returns true if a case is selected.
    fn is_wanted(&self, id: &str) -> bool {
        self.case.is_empty() || self.case.iter().any(|wanted| id.starts_with(wanted.as_str()))
    }
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let middleware = args.through.as_deref().map(through::middleware).transpose()?;
    let version = args.browser.version()?;
    let agent = Agent::named(args.browser.agent()).unwrap_or_default();
    let is_cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_cancelled);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).map_err(io::Error::other)?;
    let servers = Servers::start()?;
    let session = Session { browser: &args.browser, agent, servers: &servers, is_cancelled: &is_cancelled };
    match middleware {
        None => run_scripted(args, &session, &version),
        Some(middleware) => run_through(args, &session, &version, middleware),
    }
}

/// Runs the scripted cases.
fn run_scripted(args: &Args, session: &Session<'_>, version: &str) -> io::Result<Status> {
    let cases: Vec<BrowserCase> =
        cases(session.servers.world).into_iter().filter(|case| args.is_wanted(&case.id)).collect();
    let bar = progress_bar(cases.len());
    let recordings = session.run(&cases, |done| bar.set_position(done))?;
    bar.finish_and_clear();
    let comparisons = cases.iter().filter_map(|case| Some(compare(case, recordings.get(&case.id)?, session.agent)));
    let comparisons: Vec<Comparison> = comparisons.collect::<Result<_, _>>().map_err(io::Error::other)?;
    if let Some(path) = &args.record {
        record(path, version, comparisons.iter())?;
    }
    write(args, session.agent, version, &comparisons, BufWriter::new(io::stdout().lock()))?;
    let disagrees = comparisons.iter().any(|case| case.agreement == Agreement::Disagree);
    Ok(if disagrees { Status::Divergences } else { Status::Success })
}

/// Runs the cases of a middleware.
fn run_through(args: &Args, session: &Session<'_>, version: &str, middleware: &dyn Middleware) -> io::Result<Status> {
    let bar = progress_bar(0);
    let groups = through::run(
        session,
        middleware,
        |id| args.is_wanted(id),
        |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done);
        },
    )?;
    bar.finish_and_clear();
    if let Some(path) = &args.record {
        record(path, version, through::report::case_results(&groups).map(|result| &result.comparison))?;
    }
    let mut output = BufWriter::new(io::stdout().lock());
    let described = middleware.describe();
    let cases = through::report::case_results(&groups).count();
    writeln!(output, "{cases} cases in {version}, through {} {}\n", described.name, described.version)?;
    through::report::write(&groups, args.show, output)?;
    Ok(if through::report::case_results(&groups).any(|result| result.is_finding()) {
        Status::Divergences
    } else {
        Status::Success
    })
}

/// Writes the report on scripted cases: a table of groups, the deviations and the disagreements.
fn write(
    args: &Args,
    agent: Agent,
    version: &str,
    comparisons: &[Comparison],
    mut output: impl Write,
) -> io::Result<()> {
    writeln!(
        output,
        "{} cases in {version}, compared with the standard and the agent `{}`\n",
        comparisons.len(),
        agent.name
    )?;
    let mut groups: BTreeMap<&str, BTreeMap<Agreement, usize>> = BTreeMap::new();
    for case in comparisons {
        let group = case.id.split('-').next().unwrap_or_default();
        *groups.entry(group).or_default().entry(case.agreement).or_default() += 1;
    }
    writeln!(output, "{:18}  agree  known deviation  disagree", "group")?;
    let mut sum = BTreeMap::new();
    for (group, counts) in &groups {
        write_row(group, counts, &mut output)?;
        for (agreement, count) in counts {
            *sum.entry(*agreement).or_default() += count;
        }
    }
    write_row("all", &sum, &mut output)?;
    write_deviations(agent, comparisons, &mut output)?;
    write_disagreements(comparisons.iter(), args.show, &mut output)?;
    output.flush()
}

fn write_row(name: &str, counts: &BTreeMap<Agreement, usize>, output: &mut impl Write) -> io::Result<()> {
    let [agree, known, disagree] = [Agreement::Agree, Agreement::KnownDeviation, Agreement::Disagree]
        .map(|agreement| counts.get(&agreement).copied().unwrap_or(0));
    writeln!(output, "{name:18}  {agree:5}  {known:15}  {disagree:8}")
}
