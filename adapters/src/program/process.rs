//! A process that is asked for servers, one JSON object a line.

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
    answer::{Answer, is_answer, read, shown},
    lock,
};

/// How long it may take to end once it is told to.
const GRACE: Duration = Duration::from_millis(500);

/// What is longer is no line.
const LONGEST_LINE: u64 = 1 << 16;

/// How many lines of what it prints are kept.
const KEPT: usize = 20;

/// A process; it ends with this.
pub(super) struct Process {
    child: Child,
    /// Nothing once it is told to end.
    input: Option<ChildStdin>,
    answers: Receiver<String>,
    /// The last lines of its standard error, and those of its standard output that are no answers.
    printed: Arc<Mutex<VecDeque<String>>>,
}

#[derive(Serialize)]
struct Question<'a> {
    protocol: u32,
    policy: Option<&'a Policy>,
}

impl Process {
    /// Starts it, or says why it cannot be.
    pub(super) fn start(words: &[String]) -> Result<Self, String> {
        let Some((program, arguments)) = words.split_first() else { return Err("there is no command".to_owned()) };
        let started = || -> io::Result<Self> {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn()?;
            let input = child.stdin.take();
            let printed = Arc::<Mutex<VecDeque<String>>>::default();
            let (say, answers) = mpsc::sync_channel(4);
            if let Some(output) = child.stdout.take() {
                let keep = keeper(&printed);
                // What nobody waits for is let go, so that a server that logs to its standard output is not held up.
                each_line(output, move |line| {
                    if !is_answer(line) {
                        keep(line);
                    } else if let Ok(line) = String::from_utf8(line.to_vec()) {
                        say.try_send(line).unwrap_or_default();
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

    /// Asks for a server, which closes the one before.
    pub(super) fn ask(&mut self, policy: Option<&Policy>, limit: Duration) -> Result<Answer, String> {
        let mut question = serde_json::to_vec(&Question { protocol: 1, policy }).map_err(|error| error.to_string())?;
        question.push(b'\n');
        if let Ok(unasked) = self.answers.try_recv() {
            return Err(format!("it answers what it was not asked: `{}`", shown(&unasked)));
        }
        if let Some(input) = &mut self.input {
            // That it has ended shows at its answer.
            input.write_all(&question).and_then(|()| input.flush()).unwrap_or_default();
        }
        match self.answers.recv_timeout(limit) {
            Ok(line) => read(&line),
            Err(RecvTimeoutError::Timeout) => {
                Err(format!("it does not answer within {} s{}", limit.as_secs_f32(), self.last_words()))
            }
            Err(RecvTimeoutError::Disconnected) => Err(match self.wait(GRACE) {
                Some(how) => how,
                None => format!("it closes its standard output and does not answer{}", self.last_words()),
            }),
        }
    }

    /// How it ended, where it did.
    pub(super) fn how_it_ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(format!("the process ends: {status}{}", self.last_words())),
            Err(error) => Some(format!("the process cannot be watched: {error}")),
        }
    }

    /// The same, where it is about to.
    pub(super) fn wait(&mut self, limit: Duration) -> Option<String> {
        let begun = Instant::now();
        loop {
            match self.how_it_ended() {
                None if begun.elapsed() < limit => thread::sleep(Duration::from_millis(5)),
                how => return how,
            }
        }
    }

    /// Of what it printed, the line that most likely says why.
    fn last_words(&self) -> String {
        // What is in the pipes may not have been read yet.
        thread::sleep(Duration::from_millis(20));
        let printed = lock(&self.printed);
        let is_error = |line: &&String| line.contains("Error") || line.contains("error");
        let line = printed.iter().rev().find(is_error).or_else(|| printed.back());
        line.map_or_else(String::new, |line| format!("; it printed `{line}`"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its standard input ends it, or else this does.
        self.input = None;
        if self.wait(GRACE).is_none() {
            let _ended = self.child.kill();
            let _reaped = self.child.wait();
        }
    }
}

/// Keeps the last lines.
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

/// Hands over each line, on a thread of its own that ends with the stream.
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
