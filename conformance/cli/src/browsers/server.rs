//! The loopback servers: the page with its frames, and the scripted answers, byte for byte.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use cors_conformance::script::{Answer, Visit};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cases::{Case, World};

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
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    visits: Vec<Visit>,
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
    /// When the page was last heard of.
    pub(crate) heard: Instant,
    /// How many cases it has run.
    pub(crate) finished: u64,
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
        let state =
            State { records: HashMap::new(), tasks: Value::Null, is_done: false, heard: Instant::now(), finished: 0 };
        let state = Arc::new(Mutex::new(state));
        let world = World { page: listen(&state)?, target: listen(&state)?, third: listen(&state)? };
        Ok(Self { world, state })
    }

    /// Hands out cases to the next page that asks.
    pub(crate) fn offer(&self, cases: &[Case], at_once: usize) {
        let tasks: Vec<Value> = cases.iter().map(task).collect();
        let warm_up = [1, 2, 1].map(|number| format!("http://127.0.0.1:{}/warm-up?{number}", self.world.target));
        let mut state = self.state();
        state.records = cases.iter().map(|case| (case.id.clone(), Record::of(case))).collect();
        state.tasks = json!({ "cases": tasks, "at_once": at_once, "warm_up": warm_up });
        state.is_done = false;
        state.heard = Instant::now();
        state.finished = 0;
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
    fn of(case: &Case) -> Self {
        let arrived = vec![Vec::new(); case.visits.len()];
        Self { visits: case.visits.clone(), visit: 0, arrived, seen: Vec::new() }
    }

    /// The scripted answer to the next request: each redirect that was answered led to the next hop.
    fn answer(&self, is_preflight: bool) -> Option<&Answer> {
        let hop = self.arrived.get(self.visit)?.iter().filter(|request| !request.is_preflight()).count();
        let [preflight_response, response] = self.visits.get(self.visit)?.answers(hop)?;
        if is_preflight { preflight_response } else { response }
    }
}

/// A case as the page takes it: `fetch()`'s own arguments.
fn task(case: &Case) -> Value {
    let visits = case.visits.iter().map(|visit| {
        let mut init = json!(visit.request);
        if visit.request.body.is_none()
            && let Some(init) = init.as_object_mut()
        {
            init.remove("body");
        }
        json!({ "after_ms": visit.after_ms, "origin": visit.page_origin, "url": visit.url, "init": init })
    });
    json!({ "id": case.id, "visits": visits.collect::<Vec<_>>() })
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

struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> Option<String> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    }
}

/// Answers what comes over one connection.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let (answer, stays_open) = respond(&request, &mut state.lock().unwrap_or_else(PoisonError::into_inner));
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

fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    // A query makes another URL of the same script.
    let path = words.next().and_then(|target| target.split('?').next()).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut bytes = Vec::new();
        if reader.take(1 << 16).read_until(b'\n', &mut bytes)? <= 2 {
            break;
        }
        let line = String::from_utf8_lossy(&bytes);
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    let mut request = Request { method, path, headers, body: Vec::new() };
    let length = request.header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_end(&mut request.body)?;
    Ok(Some(request))
}

/// Grants all that the warm-up asks for: a browser may not yet use what its very first preflight grants.
const WARM_UP: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT\r\n\
    Access-Control-Max-Age: 600\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n";

/// The bytes of the answer, and whether the connection stays open.
fn respond(request: &Request, state: &mut State) -> (Vec<u8>, bool) {
    state.heard = Instant::now();
    let own = |kind: &str, body: &str| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\r\n"
        );
        ((head + body).into_bytes(), true)
    };
    match request.path.as_str() {
        "/" | "/frame" => own("text/html", include_str!("page.html")),
        "/page.js" => own("text/javascript", include_str!("page.js")),
        "/cases" => own("application/json", &state.tasks.to_string()),
        "/begin" | "/seen" | "/done" => {
            state.take_report(&request.path, &request.body);
            own("text/plain", "")
        }
        "/warm-up" => (WARM_UP.to_vec(), true),
        path => match path.strip_prefix("/c/").and_then(|rest| rest.rsplit_once('/')) {
            // The rest of the path only makes URLs differ.
            Some((id, _)) => state.respond_scripted(request, id),
            None => (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(), true),
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
        }
    }

    fn respond_scripted(&mut self, request: &Request, id: &str) -> (Vec<u8>, bool) {
        let arrived = Arrived {
            method: request.method.clone(),
            origin: request.header("Origin"),
            requested_method: request.header("Access-Control-Request-Method"),
            requested_headers: request.header("Access-Control-Request-Headers"),
        };
        let Some(record) = self.records.get_mut(id) else {
            return (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(), true);
        };
        let answer = record.answer(arrived.is_preflight());
        let bytes = bytes_of(answer);
        let has_no_body = request.method == "HEAD" || answer.is_some_and(|answer| matches!(answer.status, 204 | 304));
        let visit = record.visit;
        if let Some(of_visit) = record.arrived.get_mut(visit) {
            of_visit.push(arrived);
        }
        // Without a body there is nothing to end by closing, and a browser asks again.
        (bytes, has_no_body)
    }
}

/// An answer's head as it is scripted; the end of the connection ends its body.
fn bytes_of(answer: Option<&Answer>) -> Vec<u8> {
    let Some(answer) = answer else { return b"HTTP/1.1 404 Unscripted\r\n\r\n".to_vec() };
    let mut bytes = format!("HTTP/1.1 {} Scripted\r\n", answer.status).into_bytes();
    let mut length = 0;
    for (name, text) in &answer.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(&text.0);
        bytes.extend_from_slice(b"\r\n");
        if *name == *"Content-Length" {
            length = std::str::from_utf8(&text.0).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        }
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend(std::iter::repeat_n(b'x', length.min(1 << 16)));
    bytes
}
