//! `campaign`: a search for divergences that no vector shows.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    io::{BufWriter, Write},
    num::NonZero,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use cors_adapters::{Description, Middleware};
use cors_conformance::{
    parallel,
    report::{campaign, finding_page, json, reproduction, terminal},
    rules::Class,
    search::campaign::{
        Found,
        journal::{Heading, Journal},
    },
    suite::{AdapterReport, Report},
};
use indicatif::ProgressBar;

use super::Format;
use crate::{Found as Outcome, worker::Searcher};

/// Search for divergences that no vector shows, over generated cases.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance campaign --seconds 60
  cors-conformance campaign --adapter tower-http --cases 100000 --seed 7
  cors-conformance campaign --seconds 36000 --baseline baseline.json --dir nightly

Everything found is kept at once in the folder, each with its vector, its command lines and a Rust test. The same command
goes on where it was; Ctrl-C ends it early. The same seed and number of cases give the same report.

Exit status: 0 nothing beyond the baseline, 1 divergences, 2 it could not run.")]
pub(crate) struct Args {
    /// Only this middleware (repeatable); `reference` is the reference server, and a mutant goes by its id.
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// For how long to search; a minute, where neither this nor --cases is given.
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// How many cases each middleware is to have in all.
    #[arg(long, value_name = "NUMBER")]
    cases: Option<u64>,
    /// What the cases are drawn from.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Where what is found is kept.
    #[arg(long, value_name = "FOLDER", default_value = "cors-campaign")]
    dir: PathBuf,
    /// Divergences that are expected; they are counted apart.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// How many middlewares are searched at once; one for each core, where it is left out.
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZero<usize>>,
    /// How many seconds a case may take; a middleware that takes longer has hung.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show every kind of divergence whole, not the worst alone.
    #[arg(long)]
    all: bool,
}

/// How long the search goes on where nothing says it.
const SECONDS: u64 = 60;

pub(crate) fn run(args: &Args) -> io::Result<Outcome> {
    let mut complaints = Vec::new();
    let middlewares = super::run::select_middlewares(&args.adapter, &mut complaints);
    let baseline = super::expected::read_baseline(args.baseline.as_deref(), &mut complaints);
    let folder = args.dir.join(format!("seed-{}", args.seed));
    let mut searchers = Vec::new();
    for middleware in middlewares {
        match open(args, &folder, middleware) {
            Ok(searcher) => searchers.push(searcher),
            Err(error) => complaints.push(error.to_string()),
        }
    }
    if !searchers.is_empty() {
        let done: u64 = searchers.iter().map(|searcher| searcher.journal.state.next).sum();
        eprintln!("seed {}, kept in {}", args.seed, folder.display());
        if done > 0 {
            eprintln!("going on after {done} cases (another --dir begins anew)");
        }
        complaints.extend(search(args, &folder, &mut searchers)?.map(|error| error.to_string()));
        speeds(&searchers);
    }
    let mut report = Report { schema: 1, adapters: searchers.iter().map(row).collect() };
    if let Some(baseline) = &baseline {
        baseline.apply(&mut report);
    }
    write(args, &folder, &report, &searchers)?;
    complaints.iter().for_each(|complaint| eprintln!("error: {complaint}"));
    let is_new = report.adapters.iter().flat_map(|row| &row.divergences).any(|divergence| !divergence.known);
    Ok(match (complaints.is_empty(), is_new) {
        (false, _) => Outcome::Errors,
        (true, true) => Outcome::Divergences,
        (true, false) => Outcome::Nothing,
    })
}

fn open(args: &Args, folder: &Path, middleware: &'static dyn Middleware) -> io::Result<Searcher> {
    let Description { name, version, .. } = middleware.describe();
    let path = folder.join("journals").join(format!("{}.jsonl", reproduction::file_name(name)));
    let journal = Journal::open(&path, &Heading::new(name, version, args.seed))?;
    // What was found just before an end may lack its files.
    journal.state.found.values().try_for_each(|found| keep(folder, middleware, found))?;
    Ok(Searcher::new(middleware, journal, args.seed, Duration::from_secs(args.timeout)))
}

