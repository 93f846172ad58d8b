//! A worker as a child process.

use std::{
    io::{self, BufRead, BufReader, Write},
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdin, Command as Process, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use cors_conformance::{
    drive::Message,
    rules::{
        Rule,
        robustness::{ABORT, HANG},
    },
};
use rustix::process::{Pid, Signal, kill_process_group};

use super::protocol::{Command, Reply};

/// A worker process. Dropping it kills the process.
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    lines: Receiver<io::Result<String>>,
}

/// What a worker sends back within the time limit.
pub(super) enum Received {
    /// A reply that ends the command.
    Reply(Reply),
    /// No reply, because the worker hangs or has ended.
    Lost(Lost),
}

/// The loss of a worker while it ran a command.
pub(super) struct Lost {
    /// The rule that the loss breaks.
    pub(super) rule: &'static Rule,
    /// A sentence that describes the loss.
    pub(super) message: String,
    /// The requests of the server, with their responses.
    pub(super) exchanges: Vec<Message>,
}

impl Worker {
    /// Starts a worker with command-line arguments.
    pub(super) fn start(arguments: Vec<String>) -> io::Result<Self> {
        let mut process = Process::new(std::env::current_exe()?);
        process.arg("worker").args(arguments);
        // The log of a framework is not part of a report.
        process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C reaches only the command, whose end closes the input of the worker.
        let mut child = process.process_group(0).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| io::Error::other("the worker has no pipes"))?;
        let (sender, lines) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            for line in BufReader::new(output).lines() {
                if sender.send(line).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { child, input, lines })
    }

    /// Sends a command. The next [`Self::receive`] reports a worker that has ended.
    pub(super) fn send(&mut self, command: &Command) -> io::Result<()> {
        let mut line = serde_json::to_vec(command)?;
        line.push(b'\n');
        let _ended = self.input.write_all(&line);
        Ok(())
    }

    /// Sends a command and waits for its reply.
    pub(super) fn request(&mut self, command: &Command, limit: Duration) -> io::Result<Received> {
        self.send(command)?;
        self.receive(limit)
    }

    /// Waits for the next reply and collects the exchanges of the server until then. Kills a worker that hangs.
    pub(super) fn receive(&mut self, limit: Duration) -> io::Result<Received> {
        let deadline = Instant::now() + limit;
        let mut progress: Vec<String> = Vec::new();
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    let line = line?;
                    if is_progress(&line) {
                        progress.push(line);
                    } else {
                        return Ok(Received::Reply(serde_json::from_str(&line)?));
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill()?;
                    let message = format!("There is no answer within {} s.", limit.as_secs());
                    return Ok(Received::Lost(Lost::new(&HANG, message, exchanges(&progress)?, "no answer")));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait()?;
                    let message = format!("The server's process ends: {status}.");
                    return Ok(Received::Lost(Lost::new(&ABORT, message, exchanges(&progress)?, "the process ends")));
                }
            }
        }
    }
}

/// Returns true if a line reports the progress of a case. Only a loss needs its content, so it is parsed only then.
fn is_progress(line: &str) -> bool {
    line.starts_with(r#"{"asks":"#) || line.starts_with(r#"{"answered":"#)
}

/// Returns the exchanges of the server that the lines of progress report.
fn exchanges(progress: &[String]) -> io::Result<Vec<Message>> {
    let mut exchanges: Vec<Message> = Vec::new();
    for line in progress {
        match serde_json::from_str(line)? {
            Reply::Asks(message) => exchanges.push(*message),
            Reply::Answered(message) => {
                exchanges.pop();
                exchanges.push(*message);
            }
            _ => return Err(unexpected_reply()),
        }
    }
    Ok(exchanges)
}

impl Lost {
    /// Describes a loss; `failure` becomes the failure of the last exchange.
    fn new(rule: &'static Rule, message: String, mut exchanges: Vec<Message>, failure: &str) -> Self {
        if let Some(last) = exchanges.last_mut() {
            last.failure = Some(failure.to_owned());
        }
        Self { rule, message, exchanges }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The process group includes everything that the worker has started.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process_group(group, Signal::KILL).unwrap_or_default();
        }
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Returns the error for a reply that does not belong to the command.
pub(super) fn unexpected_reply() -> io::Error {
    io::Error::other("the worker sent an unexpected reply")
}
