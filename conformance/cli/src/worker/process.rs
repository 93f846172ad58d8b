//! The worker's side.

use std::{
    fs::File,
    io::{self, BufRead, LineWriter, Write},
    ops::Range,
    time::{Duration, Instant},
};

use cors_adapters::{Middleware, program::Program};
use cors_conformance::{
    drive::{Allocations, Message, Meter, Progress},
    search::campaign::{Batch, Search},
    suite::{run_vector, smoke},
};

use super::{Order, Word};
use crate::{Found, cmd::run::is_meant};

/// Run one middleware's cases, as they come on standard input.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The middleware.
    #[arg(long, required_unless_present = "server")]
    adapter: Option<String>,
    /// The program's command, in the place of a middleware.
    #[arg(long, allow_hyphen_values = true)]
    server: Option<String>,
    /// How many seconds an answer of the program may take.
    #[arg(long, default_value_t = 10)]
    timeout: u64,
    /// Only these rules.
    #[arg(long)]
    rule: Vec<String>,
}

/// Answers orders until standard input ends.
pub(crate) fn run(args: &Args) -> io::Result<Found> {
    // What a framework prints must not stand between two words.
    let mut output = LineWriter::new(File::from(rustix::io::dup(rustix::stdio::stdout())?));
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    let program = args.server.as_ref().map(|command| Program::new(command, Duration::from_secs(args.timeout)));
    let program = program.transpose().map_err(io::Error::other)?;
    // The allocations of another process cannot be counted.
    let (middleware, meter): (&dyn Middleware, Option<Meter>) = match &program {
        Some(program) => (program, None),
        None => (args.built_in()?, Some(meter)),
    };
    let mut search: Option<Search<'_>> = None;
    let is_selected = |id: &str| args.rule.is_empty() || args.rule.iter().any(|wanted| is_meant(id, wanted));
    for line in io::stdin().lock().lines() {
        let word = match serde_json::from_str(&line?)? {
            Order::Smoke => {
                let introduction = || program.as_ref().and_then(Program::introduction).cloned();
                Word::Smoked(smoke(middleware).map(|()| introduction()))
            }
            Order::Run(vector) => {
                let mut lost = Ok(());
                let mut watch = |visit, progress: Progress<'_>| {
                    let word = match progress {
                        Progress::Asks(kind, request) => Word::Asks(Box::new(Message::asked(visit, kind, request))),
                        Progress::Answered(exchange) => Word::Answered(Box::new(Message::answered(visit, exchange))),
                    };
                    if lost.is_ok() {
                        lost = say(&mut output, &word);
                    }
                };
                let report = run_vector(middleware, &vector, is_selected, &mut watch, meter);
                lost?;
                Word::Done(Box::new(report))
            }
            Order::Begin { seed, known } => {
                search = Some(Search::new(middleware, seed, known, meter));
                continue;
            }
            Order::Search { from, to } => {
                let search = search.as_mut().ok_or_else(|| io::Error::other("no search was begun"))?;
                Word::Searched(Box::new(numbers(search, from..to, &mut output)?))
            }
        };
        say(&mut output, &word)?;
    }
    Ok(Found::Nothing)
}

impl Args {
    fn built_in(&self) -> io::Result<&'static dyn Middleware> {
        let named = self.adapter.as_deref().and_then(cors_conformance::self_check::registry::named);
        named.ok_or_else(|| io::Error::other("no such middleware"))
    }
}

/// How long a search may be silent, so that whoever waits knows that it is alive.
const SILENCE: Duration = Duration::from_millis(20);

/// Searches numbers, and tells whatever is new at once, then again once it is small.
fn numbers(search: &mut Search<'_>, numbers: Range<u64>, output: &mut impl Write) -> io::Result<Batch> {
    let mut batch = Batch::default();
    let mut heard = Instant::now();
    let mut lost = Ok(());
    for number in numbers {
        let mut alive = |output: &mut dyn Write| {
            if lost.is_ok() && heard.elapsed() > SILENCE {
                lost = say(output, &Word::At(number));
                heard = Instant::now();
            }
        };
        alive(output);
        for found in search.run(number, &mut batch) {
            say(output, &Word::Found(Box::new(found.clone())))?;
            if let Some(small) = search.small(&found, &mut || alive(output)) {
                say(output, &Word::Found(Box::new(small)))?;
            }
        }
    }
    lost.map(|()| batch)
}

fn say(output: &mut (impl Write + ?Sized), word: &Word) -> io::Result<()> {
    serde_json::to_writer(&mut *output, word)?;
    output.write_all(b"\n")
}

/// Counts the allocations of a call on this thread.
fn meter(call: &mut dyn FnMut()) -> Allocations {
    let counted = allocation_counter::measure(call);
    Allocations { count: counted.count_total, bytes: counted.bytes_total }
}
