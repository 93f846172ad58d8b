//! The side that watches.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use cors_adapters::program::Introduction;
use cors_conformance::{
    case::vectors::Vector,
    divergence::Divergence,
    drive::Message,
    rules::{Rule, robustness::ABORT, robustness::HANG},
    suite::{AdapterReport, CaseReport, as_run},
};

use rustix::process::{Pid, Signal, kill_process_group};

use super::{Order, Subject, Word};

/// After so many, a middleware has shown what there is to show, and each costs a time limit.
pub(super) const DEATHS: usize = 10;

/// Has one middleware run cases by workers, and watches over them.
pub(crate) struct Watchdog<'a> {
    /// What is run.
    pub(crate) subject: Subject<'a>,
    /// Which rules count; all, where there are none.
    pub(crate) rules: &'a [String],
    /// How long a case may take, or an answer of a program.
    pub(crate) limit: Duration,
}

/// A program has a limit for each answer, and says which took longer; this many of them are for what does not end still.
const ANSWERS_A_CASE: u32 = 4;

impl Watchdog<'_> {
    /// Runs vectors; `done` is called after each.
    ///
    /// # Errors
    ///
    /// A worker that cannot be started, or that says what is no word.
    pub(crate) fn run(&self, vectors: &[Vector], mut done: impl FnMut()) -> io::Result<AdapterReport> {
        let (mut worker, mut broken) = match self.start()? {
            Ok(started) => (Some(started), None),
            Err(why) => (None, Some(why)),
        };
        let mut report = self.row();
        let mut deaths = 0;
        for vector in vectors {
            let case = match &broken {
                Some(why) => CaseReport::Broken(why.clone()),
                None if deaths == DEATHS => CaseReport::Inconclusive(Some(format!(
                    "after {DEATHS} cases that ended a process or took too long, no more was tried"
                ))),
                None => match self.case(&mut worker, vector)? {
                    Ended::Word(case) => case,
                    Ended::Dead(divergence) => CaseReport::Diverge(vec![*divergence]),
                },
            };
            deaths += usize::from(deaths < DEATHS && is_a_death(&case));
            // What does not start once more would take as long for each case.
            if let (CaseReport::Broken(why), None) = (&case, &worker) {
                broken = Some(why.clone());
            }
            report.add(&vector.id, case);
            done();
        }
        Ok(report)
    }

    /// A row without any case yet.
    fn row(&self) -> AdapterReport {
        let row = AdapterReport::new(self.subject.middleware());
        let Subject::Program(program) = self.subject else { return row };
        let introduction = program.introduction();
        AdapterReport {
            language: introduction.map(|told| told.language.clone()),
            issues: introduction.map(|told| told.issues.clone()),
            command: Some(program.command().to_owned()),
            ..row
        }
    }

    /// A new worker, or what its smoke test says.
    pub(super) fn start(&self) -> io::Result<Result<Worker, String>> {
        let mut started = Worker::start(self.arguments())?;
        let smoked: Result<Option<Introduction>, String> = match started.ask(&Order::Smoke, self.patience())? {
            Heard::Word(Word::Smoked(smoked)) => smoked,
            Heard::Word(_) => return Err(out_of_turn()),
            Heard::Nothing(_, how) => Err(format!("the smoke policy: {}", how.message)),
        };
        if let (Subject::Program(program), Ok(Some(introduction))) = (self.subject, &smoked) {
            program.introduce(introduction.clone());
        }
        Ok(smoked.map(|_| started))
    }

    /// What a worker is told of what it runs.
    fn arguments(&self) -> Vec<String> {
        let subject = match self.subject {
            Subject::BuiltIn(middleware) => vec!["--adapter".to_owned(), middleware.describe().name.to_owned()],
            Subject::Program(program) => {
                let limit = self.limit.as_secs().to_string();
                vec!["--server".to_owned(), program.command().to_owned(), "--timeout".to_owned(), limit]
            }
        };
        let rules = self.rules.iter().flat_map(|rule| ["--rule".to_owned(), rule.clone()]);
        subject.into_iter().chain(rules).collect()
    }

    fn patience(&self) -> Duration {
        match self.subject {
            Subject::BuiltIn(_) => self.limit,
            Subject::Program(_) => self.limit * ANSWERS_A_CASE,
        }
    }

    pub(super) fn case(&self, worker: &mut Option<Worker>, vector: &Vector) -> io::Result<Ended> {
        let running = match worker {
            Some(worker) => worker,
            None => match self.start()? {
                Ok(started) => worker.insert(started),
                Err(why) => return Ok(Ended::Word(CaseReport::Broken(why))),
            },
        };
        match running.ask(&Order::Run(Box::new(vector.clone())), self.patience())? {
            Heard::Word(Word::Done(case)) => Ok(Ended::Word(*case)),
            Heard::Word(_) => Err(out_of_turn()),
            Heard::Nothing(asked, how) => {
                *worker = None;
                let middleware = self.subject.middleware();
                let name = middleware.describe().name;
                let vector = as_run(middleware, vector);
                let divergence = Divergence::seen_from_outside(name, how.rule, &vector, asked, how.message);
                Ok(Ended::Dead(Box::new(divergence)))
            }
        }
    }
}

/// Whether a process had to be replaced for a case, or its time limit was spent.
fn is_a_death(case: &CaseReport) -> bool {
    match case {
        CaseReport::Diverge(divergences) => {
            divergences.iter().any(|divergence| [HANG.id, ABORT.id].contains(&&*divergence.rule))
        }
        CaseReport::Broken(_) => true,
        _ => false,
    }
}

pub(super) fn out_of_turn() -> io::Error {
    io::Error::other("the worker speaks out of turn")
}

/// How a case ended.
pub(super) enum Ended {
    /// The worker told.
    Word(CaseReport),
    /// The worker is gone.
    Dead(Box<Divergence>),
}

/// What was heard of an order.
pub(super) enum Heard {
    /// An answer.
    Word(Word),
    /// None; all that the server was asked, and what became of the worker.
    Nothing(Vec<Message>, Death),
}

/// What became of a worker.
pub(super) struct Death {
    rule: &'static Rule,
    message: String,
}

/// A worker's process; it ends with this.
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    lines: Receiver<io::Result<String>>,
}

impl Worker {
    fn start(arguments: Vec<String>) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("worker").args(arguments);
        // What a framework logs there is no part of a report.
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C is for whoever watches; without them, the worker's input ends.
        let mut child = command.process_group(0).spawn()?;
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

    /// Gives an order that has no answer; one that has ended shows at the next.
    pub(super) fn tell(&mut self, order: &Order) -> io::Result<()> {
        let mut order = serde_json::to_vec(order)?;
        order.push(b'\n');
        let _ended = self.input.write_all(&order);
        Ok(())
    }

    /// Gives an order and waits for its answer.
    fn ask(&mut self, order: &Order, limit: Duration) -> io::Result<Heard> {
        self.tell(order)?;
        self.hear(limit)
    }

    /// Waits for the next word that is an answer.
    pub(super) fn hear(&mut self, limit: Duration) -> io::Result<Heard> {
        let deadline = Instant::now() + limit;
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
        // With it ends all that it has started. It may have ended by itself.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process_group(group, Signal::KILL).unwrap_or_default();
        }
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
