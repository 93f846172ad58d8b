//! The loopback servers: the page with its frames, and where its cases go to: scripted answers, or a server
//! under test behind this one, which records what passes.

use std::{
    collections::HashMap,
    io::{self, BufReader, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use cors_conformance::case::script::{Answer, Visit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    cases::World,
    task::{Answers, Task},
    wire::{Request, bytes_of, read_request},
};

/// What a page saw of one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// What `fetch()` gave.
    pub(crate) verdict: String,
    /// The status that the page reads.
    pub(crate) status: Option<u16>,
    /// The names of the headers that it reads.
    pub(crate) readable: Option<Vec<String>>,
}

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Arrived {
    pub(crate) method: String,
    pub(crate) origin: Option<String>,
    pub(crate) requested_method: Option<String>,
    pub(crate) requested_headers: Option<String>,
}

impl Arrived {
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.requested_method.is_some()
    }
}

/// What is known of one case.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    answers: Answers,
    visit: usize,
    /// The requests of each visit, in order.
    pub(crate) arrived: Vec<Vec<Arrived>>,
    /// What the page saw of each visit.
    pub(crate) seen: Vec<Seen>,
}

/// What the servers share.
#[derive(Debug)]
pub(crate) struct State {
    records: HashMap<String, Record>,
    tasks: Value,
    /// Whether the page has run every case.
    pub(crate) is_done: bool,
    /// When the page last ended a case.
    pub(crate) heard: Instant,
    /// How many cases it has run.
    pub(crate) finished: u64,
    /// How many of the last cases in a row timed out.
    pub(crate) timed_out: u64,
}

/// The servers, for as long as the process lives.
#[derive(Debug, Clone)]
pub(crate) struct Servers {
    /// Where they listen.
    pub(crate) world: World,
    state: Arc<Mutex<State>>,
}

impl Servers {
    /// Starts listening on loopback.
    pub(crate) fn start() -> io::Result<Self> {
        let state = State {
            records: HashMap::new(),
            tasks: Value::Null,
            is_done: false,
            heard: Instant::now(),
            finished: 0,
            timed_out: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let world = World { page: listen(&state)?, target: listen(&state)?, third: listen(&state)? };
        Ok(Self { world, state })
    }

    /// Hands out tasks to the next page that asks.
    pub(crate) fn offer(&self, tasks: &[&Task], at_once: usize) {
        let cases: Vec<Value> = tasks.iter().map(|task| task.to_page()).collect();
        let warm_up = [1, 2, 1].map(|number| format!("http://127.0.0.1:{}/warm-up?{number}", self.world.target));
        let mut state = self.state();
        state.records = tasks.iter().map(|task| (task.id.clone(), Record::of(task))).collect();
        state.tasks = json!({ "cases": cases, "at_once": at_once, "warm_up": warm_up });
        state.is_done = false;
        state.heard = Instant::now();
        state.finished = 0;
        state.timed_out = 0;
    }

    /// What is known by now.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked left whole values behind.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes every record out.
    pub(crate) fn take_records(&self) -> HashMap<String, Record> {
        std::mem::take(&mut self.state().records)
    }
}

impl Record {
    fn of(task: &Task) -> Self {
        let arrived = vec![Vec::new(); task.fetches.len()];
        Self { answers: task.answers.clone(), visit: 0, arrived, seen: Vec::new() }
    }

    /// Whether the page saw each of its fetches end.
    pub(super) fn is_whole(&self) -> bool {
        !self.seen.is_empty() && self.seen.iter().all(|seen| seen.verdict != "timeout")
    }

    /// The reply to the next request.
    fn reply(&self, request: &Request, is_preflight: bool) -> Reply {
        match &self.answers {
            Answers::From(server) => Reply::From(*server),
            Answers::Scripted(visits) => Reply::scripted(self.scripted(visits, request, is_preflight), request),
        }
    }

    /// The scripted answer to the next request. Each redirect leads to the next hop, which its URL's last segment
    /// tells too where the redirect itself came out of a cache.
    fn scripted<'a>(&self, visits: &'a [Visit], request: &Request, is_preflight: bool) -> Option<&'a Answer> {
        let answered = self.arrived.get(self.visit)?.iter().filter(|request| !request.is_preflight()).count();
        let named = request.path.rsplit('/').next().and_then(|last| last.parse().ok()).unwrap_or(0);
        let hop = answered.max(named);
        let [preflight_response, response] = visits.get(self.visit)?.answers(hop)?;
        if is_preflight { preflight_response } else { response }
    }
}

