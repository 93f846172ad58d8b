//! `browsers`: does the model do what a real browser does?

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use cors_reference::agent::Agent;
use serde_json::json;

use crate::{
    Found,
    browsers::{
        Guide,
        cases::{Case, cases},
        compare::{Agreement, Compared},
        launch::Kind,
        server::Servers,
    },
};

/// Lead an installed browser through scripted fetches, and compare what it does with the model.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance browsers --browser chromium
  cors-conformance browsers --browser firefox --case redirect
  cors-conformance browsers --browser /opt/chrome/chrome --record seen.jsonl

A browser is started headless on a page from loopback, and killed at the end.
Exit status: 0 no disagreement, 1 disagreements, 2 it could not run.")]
pub(crate) struct Args {
    /// chromium, firefox, webkit, or the path of one.
    #[arg(long, value_parser = Kind::named)]
    browser: Kind,
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

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let version = args.browser.version()?;
    let agent = Agent::named(args.browser.agent()).unwrap_or_default();
    let is_cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_cancelled);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).map_err(io::Error::other)?;

    let servers = Servers::start()?;
    let is_wanted =
        |case: &Case| args.case.is_empty() || args.case.iter().any(|wanted| case.id.starts_with(wanted.as_str()));
    // Caches are looked at in a fresh process, a few cases at a time.
    let (single, several): (Vec<_>, Vec<_>) =
        cases(&servers.world).into_iter().filter(is_wanted).partition(|case| case.visits.len() == 1);
    let bar = super::progress_bar(single.len() + several.len());
    let guide = Guide { kind: &args.browser, agent, servers: &servers, is_cancelled: &is_cancelled };
    let mut compared = Vec::new();
    for (part, at_once) in [(&single, 6), (&several, 24)] {
        if !part.is_empty() {
            let before = compared.len() as u64;
            compared.extend(guide.lead(part, at_once, |done| bar.set_position(before + done))?);
        }
    }
    bar.finish_and_clear();
    if let Some(path) = &args.record {
        record(path, &version, &compared)?;
    }
    write(args, agent, &version, &compared, BufWriter::new(io::stdout().lock()))?;
    let disagrees = compared.iter().any(|case| case.agreement == Agreement::Disagree);
    Ok(if disagrees { Found::Divergences } else { Found::Nothing })
}

fn record(path: &Path, version: &str, compared: &[Compared]) -> io::Result<()> {
    let named = |error: io::Error| super::about(path, &error);
    let mut output = BufWriter::new(File::create(path).map_err(named)?);
    for case in compared {
        writeln!(output, "{}", json!({ "id": case.id, "browser": version, "visits": case.browser }))?;
    }
    output.flush().map_err(named)
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
    let disagreeing: Vec<_> = compared.iter().filter(|case| case.agreement == Agreement::Disagree).collect();
    for case in disagreeing.iter().take(args.show) {
        writeln!(output, "\n{}  ({})", case.id, case.reasons.join(", "))?;
        for (model, browser) in case.model.iter().zip(&case.browser).filter(|(model, browser)| model != browser) {
            writeln!(output, "  model    {}", json!(model))?;
            writeln!(output, "  browser  {}", json!(browser))?;
        }
    }
    let hidden = disagreeing.len().saturating_sub(args.show);
    if hidden > 0 {
        writeln!(output, "\nand {hidden} more: --show {}", disagreeing.len())?;
    }
    output.flush()
}

fn write_row(name: &str, counts: &BTreeMap<Agreement, usize>, output: &mut impl Write) -> io::Result<()> {
    let [agree, known, disagree] = [Agreement::Agree, Agreement::KnownDeviation, Agreement::Disagree]
        .map(|agreement| counts.get(&agreement).copied().unwrap_or(0));
    writeln!(output, "{name:18}  {agree:5}  {known:15}  {disagree:8}")
}
