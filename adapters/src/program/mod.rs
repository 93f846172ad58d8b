//! A middleware that is a program in any language. The program implements version 1 of the server protocol, which
//! `conformance/docs/server-protocol.md` describes.
//!
//! The program runs twice: one process serves the control, and one serves the policies. The path of each request
//! defines the response of the application.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::{
    handler::Handler,
    middleware::{Description, Middleware, NoServer},
    server::Server,
};

mod answer;
mod client;
mod lock;
mod process;
mod script;
mod server;
mod side;

pub use answer::Introduction;
use answer::{Answer, Listening};
use client::Client;
use lock::lock;
use process::Process;
use server::ProgramServer;
use side::{Running, Side};

/// A program that speaks the server protocol.
pub struct Program {
    command: String,
    words: Vec<String>,
    limit: Duration,
    control: Side,
    under_test: Side,
    introduction: OnceLock<Introduction>,
}

impl Program {
    /// Creates a program from a command, without starting it. The command is split into words as a shell splits them, and
    /// runs without a shell. Each answer of the program may take as long as `limit`.
    ///
    /// # Errors
    ///
    /// Returns an error if the command is empty or has an unclosed quote.
    pub fn new(command: &str, limit: Duration) -> Result<Self, String> {
        let words = shlex::split(command).filter(|words| !words.is_empty());
        let words =
            words.ok_or_else(|| format!("`{command}` is not a command: it is empty, or a quote is not closed"))?;
        let (control, under_test) = (Side::default(), Side::default());
        Ok(Self { command: command.to_owned(), words, limit, control, under_test, introduction: OnceLock::new() })
    }

    /// Returns the command.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// Returns how the program introduced itself, after its control was built or [`introduce`](Self::introduce) was called.
    pub fn introduction(&self) -> Option<&Introduction> {
        self.introduction.get()
    }

    /// Sets the introduction that another process received from the same program. Later calls have no effect.
    pub fn introduce(&self, introduction: Introduction) {
        self.introduction.get_or_init(|| introduction);
    }

    /// Asks one process for a server, and starts the process if it does not run.
    fn ask(&self, side: &Side, policy: Option<&Policy>) -> Result<Listening, NoServer> {
        let mut slot = lock(side);
        if slot.as_mut().is_none_or(|running| running.process.how_it_ended().is_some()) {
            let process = Process::start(&self.words).map_err(NoServer::broken)?;
            *slot = Some(Running { process, client: None, server_count: 0 });
        }
        let Some(running) = slot.as_mut() else { return Err(NoServer::broken("there is no process")) };
        // A server that handles one connection at a time cannot close while this one is open.
        running.client = None;
        running.server_count += 1;
        match running.process.ask(policy, self.limit) {
            Ok(Answer::Listening(listening)) => {
                running.client = Some(Client::new(listening.address, self.limit));
                Ok(listening)
            }
            Ok(Answer::Unsupported(reason)) => Err(NoServer::Unsupported(reason)),
            Ok(Answer::Rejected(message)) => Err(NoServer::Rejected(message)),
            Err(reason) => {
                // A late answer would be read as the answer to the next request.
                *slot = None;
                Err(NoServer::broken(reason))
            }
        }
    }

    /// Starts the control, unless it runs already. It is the same for all cases.
    fn start_control(&self) -> Result<(), NoServer> {
        let is_there = |running: &mut Running| running.client.is_some() && running.process.how_it_ended().is_none();
        if lock(&self.control).as_mut().is_some_and(is_there) {
            return Ok(());
        }
        let listening = self.ask(&self.control, None).map_err(|no| match no {
            NoServer::Unsupported(reason) | NoServer::Rejected(reason) => {
                NoServer::broken(format!("the program refuses the null policy, which asks for the control: {reason}"))
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
        let name = introduction.map_or(program, |introduction| &introduction.name);
        Description {
            name,
            package: name,
            version: introduction.map_or("", |introduction| &introduction.version),
            configured: &self.command,
            repository: "",
            issues: introduction.map_or("", |introduction| &introduction.issues),
        }
    }

    fn support(&self, _: Capability) -> Support {
        Support::Yes("decided by the program for each policy")
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
        let mut server = ProgramServer::connect(Arc::clone(side), path, warnings)?;
        if policy.is_none() {
            server.check_control(handler)?;
        }
        Ok(Box::new(server))
    }
}
