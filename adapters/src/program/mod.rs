//! A program in any language as a middleware: the server protocol, version 1. `conformance/docs/server-protocol.md`
//! says it from the program's side.
//!
//! The program runs twice: once for the control, which is asked for once, and once for the policies. Its application
//! is told what to answer by the path of each request.

use std::{
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::{Description, Middleware, NoServer, Server, handler::Handler};

mod answer;
mod client;
mod process;
mod script;
mod served;

pub use answer::Introduction;
use answer::{Answer, Listening};
use client::Client;
use process::Process;
use served::Served;

/// A program that speaks the server protocol, and how long each of its answers may take.
pub struct Program {
    command: String,
    words: Vec<String>,
    limit: Duration,
    control: Side,
    under_test: Side,
    introduction: OnceLock<Introduction>,
}

/// One of its two processes, once it runs, with the connection to its server.
type Side = Arc<Mutex<Option<Running>>>;

struct Running {
    process: Process,
    client: Option<Client>,
    /// How many servers it was asked for.
    asked: u64,
}

impl Program {
    /// The program that is run by a command, of which nothing is run yet. The command is split into words as a shell
    /// splits them, and run without a shell.
    ///
    /// # Errors
    ///
    /// If the command has no words, or a quote without an end.
    pub fn new(command: &str, limit: Duration) -> Result<Self, String> {
        let words = shlex::split(command).filter(|words| !words.is_empty());
        let words = words.ok_or_else(|| format!("`{command}` is no command: it is empty, or a quote has no end"))?;
        let (control, under_test) = (Side::default(), Side::default());
        Ok(Self { command: command.to_owned(), words, limit, control, under_test, introduction: OnceLock::new() })
    }

    /// The command that runs it.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// What it says of itself, once its control was built or it was introduced.
    pub fn introduction(&self) -> Option<&Introduction> {
        self.introduction.get()
    }

    /// Tells what another process was told by the same program; the first word counts.
    pub fn introduce(&self, introduction: Introduction) {
        self.introduction.get_or_init(|| introduction);
    }

    /// Asks one side for a server, whose process is started where there is none.
    fn ask(&self, side: &Side, policy: Option<&Policy>) -> Result<Listening, NoServer> {
        let mut slot = lock(side);
        if slot.as_mut().is_none_or(|running| running.process.how_it_ended().is_some()) {
            let process = Process::start(&self.words).map_err(NoServer::broken)?;
            *slot = Some(Running { process, client: None, asked: 0 });
        }
        let Some(running) = slot.as_mut() else { return Err(NoServer::broken("there is no process")) };
        // A server that knows one connection at a time could not be closed beneath it.
        running.client = None;
        running.asked += 1;
        match running.process.ask(policy, self.limit) {
            Ok(Answer::Listening(listening)) => {
                running.client = Some(Client::new(listening.address, self.limit));
                Ok(listening)
            }
            Ok(Answer::Unsupported(why)) => Err(NoServer::Unsupported(why)),
            Ok(Answer::Rejected(message)) => Err(NoServer::Rejected(message)),
            Err(why) => {
                // It may still be about to answer, and would answer the next question with it.
                *slot = None;
                Err(NoServer::broken(why))
            }
        }
    }

    /// Asks for the control, once: nothing about it changes.
    fn start_control(&self) -> Result<(), NoServer> {
        let is_there = |running: &mut Running| running.client.is_some() && running.process.how_it_ended().is_none();
        if lock(&self.control).as_mut().is_some_and(is_there) {
            return Ok(());
        }
        let listening = self.ask(&self.control, None).map_err(|no| match no {
            NoServer::Unsupported(why) | NoServer::Rejected(why) => {
                NoServer::broken(format!("the control, which the null policy asks for, is refused: {why}"))
            }
            no => no,
        })?;
        self.introduce(listening.introduction);
        Ok(())
    }
}

impl Middleware for Program {
    fn describe(&self) -> Description<'_> {
        let introduction = self.introduction();
        let program = self.words.first().map_or("", String::as_str);
        let name = introduction.map_or(program, |told| &told.name);
        Description {
            name,
            package: name,
            version: introduction.map_or("", |told| &told.version),
            configured: &self.command,
            repository: "",
            issues: introduction.map_or("", |told| &told.issues),
        }
    }

    fn support(&self, _: Capability) -> Support {
        Support::Yes("the program tells of each policy")
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let path = script::path(handler).map_err(NoServer::Unsupported)?;
        let (side, warnings) = match policy {
            None => {
                self.start_control()?;
                (&self.control, Vec::new())
            }
            Some(policy) => (&self.under_test, self.ask(&self.under_test, Some(policy))?.warnings),
        };
        let mut server = Served::connect(Arc::clone(side), path, warnings)?;
        if policy.is_none() {
            server.is_control_of(handler)?;
        }
        Ok(Box::new(server))
    }
}

impl NoServer {
    fn broken(why: impl Into<String>) -> Self {
        Self::Broken(std::io::Error::other(why.into()))
    }
}

/// What a panic elsewhere left is as good as before.
fn lock<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
