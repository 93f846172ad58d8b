//! The worker process: reads commands from standard input and writes replies to standard output.

use std::{
    fs::File,
    io::{self, BufRead, LineWriter, Write},
    ops::Range,
    time::{Duration, Instant},
};

use cors_adapters::{Middleware, program::Program};
use cors_conformance::{
    drive::{Allocations, Message, Meter, Progress},
    search::campaign::{Batch, CaseRunner},
    suite::{run_vector, smoke},
};

use super::protocol::{Command, Reply};
use crate::{
    select::{self, matches},
    status::Status,
};

/// Run the cases of one middleware, which arrive on standard input.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Middleware to run.
    #[arg(long, required_unless_present = "server")]
    adapter: Option<String>,
    /// Command of a program to run instead of a middleware.
    #[arg(long, allow_hyphen_values = true)]
    server: Option<String>,
    /// Time limit for an answer of the program, in seconds.
    #[arg(long, default_value_t = 10)]
    timeout: u64,
    /// Check only these rules.
    #[arg(long)]
    rule: Vec<String>,
}

/// Runs commands until standard input ends.
pub(crate) fn run(args: &Args) -> io::Result<Status> {
    // A framework that prints to standard output must not break the protocol.
    let mut output = LineWriter::new(File::from(rustix::io::dup(rustix::stdio::stdout())?));
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    let program = args.server.as_ref().map(|command| Program::new(command, Duration::from_secs(args.timeout)));
    let program = program.transpose().map_err(io::Error::other)?;
    // The allocations of another process cannot be counted.
    let (middleware, meter): (&dyn Middleware, Option<Meter>) = match &program {
        Some(program) => (program, None),
        None => (select::middleware(args.adapter.as_deref().unwrap_or_default())?, Some(meter)),
    };
    let mut runner: Option<CaseRunner<'_>> = None;
    let is_selected = |id: &str| args.rule.is_empty() || args.rule.iter().any(|wanted| matches(id, wanted));
    for line in io::stdin().lock().lines() {
        let reply = match serde_json::from_str(&line?)? {
            Command::Smoke => {
                let introduction = || program.as_ref().and_then(Program::introduction).cloned();
                Reply::Smoked(smoke(middleware).map(|()| introduction()))
            }
            Command::Run(vector) => {
                let mut sent = Ok(());
                let mut watch = |visit, progress: Progress<'_>| {
                    let reply = match progress {
                        Progress::Asks(kind, request) => Reply::Asks(Box::new(Message::asked(visit, kind, request))),
                        Progress::Answered(exchange) => Reply::Answered(Box::new(Message::answered(visit, exchange))),
                    };
                    if sent.is_ok() {
                        sent = send(&mut output, &reply);
                    }
                };
                let report = run_vector(middleware, &vector, is_selected, &mut watch, meter);
                sent?;
                Reply::Done(Box::new(report))
            }
            Command::Begin { seed, known } => {
                runner = Some(CaseRunner::new(middleware, seed, known, meter));
                continue;
            }
            Command::Search { from, to } => {
                let runner =
                    runner.as_mut().ok_or_else(|| io::Error::other("a search command before a begin command"))?;
                Reply::Searched(Box::new(search_numbers(runner, from..to, &mut output)?))
            }
        };
        send(&mut output, &reply)?;
    }
    Ok(Status::Success)
}

/// The longest silence of a search, which shows the watchdog that the worker does not hang.
const MAX_SILENCE: Duration = Duration::from_millis(20);

/// Searches the cases with these numbers. Sends each new divergence at once, and again when its case is shrunk.
fn search_numbers(runner: &mut CaseRunner<'_>, numbers: Range<u64>, output: &mut impl Write) -> io::Result<Batch> {
    let mut batch = Batch::default();
    let mut last_sent = Instant::now();
    let mut sent = Ok(());
    for number in numbers {
        let mut report_progress = |output: &mut dyn Write| {
            if sent.is_ok() && last_sent.elapsed() > MAX_SILENCE {
                sent = send(output, &Reply::At(number));
                last_sent = Instant::now();
            }
        };
        report_progress(output);
        for found in runner.run(number, &mut batch) {
            send(output, &Reply::Found(Box::new(found.clone())))?;
            let shrunk = runner.shrink(&found, &mut || report_progress(output));
            send(output, &Reply::Found(Box::new(shrunk)))?;
        }
    }
    sent.map(|()| batch)
}

/// Sends a reply.
fn send(output: &mut (impl Write + ?Sized), reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    output.write_all(&line)
}

/// Counts the allocations of a call on this thread.
fn meter(call: &mut dyn FnMut()) -> Allocations {
    let counted = allocation_counter::measure(call);
    Allocations { count: counted.count_total, bytes: counted.bytes_total }
}
