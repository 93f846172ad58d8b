//! The side that watches.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use cors_adapters::Middleware;
use cors_conformance::{
    divergence::{Divergence, Message},
    rules::{ABORT, HANG, Rule},
    suite::{AdapterReport, CaseReport, as_run},
    vectors::Vector,
};

use super::{Order, Word};

/// After so many, a middleware has shown what there is to show, and each costs a time limit.
const DEATHS: usize = 10;

/// Has one middleware run cases by workers, and watches over them.
pub(crate) struct Watchdog<'a> {
    /// What is run.
    pub(crate) middleware: &'a dyn Middleware,
    /// Which rules count; all, where there are none.
    pub(crate) rules: &'a [String],
    /// How long a case may take.
    pub(crate) limit: Duration,
}

impl Watchdog<'_> {
    /// Runs vectors; `done` is called after each.
    ///
    /// # Errors
    ///
    /// A worker that cannot be started, or that says what is no word.
    pub(crate) fn run(&self, vectors: &[Vector], mut done: impl FnMut()) -> io::Result<AdapterReport> {
        let mut report = AdapterReport::new(self.middleware);
        let mut worker: Option<Worker> = None;
        let mut deaths = 0;
        for vector in vectors {
            let case = if deaths == DEATHS {
                CaseReport::Inconclusive(Some(format!(
                    "after {DEATHS} workers that had to be replaced, no more was tried"
                )))
            } else {
                match self.case(&mut worker, vector)? {
                    Ended::Word(case) => case,
                    Ended::Dead(divergence) => {
                        deaths += 1;
                        CaseReport::Diverge(vec![*divergence])
                    }
                }
            };
            report.add(case);
            done();
        }
        Ok(report)
    }

    fn case(&self, worker: &mut Option<Worker>, vector: &Vector) -> io::Result<Ended> {
        let running = match worker {
            Some(worker) => worker,
            None => {
                let mut started = Worker::start(self.middleware.describe().name, self.rules)?;
                match started.ask(&Order::Smoke, self.limit)? {
                    Heard::Word(Word::Smoked(Ok(()))) => worker.insert(started),
                    Heard::Word(Word::Smoked(Err(why))) => return Ok(Ended::Word(CaseReport::Broken(why))),
                    Heard::Word(_) => return Err(io::Error::other("the worker speaks out of turn")),
                    Heard::Nothing(_, how) => {
                        return Ok(Ended::Word(CaseReport::Broken(format!("the smoke policy: {}", how.message))));
                    }
                }
            }
        };
        match running.ask(&Order::Run(Box::new(vector.clone())), self.limit)? {
            Heard::Word(Word::Done(case)) => Ok(Ended::Word(*case)),
            Heard::Word(_) => Err(io::Error::other("the worker speaks out of turn")),
            Heard::Nothing(asked, how) => {
                *worker = None;
                let name = self.middleware.describe().name;
                let vector = as_run(self.middleware, vector);
                let divergence = Divergence::seen_from_outside(name, how.rule, &vector, asked, how.message);
                Ok(Ended::Dead(Box::new(divergence)))
            }
        }
    }
}

/// How a case ended.
enum Ended {
    /// The worker told.
    Word(CaseReport),
    /// The worker is gone.
    Dead(Box<Divergence>),
}

/// What was heard of an order.
enum Heard {
    /// An answer.
    Word(Word),
    /// None; all that the server was asked, and what became of the worker.
    Nothing(Vec<Message>, Death),
}

/// What became of a worker.
struct Death {
    rule: &'static Rule,
    message: String,
}

/// A worker's process; it ends with this.
struct Worker {
    child: Child,
    input: ChildStdin,
    lines: Receiver<io::Result<String>>,
}

impl Worker {
    fn start(adapter: &str, rules: &[String]) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["worker", "--adapter", adapter]);
        command.args(rules.iter().flat_map(|rule| ["--rule", rule]));
        // What a framework logs there is no part of a report.
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("the worker has no pipes"))?;
        let (say, lines) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            // It ends with the worker, or with whoever listens.
            for line in BufReader::new(output).lines() {
                if say.send(line).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { child, input, lines })
    }

    /// Gives an order and waits for its answer.
    fn ask(&mut self, order: &Order, limit: Duration) -> io::Result<Heard> {
        let deadline = Instant::now() + limit;
        let mut order = serde_json::to_vec(order)?;
        order.push(b'\n');
        // One that has ended shows below.
        let _ended = self.input.write_all(&order);
        let mut asked: Vec<Message> = Vec::new();
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => match serde_json::from_str(&line?)? {
                    Word::Asks(message) => asked.push(*message),
                    Word::Answered(message) => {
                        asked.pop();
                        asked.push(*message);
                    }
                    word => return Ok(Heard::Word(word)),
                },
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill()?;
                    let message = format!("There is no answer within {} s.", limit.as_secs());
                    return Ok(Heard::Nothing(unanswered(asked, "no answer"), Death { rule: &HANG, message }));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait()?;
                    let message = format!("The server's process ends: {status}.");
                    return Ok(Heard::Nothing(unanswered(asked, "the process ends"), Death { rule: &ABORT, message }));
                }
            }
        }
    }
}

/// What was asked, the last with what became of it.
fn unanswered(mut asked: Vec<Message>, how: &str) -> Vec<Message> {
    if let Some(last) = asked.last_mut() {
        last.failure = Some(how.to_owned());
    }
    asked
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