/// Searches until there is an end, and tells what ended it early.
fn search(args: &Args, folder: &Path, searchers: &mut Vec<Searcher>) -> io::Result<Option<io::Error>> {
    let is_cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_cancelled);
    let cancel = move || {
        if flag.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
    };
    ctrlc::set_handler(cancel).map_err(io::Error::other)?;
    let seconds = args.seconds.or_else(|| args.cases.is_none().then_some(SECONDS));
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let to = args.cases.unwrap_or(u64::MAX);
    let order: Vec<&'static str> = searchers.iter().map(|searcher| searcher.middleware.describe().name).collect();
    let progress = Progress::new(searchers);
    let waiting = Mutex::new(std::mem::take(searchers));
    let resting = Mutex::new(Vec::new());
    let error = Mutex::new(None);
    let of_thread = || {
        while !is_cancelled.load(Ordering::Relaxed) && end.is_none_or(|end| Instant::now() < end) {
            let Some(mut searcher) = take_next(&mut lock(&waiting)) else { break };
            if searcher.journal.state.next >= to || searcher.ended.is_some() {
                lock(&resting).push(searcher);
                continue;
            }
            let (middleware, before) = (searcher.middleware, searcher.searched);
            let searched = searcher.batch(to, &mut |found| {
                progress.found(found);
                keep(folder, middleware, found)
            });
            progress.bar.inc(searcher.searched - before);
            lock(&waiting).push(searcher);
            if let Err(why) = searched {
                // What cannot be kept is told at the end, and no more is looked for.
                is_cancelled.store(true, Ordering::Relaxed);
                lock(&error).get_or_insert(why);
            }
        }
    };
    let jobs = parallel::jobs(args.jobs);
    thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(of_thread))));
    progress.bar.finish_and_clear();
    let mut all = std::mem::take(&mut *lock(&resting));
    all.append(&mut lock(&waiting));
    all.sort_by_key(|searcher| order.iter().position(|name| *name == searcher.middleware.describe().name));
    *searchers = all;
    Ok(lock(&error).take())
}

/// What is locked; a thread that panicked left whole values behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The one that had the least time.
fn take_next(waiting: &mut Vec<Searcher>) -> Option<Searcher> {
    let least = waiting.iter().enumerate().min_by_key(|(_, searcher)| searcher.spent);
    let index = least.map(|(index, _)| index)?;
    Some(waiting.swap_remove(index))
}

/// What is seen while it goes on.
struct Progress {
    bar: ProgressBar,
    fingerprints: Mutex<BTreeMap<Class, BTreeSet<String>>>,
}

impl Progress {
    fn new(searchers: &[Searcher]) -> Self {
        let bar = super::spinner("{spinner} {pos} cases, {per_sec}  {msg}");
        let progress = Self { bar, fingerprints: Mutex::default() };
        let found = searchers.iter().flat_map(|searcher| searcher.journal.state.found.values());
        found.for_each(|found| progress.found(found));
        progress
    }

    fn found(&self, found: &Found) {
        let mut fingerprints = lock(&self.fingerprints);
        fingerprints.entry(found.divergence.class).or_default().insert(found.divergence.fingerprint.clone());
        let told = fingerprints.iter().map(|(class, of_class)| format!("{class} {}", of_class.len()));
        self.bar.set_message(told.collect::<Vec<_>>().join(", "));
    }
}

/// Writes the files of a finding, where they are not there or say something else.
fn keep(folder: &Path, middleware: &dyn Middleware, found: &Found) -> io::Result<()> {
    let folder = folder.join("findings");
    let name = reproduction::file_name(&found.divergence.fingerprint);
    let vector = format!("{name}.json");
    let page = finding_page::page(&found.divergence, &middleware.describe(), &vector);
    for (name, text) in [(vector, reproduction::vector_file(&found.divergence)), (format!("{name}.md"), page)] {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text));
        written.map_err(|error| super::about(&path, &error))?;
    }
    Ok(())
}

/// The cases a second of each, which are no part of the report: they are never the same twice.
fn speeds(searchers: &[Searcher]) {
    for searcher in searchers.iter().filter(|searcher| searcher.searched > 0) {
        let a_second = searcher.searched as f64 / searcher.spent.as_secs_f64();
        let (name, cases) = (searcher.middleware.describe().name, searcher.searched);
        eprintln!("{name:28} {cases:>9} cases  {a_second:>9.0} a second");
    }
}

fn row(searcher: &Searcher) -> AdapterReport {
    let state = &searcher.journal.state;
    let found = state.found.values().map(|found| found.divergence.clone());
    AdapterReport {
        counts: state.batch.counts,
        divergences: found.collect(),
        ended: searcher.ended.clone(),
        ..AdapterReport::new(searcher.middleware)
    }
}

fn write(args: &Args, folder: &Path, report: &Report, searchers: &[Searcher]) -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    if args.format == Format::Json {
        json::write(report, &mut output)?;
        return output.flush();
    }
    let findings = folder.join("findings").display().to_string();
    let what = format!(
        "{} generated cases of seed {}",
        report.adapters.iter().map(|row| row.counts.cases).sum::<usize>(),
        args.seed
    );
    let rest = format!("each with its vector, command lines and Rust test in {findings}");
    let style =
        terminal::Style { program: super::program(), all: args.all, what: &what, rest: &rest, folder: Some(&findings) };
    terminal::write(report, style, &mut output)?;
    let states: Vec<_> =
        searchers.iter().map(|searcher| (searcher.middleware.describe().name, &searcher.journal.state)).collect();
    campaign::write(&states, &mut output)?;
    output.flush()
}
