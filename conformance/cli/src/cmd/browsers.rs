//! `browsers`: does the model do what a real browser does?

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
        Guide,
        cases::{Case, cases},
        compare::{Agreement, Compared, compare},
        launch::Kind,
        report::{record, write_deviations, write_disagreements},
        server::Servers,
        task::Task,
        through,
    },
    status::Status,
};

/// Lead an installed browser through fetches, scripted or of a real middleware, and compare what it does with the model.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance browsers --browser chromium
  cors-conformance browsers --browser firefox --case redirect
  cors-conformance browsers --browser /opt/chrome/chrome --record seen.jsonl
  cors-conformance browsers --browser chromium --through tower-http

A browser is started headless on a page from loopback, and killed at the end.
Exit status: 0 nothing found, 1 disagreements, or pages that got more or less than a policy says, 2 it could not run.")]
pub(crate) struct Args {
    /// chromium, firefox, webkit, or the path of one.
    #[arg(long, value_parser = Kind::named)]
    browser: Kind,
    /// Fetch from this middleware behind a real socket, under many policies, and not from scripts; `reference` is the
    /// reference server, and a mutant goes by its id.
    #[arg(long, value_name = "NAME")]
    through: Option<String>,
    /// Only cases whose id begins so (repeatable).
    #[arg(long, value_name = "ID")]
    case: Vec<String>,
    /// Write what the browser did, a JSON line a case.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// How many disagreements are shown whole.
    #[arg(long, default_value_t = 10)]
    show: usize,
}

impl Args {
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
    let guide = Guide { kind: &args.browser, agent, servers: &servers, is_cancelled: &is_cancelled };
    match middleware {
        None => run_scripted(args, &guide, &version),
        Some(middleware) => run_through(args, &guide, &version, middleware),
    }
}

fn run_scripted(args: &Args, guide: &Guide<'_>, version: &str) -> io::Result<Status> {
    let cases: Vec<Case> = cases(&guide.servers.world).into_iter().filter(|case| args.is_wanted(&case.id)).collect();
    let bar = progress_bar(cases.len());
    let tasks: Vec<Task> = cases.iter().map(Task::from).collect();
    let records = guide.lead(&tasks, |done| bar.set_position(done))?;
    bar.finish_and_clear();
    let compared = cases.iter().filter_map(|case| Some(compare(case, records.get(&case.id)?, guide.agent)));
    let compared: Vec<Compared> = compared.collect::<Result<_, _>>().map_err(io::Error::other)?;
    if let Some(path) = &args.record {
        record(path, version, compared.iter())?;
    }
    write(args, guide.agent, version, &compared, BufWriter::new(io::stdout().lock()))?;
    let disagrees = compared.iter().any(|case| case.agreement == Agreement::Disagree);
    Ok(if disagrees { Status::Divergences } else { Status::Success })
}

fn run_through(args: &Args, guide: &Guide<'_>, version: &str, middleware: &dyn Middleware) -> io::Result<Status> {
    let bar = progress_bar(0);
    let rows = through::run(
        guide,
        middleware,
        |id| args.is_wanted(id),
        |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done);
        },
    )?;
    bar.finish_and_clear();
    if let Some(path) = &args.record {
        record(path, version, through::report::ran(&rows).map(|ran| &ran.compared))?;
    }
    let mut output = BufWriter::new(io::stdout().lock());
    let described = middleware.describe();
    let cases = through::report::ran(&rows).count();
    writeln!(output, "{cases} cases in {version}, through {} {}\n", described.name, described.version)?;
    through::report::write(&rows, args.show, output)?;
    Ok(if through::report::ran(&rows).any(through::Ran::is_finding) { Status::Divergences } else { Status::Success })
}

fn write(args: &Args, agent: Agent, version: &str, compared: &[Compared], mut output: impl Write) -> io::Result<()> {
    writeln!(output, "{} cases in {version}, beside the standard and the agent `{}`\n", compared.len(), agent.name)?;
    let mut groups: BTreeMap<&str, BTreeMap<Agreement, usize>> = BTreeMap::new();
    for case in compared {
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
    write_deviations(agent, compared, &mut output)?;
    write_disagreements(compared.iter(), args.show, &mut output)?;
    output.flush()
}

fn write_row(name: &str, counts: &BTreeMap<Agreement, usize>, output: &mut impl Write) -> io::Result<()> {
    let [agree, known, disagree] = [Agreement::Agree, Agreement::KnownDeviation, Agreement::Disagree]
        .map(|agreement| counts.get(&agreement).copied().unwrap_or(0));
    writeln!(output, "{name:18}  {agree:5}  {known:15}  {disagree:8}")
}
