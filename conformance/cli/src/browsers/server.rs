//! The servers on loopback: one for the page with its frames, and those that the cases fetch from.
//!
//! A server sends scripted responses, or forwards to a server under test and records what passes.

use std::{
    collections::HashMap,
    io::{self, BufReader, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use cors_conformance::case::script::Answer;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    browser_case::{Answers, BrowserCase},
    cases::World,
    recording::{PageObservation, ReceivedRequest, Recording},
    wire::{Request, bytes_of, read_request},
};

/// The state that the servers share.
#[derive(Debug)]
pub(crate) struct State {
    recordings: HashMap<String, Recording>,
    /// The cases as JSON for the page.
    cases: Value,
    /// True if the page has run every case.
    pub(crate) is_done: bool,
    /// The time of the last report of the page.
    pub(crate) last_report: Instant,
    /// The number of cases that the page has run.
    pub(crate) finished: u64,
    /// The number of cases that timed out since the last one that did not.
    pub(crate) timeouts_in_a_row: u64,
}

impl State {
    fn new(cases: Value, recordings: HashMap<String, Recording>) -> Self {
        Self { recordings, cases, is_done: false, last_report: Instant::now(), finished: 0, timeouts_in_a_row: 0 }
    }
}

/// The servers, which listen until the process ends.
#[derive(Debug, Clone)]
pub(crate) struct Servers {
    /// The addresses of the servers.
    pub(crate) world: World,
    state: Arc<Mutex<State>>,
}

impl Servers {
    /// Starts the servers on loopback.
    pub(crate) fn start() -> io::Result<Self> {
        let state = Arc::new(Mutex::new(State::new(Value::Null, HashMap::new())));
        let world = World { page: listen(&state)?, target: listen(&state)?, third: listen(&state)? };
        Ok(Self { world, state })
    }

    /// Offers cases to the next page. The page runs `parallel` of them at a time.
    pub(crate) fn offer(&self, cases: &[&BrowserCase], parallel: usize) {
        let recordings = cases.iter().map(|case| (case.id.clone(), Recording::new(case))).collect();
        let cases: Vec<Value> = cases.iter().map(|case| case.to_page()).collect();
        let warm_up = [1, 2, 1].map(|number| format!("http://127.0.0.1:{}/warm-up?{number}", self.world.target));
        let cases = json!({ "cases": cases, "parallel": parallel, "warm_up": warm_up });
        *self.state() = State::new(cases, recordings);
    }

    /// Locks the state.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Takes all recordings.
    pub(crate) fn take_recordings(&self) -> HashMap<String, Recording> {
        std::mem::take(&mut self.state().recordings)
    }
}

/// Locks the state. A thread that panics leaves no value half changed.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens on one port of both loopback addresses.
fn listen(state: &Arc<Mutex<State>>) -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    let mut listeners = vec![listener];
    // Without IPv6 on this machine, the cases that use it end in network errors.
    listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)));
    for listener in listeners {
        let state = Arc::clone(state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                // The browser decides whether to retry after a broken connection.
                thread::spawn(move || serve(&stream, &state).unwrap_or_default());
            }
        });
    }
    Ok(port)
}

/// Answers the requests of one connection.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let reply = respond(&request, &mut lock(state));
        // The lock is released here, because a server under test takes time.
        let (response, stays_open) = match reply {
            Reply::Bytes { bytes, stays_open } => (bytes, stays_open),
            Reply::Forward(server) => (request.forward_to(server)?, false),
        };
        (&mut &*stream).write_all(&response)?;
        if !stays_open {
            stream.shutdown(Shutdown::Write)?;
            // Reading to the end prevents a reset that would cut off the response.
            io::copy(&mut reader, &mut io::sink())?;
            return Ok(());
        }
    }
    Ok(())
}

/// The response to a warm-up request. It permits everything that the request needs.
const WARM_UP: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT\r\n\
    Access-Control-Max-Age: 600\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n";

/// What answers a request.
enum Reply {
    /// These bytes. The connection can stay open for the next request.
    Bytes { bytes: Vec<u8>, stays_open: bool },
    /// The server under test at this address.
    Forward(SocketAddr),
}

impl Reply {
    /// Builds a response of the server itself.
    fn own(status: &str, content_type: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             Cache-Control: no-store\r\n\r\n"
        );
        Self::Bytes { bytes: (head + body).into_bytes(), stays_open: true }
    }

    /// Builds a scripted response.
    fn scripted(answer: Option<&Answer>, request: &Request) -> Self {
        let has_no_body = request.method == "HEAD" || answer.is_some_and(|answer| matches!(answer.status, 204 | 304));
        // Only the end of a body needs the end of the connection. A browser would retry an unneeded end.
        Self::Bytes { bytes: bytes_of(answer), stays_open: has_no_body }
    }
}

/// Returns the reply to a request.
fn respond(request: &Request, state: &mut State) -> Reply {
    let ok = |content_type: &str, body: &str| Reply::own("200 OK", content_type, body);
    match request.path.as_str() {
        "/" | "/frame" => ok("text/html", include_str!("page.html")),
        "/page.js" => ok("text/javascript", include_str!("page.js")),
        "/cases" => ok("application/json", &state.cases.to_string()),
        "/begin" | "/observed" | "/done" => {
            state.take_report(&request.path, &request.body);
            ok("text/plain", "")
        }
        "/warm-up" => Reply::Bytes { bytes: WARM_UP.to_vec(), stays_open: true },
        path => match path.strip_prefix("/c/").and_then(|rest| rest.rsplit_once('/')) {
            // The last segment is the number of the hop, or only distinguishes URLs.
            Some((id, _)) => state.respond_to_case(request, id),
            None => not_found(),
        },
    }
}

fn not_found() -> Reply {
    Reply::own("404 Not Found", "text/plain", "")
}

/// The page's report that a visit begins.
#[derive(Deserialize)]
struct VisitBegins {
    id: String,
    visit: usize,
}

/// The page's report of what it observed.
#[derive(Deserialize)]
struct CaseObserved {
    id: String,
    visits: Vec<PageObservation>,
}

impl State {
    /// Takes a report of the page.
    fn take_report(&mut self, path: &str, body: &[u8]) {
        if path == "/done" {
            self.is_done = true;
        } else if let Ok(report) = serde_json::from_slice::<VisitBegins>(body) {
            if let Some(recording) = self.recordings.get_mut(&report.id) {
                recording.visit = report.visit;
            }
        } else if let Ok(report) = serde_json::from_slice::<CaseObserved>(body)
            && let Some(recording) = self.recordings.get_mut(&report.id)
        {
            recording.observed = report.visits;
            self.finished += 1;
            let timed_out = recording.observed.iter().any(PageObservation::is_timeout);
            self.timeouts_in_a_row = if timed_out { self.timeouts_in_a_row + 1 } else { 0 };
            self.last_report = Instant::now();
        }
    }

    /// Records a request of a case and returns the reply.
    fn respond_to_case(&mut self, request: &Request, id: &str) -> Reply {
        let Some(recording) = self.recordings.get_mut(id) else { return not_found() };
        let received = ReceivedRequest::new(request);
        let reply = match &recording.answers {
            Answers::Server(server) => Reply::Forward(*server),
            Answers::Scripted(visits) => {
                Reply::scripted(recording.scripted_response(visits, request, received.is_preflight()), request)
            }
        };
        let visit = recording.visit;
        if let Some(requests) = recording.received.get_mut(visit) {
            requests.push(received);
        }
        reply
    }
}
