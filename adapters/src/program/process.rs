//! A process that is asked for servers by one JSON object per line.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use cors_policy::Policy;
use serde::Serialize;

use super::{
    answer::{Answer, is_answer, parse, shown},
    lock::lock,
};

/// The time in which the process must end after its standard input is closed.
const GRACE: Duration = Duration::from_millis(500);

/// The length in bytes at which a line is cut.
const LONGEST_LINE: u64 = 1 << 16;

/// The number of printed lines that are kept for messages.
const KEPT: usize = 20;

/// A running process. Dropping it ends the process.
pub(super) struct Process {
    child: Child,
    /// `None` after the process is asked to end.
    input: Option<ChildStdin>,
    answers: Receiver<String>,
    /// The last lines of the standard error, and of the standard output except answers.
    printed: Arc<Mutex<VecDeque<String>>>,
}

#[derive(Serialize)]
struct Question<'a> {
    protocol: u32,
    policy: Option<&'a Policy>,
}

impl Process {
    /// Starts the process.
    ///
    /// # Errors
    ///
    /// Returns the reason why it cannot be started.
    pub(super) fn start(words: &[String]) -> Result<Self, String> {
        let Some((program, arguments)) = words.split_first() else { return Err("there is no command".to_owned()) };
        let started = || -> io::Result<Self> {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn()?;
            let input = child.stdin.take();
            let printed = Arc::<Mutex<VecDeque<String>>>::default();
            let (sender, answers) = mpsc::sync_channel(4);
            if let Some(output) = child.stdout.take() {
                let keep = keeper(&printed);
                // A full channel drops the answer, so that a program that prints too many does not block.
                each_line(output, move |line| {
                    if !is_answer(line) {
                        keep(line);
                    } else if let Ok(line) = String::from_utf8(line.to_vec()) {
                        sender.try_send(line).unwrap_or_default();
                    }
                })?;
            }
            if let Some(errors) = child.stderr.take() {
                each_line(errors, keeper(&printed))?;
            }
            Ok(Self { child, input, answers, printed })
        };
        started().map_err(|error| format!("`{program}` cannot be run: {error}"))
    }

    /// Asks for a server. The process closes its previous server.
    pub(super) fn ask(&mut self, policy: Option<&Policy>, limit: Duration) -> Result<Answer, String> {
        let mut question = serde_json::to_vec(&Question { protocol: 1, policy }).map_err(|error| error.to_string())?;
        question.push(b'\n');
        if let Ok(unasked) = self.answers.try_recv() {
            return Err(format!("it printed an answer without a request: `{}`", shown(&unasked)));
        }
        if let Some(input) = &mut self.input {
            // If the process has ended, reading the answer reports it.
            input.write_all(&question).and_then(|()| input.flush()).unwrap_or_default();
        }
        match self.answers.recv_timeout(limit) {
            Ok(line) => parse(&line),
            Err(RecvTimeoutError::Timeout) => {
                Err(format!("it did not answer within {} s{}", limit.as_secs_f32(), self.last_words()))
            }
            Err(RecvTimeoutError::Disconnected) => Err(match self.wait(GRACE) {
                Some(how) => how,
                None => format!("it closed its standard output without an answer{}", self.last_words()),
            }),
        }
    }

    /// Returns how the process ended, or `None` if it runs.
    pub(super) fn how_it_ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(format!("the process ended: {status}{}", self.last_words())),
            Err(error) => Some(format!("the state of the process is unknown: {error}")),
        }
    }

    /// Waits for the process to end, for at most `limit`. Returns how it ended, or `None` if it still runs.
    pub(super) fn wait(&mut self, limit: Duration) -> Option<String> {
        let begun = Instant::now();
        loop {
            match self.how_it_ended() {
                None if begun.elapsed() < limit => thread::sleep(Duration::from_millis(5)),
                how => return how,
            }
        }
    }

    /// Returns the printed line that most likely states the reason, as the end of a message.
    fn last_words(&self) -> String {
        // Gives the reading threads time to read what is still in the pipes.
        thread::sleep(Duration::from_millis(20));
        let printed = lock(&self.printed);
        let is_error = |line: &&String| line.contains("Error") || line.contains("error");
        let line = printed.iter().rev().find(is_error).or_else(|| printed.back());
        line.map_or_else(String::new, |line| format!("; it printed `{line}`"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Closing the standard input asks the process to end. If it does not, it is killed.
        self.input = None;
        if self.wait(GRACE).is_none() {
            let _ended = self.child.kill();
            let _reaped = self.child.wait();
        }
    }
}

/// Returns a function that keeps the last lines.
fn keeper(printed: &Arc<Mutex<VecDeque<String>>>) -> impl Fn(&[u8]) + Send + 'static {
    let printed = Arc::clone(printed);
    move |line| {
        let line = shown(&String::from_utf8_lossy(line));
        if !line.is_empty() {
            let mut printed = lock(&printed);
            if printed.len() == KEPT {
                printed.pop_front();
            }
            printed.push_back(line);
        }
    }
}

/// Calls a function with each line, on a thread that ends with the stream.
fn each_line(stream: impl Read + Send + 'static, hand: impl Fn(&[u8]) + Send + 'static) -> io::Result<()> {
    thread::Builder::new().spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while let Ok(1..) = stream.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            hand(&line);
            line.clear();
        }
    })?;
    Ok(())
}
