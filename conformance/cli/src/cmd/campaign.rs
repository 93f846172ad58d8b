//! `campaign`: searches generated cases for divergences.

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
        NumberedDivergence,
        journal::{Heading, Journal},
    },
    suite::{AdapterReport, Report},
};
use indicatif::ProgressBar;

use super::{
    baseline::{new_divergences, read_baseline},
    format::Format,
    output::command_prefix,
    progress::spinner,
};
use crate::{
    files, select,
    status::{Status, print_errors},
    worker::Searcher,
};

/// Search generated cases for divergences that no vector shows.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance campaign --seconds 60
  cors-conformance campaign --adapter tower-http --cases 100000 --seed 7
  cors-conformance campaign --seconds 36000 --baseline baseline.json --dir nightly

The folder keeps each divergence as soon as it is found, as a vector, as curl commands, and as a Rust test. The same
command continues an earlier search. Ctrl-C ends a search early. The same seed and number of cases give the same report.

Exit status:
  0  no divergence, except those in the baseline
  1  divergences
  2  an unknown name, an invalid file, or a middleware that could not be run")]
pub(crate) struct Args {
    /// Search only this middleware (repeatable).
    ///
    /// `cors-conformance adapters` lists the names. `reference` is the reference server. The id of a mutant, from
    /// `cors-conformance mutants`, is also a name.
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// Duration of the search [default: 60, unless --cases is given].
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Number of cases for each middleware, including those of earlier searches.
    #[arg(long, value_name = "NUMBER")]
    cases: Option<u64>,
    /// Seed of the generated cases.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Folder for the state of the search and its findings.
    #[arg(long, value_name = "FOLDER", default_value = "cors-campaign")]
    dir: PathBuf,
    /// Read the expected divergences from this file.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Number of middlewares to search in parallel [default: one per core].
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZero<usize>>,
    /// Time limit for each case, after which the middleware counts as hung.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show every kind of divergence in full, not only the most severe.
    #[arg(long)]
    all: bool,
}

/// The duration of a search without `--seconds` and `--cases`.
const DEFAULT_SECONDS: u64 = 60;

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let mut errors = Vec::new();
    let middlewares = select::middlewares(&args.adapter)?;
    let baseline = args.baseline.as_deref().and_then(|path| read_baseline(path, &mut errors));
    let folder = args.dir.join(format!("seed-{}", args.seed));
    let mut searchers = Vec::new();
    for middleware in middlewares {
        match open(args, &folder, middleware) {
            Ok(searcher) => searchers.push(searcher),
            Err(error) => errors.push(error.to_string()),
        }
    }
    if !searchers.is_empty() {
        let done: u64 = searchers.iter().map(|searcher| searcher.journal.state.next).sum();
        eprintln!("seed {}, kept in {}", args.seed, folder.display());
        if done > 0 {
            eprintln!("continuing after {done} cases (use another --dir to start over)");
        }
        errors.extend(search(args, &folder, &mut searchers)?.map(|error| error.to_string()));
        print_speeds(&searchers);
    }
    let mut report = Report { adapters: searchers.iter().map(row).collect() };
    if let Some(baseline) = &baseline {
        baseline.apply(&mut report);
    }
    write(args, &folder, &report, &searchers)?;
    print_errors(&errors);
    Ok(new_divergences(&report).unless(&errors))
}

/// Opens the search of one middleware at the point where its journal ends.
fn open(args: &Args, folder: &Path, middleware: &'static dyn Middleware) -> io::Result<Searcher> {
    let Description { name, version, .. } = middleware.describe();
    let path = folder.join("journals").join(format!("{}.jsonl", reproduction::file_name(name)));
    let journal = Journal::open(&path, &Heading::new(name, version, args.seed))?;
    // A search that was killed may lack the files of its last findings.
    journal.state.found.values().try_for_each(|found| keep(folder, middleware, found))?;
    Ok(Searcher::new(middleware, journal, args.seed, Duration::from_secs(args.timeout)))
}