/// Listens on one port of both loopback addresses.
fn listen(state: &Arc<Mutex<State>>) -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    let mut listeners = vec![listener];
    // Without IPv6 on this machine, its cases are network errors of their own.
    listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)));
    for listener in listeners {
        let state = Arc::clone(state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                // A connection that breaks is the browser's to try again.
                thread::spawn(move || serve(&stream, &state).unwrap_or_default());
            }
        });
    }
    Ok(port)
}

/// Answers what comes over one connection.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let reply = respond(&request, &mut state.lock().unwrap_or_else(PoisonError::into_inner));
        // The lock is free by now: a server under test takes its time.
        let (answer, stays_open) = match reply {
            Reply::Bytes { bytes, stays_open } => (bytes, stays_open),
            Reply::From(server) => (request.answer_from(server)?, false),
        };
        (&mut &*stream).write_all(&answer)?;
        if !stays_open {
            stream.shutdown(Shutdown::Write)?;
            // Reading to the end keeps the answer from being cut off by a reset.
            io::copy(&mut reader, &mut io::sink())?;
            return Ok(());
        }
    }
    Ok(())
}

/// Grants all that the warm-up asks for: a browser may not yet use what its very first preflight grants.
const WARM_UP: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT\r\n\
    Access-Control-Max-Age: 600\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n";

/// What is sent for a request.
enum Reply {
    /// These bytes; the connection may stay open for the next request.
    Bytes { bytes: Vec<u8>, stays_open: bool },
    /// The answer of this server.
    From(SocketAddr),
}

impl Reply {
    fn own(status: &str, kind: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\r\n"
        );
        Self::Bytes { bytes: (head + body).into_bytes(), stays_open: true }
    }

    fn scripted(answer: Option<&Answer>, request: &Request) -> Self {
        let has_no_body = request.method == "HEAD" || answer.is_some_and(|answer| matches!(answer.status, 204 | 304));
        // Without a body there is nothing to end by closing, and a browser asks again.
        Self::Bytes { bytes: bytes_of(answer), stays_open: has_no_body }
    }
}

fn respond(request: &Request, state: &mut State) -> Reply {
    let own = |kind: &str, body: &str| Reply::own("200 OK", kind, body);
    match request.path.as_str() {
        "/" | "/frame" => own("text/html", include_str!("page.html")),
        "/page.js" => own("text/javascript", include_str!("page.js")),
        "/cases" => own("application/json", &state.tasks.to_string()),
        "/begin" | "/seen" | "/done" => {
            state.take_report(&request.path, &request.body);
            own("text/plain", "")
        }
        "/warm-up" => Reply::Bytes { bytes: WARM_UP.to_vec(), stays_open: true },
        path => match path.strip_prefix("/c/").and_then(|rest| rest.rsplit_once('/')) {
            // The last segment is the hop's number, or only makes URLs differ.
            Some((id, _)) => state.respond_to_case(request, id),
            None => Reply::own("404 Not Found", "text/plain", ""),
        },
    }
}

#[derive(Deserialize)]
struct Begin {
    id: String,
    visit: usize,
}

#[derive(Deserialize)]
struct Report {
    id: String,
    visits: Vec<Seen>,
}

impl State {
    fn take_report(&mut self, path: &str, body: &[u8]) {
        if path == "/done" {
            self.is_done = true;
        } else if let Ok(begin) = serde_json::from_slice::<Begin>(body) {
            if let Some(record) = self.records.get_mut(&begin.id) {
                record.visit = begin.visit;
            }
        } else if let Ok(report) = serde_json::from_slice::<Report>(body)
            && let Some(record) = self.records.get_mut(&report.id)
        {
            record.seen = report.visits;
            self.finished += 1;
            let timed_out = record.seen.iter().any(|seen| seen.verdict == "timeout");
            self.timed_out = if timed_out { self.timed_out + 1 } else { 0 };
            self.heard = Instant::now();
        }
    }

    fn respond_to_case(&mut self, request: &Request, id: &str) -> Reply {
        let arrived = Arrived {
            method: request.method.clone(),
            origin: request.header("Origin"),
            requested_method: request.header("Access-Control-Request-Method"),
            requested_headers: request.header("Access-Control-Request-Headers"),
        };
        let Some(record) = self.records.get_mut(id) else {
            return Reply::own("404 Not Found", "text/plain", "");
        };
        let reply = record.reply(request, arrived.is_preflight());
        let visit = record.visit;
        if let Some(of_visit) = record.arrived.get_mut(visit) {
            of_visit.push(arrived);
        }
        reply
    }
}
