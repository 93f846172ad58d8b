//! The worker's side.

use std::{
    fs::File,
    io::{self, BufRead, LineWriter, Write},
    time::Duration,
};

use cors_conformance::{
    divergence::Message,
    drive::Progress,
    suite::{run_vector, smoke},
};

use rustix::time::{ClockId, clock_gettime};

use super::{Order, Word};
use crate::{Found, cmd::run::is_meant, rows};

/// Run one middleware's cases, as they come on standard input.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The middleware.
    #[arg(long)]
    adapter: String,
    /// Only these rules.
    #[arg(long)]
    rule: Vec<String>,
}

/// Answers orders until standard input ends.
pub(crate) fn run(args: &Args) -> io::Result<Found> {
    // What a framework prints must not stand between two words.
    let mut output = LineWriter::new(File::from(rustix::io::dup(rustix::stdio::stdout())?));
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    let middleware = rows::named(&args.adapter).ok_or_else(|| io::Error::other("no such middleware"))?;
    let is_selected = |id: &str| args.rule.is_empty() || args.rule.iter().any(|wanted| is_meant(id, wanted));
    for line in io::stdin().lock().lines() {
        let word = match serde_json::from_str(&line?)? {
            Order::Smoke => Word::Smoked(smoke(middleware)),
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
                let report = run_vector(middleware, &vector, is_selected, &mut watch, Some(meter));
                lost?;
                Word::Done(Box::new(report))
            }
        };
        say(&mut output, &word)?;
    }
    Ok(Found::Nothing)
}

fn say(output: &mut impl Write, word: &Word) -> io::Result<()> {
    serde_json::to_writer(&mut *output, word)?;
    output.write_all(b"\n")
}

/// What a call allocates on this thread, and for how long the thread works on it.
fn meter(call: &mut dyn FnMut()) -> (u64, Duration) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
    };
    let mut time = Duration::ZERO;
    let allocated = allocation_counter::measure(|| {
        let before = now();
        call();
        time = now().saturating_sub(before);
    });
    (allocated.bytes_total, time)
}