/// Searches until the time or the cases run out. Returns the error that ended the search early, if any.
fn search(args: &Args, folder: &Path, searchers: &mut Vec<Searcher>) -> io::Result<Option<io::Error>> {
    let is_cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_cancelled);
    let cancel = move || {
        if flag.swap(true, Ordering::Relaxed) {
            process::exit(130);
        }
    };
    ctrlc::set_handler(cancel).map_err(io::Error::other)?;
    let seconds = args.seconds.or_else(|| args.cases.is_none().then_some(DEFAULT_SECONDS));
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let to = args.cases.unwrap_or(u64::MAX);
    let order: Vec<&'static str> = searchers.iter().map(|searcher| searcher.middleware.describe().name).collect();
    let progress = Progress::new(searchers);
    let waiting = Mutex::new(std::mem::take(searchers));
    let resting = Mutex::new(Vec::new());
    let error = Mutex::new(None);
    let work = || {
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
                // The report of an error follows at the end of the search.
                is_cancelled.store(true, Ordering::Relaxed);
                lock(&error).get_or_insert(why);
            }
        }
    };
    let jobs = parallel::jobs(args.jobs);
    thread::scope(|scope| (0..jobs).for_each(|_| drop(scope.spawn(work))));
    progress.bar.finish_and_clear();
    let mut all = std::mem::take(&mut *lock(&resting));
    all.append(&mut lock(&waiting));
    all.sort_by_key(|searcher| order.iter().position(|name| *name == searcher.middleware.describe().name));
    *searchers = all;
    Ok(lock(&error).take())
}

/// Locks a mutex. A thread that panics leaves no value half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the searcher that has used the least time.
fn take_next(waiting: &mut Vec<Searcher>) -> Option<Searcher> {
    let least = waiting.iter().enumerate().min_by_key(|(_, searcher)| searcher.spent);
    let index = least.map(|(index, _)| index)?;
    Some(waiting.swap_remove(index))
}

/// The progress of a search.
struct Progress {
    bar: ProgressBar,
    fingerprints: Mutex<BTreeMap<Class, BTreeSet<String>>>,
}

impl Progress {
    fn new(searchers: &[Searcher]) -> Self {
        let bar = spinner("{spinner} {pos} cases, {per_sec}  {msg}");
        let progress = Self { bar, fingerprints: Mutex::default() };
        let found = searchers.iter().flat_map(|searcher| searcher.journal.state.found.values());
        found.for_each(|found| progress.found(found));
        progress
    }

    fn found(&self, found: &NumberedDivergence) {
        let mut fingerprints = lock(&self.fingerprints);
        fingerprints.entry(found.divergence.class).or_default().insert(found.divergence.fingerprint.clone());
        let counts = fingerprints.iter().map(|(class, found)| format!("{class} {}", found.len()));
        self.bar.set_message(counts.collect::<Vec<_>>().join(", "));
    }
}

/// Writes the files of a finding that do not exist yet or differ.
fn keep(folder: &Path, middleware: &dyn Middleware, found: &NumberedDivergence) -> io::Result<()> {
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
        written.map_err(|error| files::with_path(&path, &error))?;
    }
    Ok(())
}

/// Prints the speed of each search on standard error, because it differs from run to run.
fn print_speeds(searchers: &[Searcher]) {
    for searcher in searchers.iter().filter(|searcher| searcher.searched > 0) {
        let per_second = searcher.searched as f64 / searcher.spent.as_secs_f64();
        let (name, cases) = (searcher.middleware.describe().name, searcher.searched);
        eprintln!("{name:28} {cases:>9} cases  {per_second:>9.0} per second");
    }
}

/// Returns the row of a middleware in the report.
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
        terminal::Style { program: command_prefix(), all: args.all, what: &what, rest: &rest, folder: Some(&findings) };
    terminal::write(report, style, &mut output)?;
    let states: Vec<_> =
        searchers.iter().map(|searcher| (searcher.middleware.describe().name, &searcher.journal.state)).collect();
    campaign::write(&states, &mut output)?;
    output.flush()
}
