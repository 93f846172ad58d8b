//! An HTTP/1.1 client that sends arbitrary bytes and reads answers unchanged.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use cors_reference::{header::HeaderValue, header_list::HeaderList, request::WireRequest, response::Response};
use httparse::{EMPTY_HEADER, Status};
use url::Position;

use super::script::is_framing_header;
use crate::server::{Failure, NotRepresentable};

/// The length in bytes above which a body counts as endless.
const LONGEST_BODY: usize = 16 << 20;

/// The length in bytes above which a head counts as endless.
const LONGEST_HEAD: usize = 1 << 20;

/// The greatest number of headers in an answer.
const HEADERS: usize = 1000;

/// A client of one server. It keeps its connection open as long as the server does.
pub(super) struct Client {
    address: SocketAddr,
    limit: Duration,
    connection: Option<TcpStream>,
}

/// The reason why there is no answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// The connection is refused.
    Refused(io::Error),
    /// The connection ends before the answer begins.
    Nothing,
    /// Another reason.
    Failed(Failure),
}

/// The head of an answer.
struct Head {
    length: usize,
    response: Response,
    framing: Framing,
    is_kept: bool,
}

/// How the end of the body is found.
enum Framing {
    None,
    Length(usize),
    Chunked,
    Close,
}

impl Client {
    pub(super) fn new(address: SocketAddr, limit: Duration) -> Self {
        Self { address, limit, connection: None }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connects, unless there is a connection. Returns true if there was one.
    pub(super) fn connect(&mut self) -> io::Result<bool> {
        if self.connection.is_some() {
            return Ok(true);
        }
        let connection = TcpStream::connect_timeout(&self.address, self.limit)?;
        connection.set_nodelay(true)?;
        self.connection = Some(connection);
        Ok(false)
    }

    /// Sends the bytes of a request with a method, and reads the answer. If the server has closed a kept connection, the
    /// bytes are sent again over a new one.
    pub(super) fn send(&mut self, bytes: &[u8], method: &str) -> Result<Response, NoAnswer> {
        let was_open = self.connect().map_err(NoAnswer::Refused)?;
        match self.exchange(bytes, method) {
            // A server may close an idle connection at any time.
            Err(NoAnswer::Nothing) if was_open => {
                self.connect().map_err(NoAnswer::Refused)?;
                self.exchange(bytes, method)
            }
            answered => answered,
        }
    }

    fn exchange(&mut self, bytes: &[u8], method: &str) -> Result<Response, NoAnswer> {
        // The connection is put back after a complete answer, if the server keeps it open.
        let Some(mut stream) = self.connection.take() else { return Err(NoAnswer::Nothing) };
        let mut reader = Reader {
            stream: &mut stream,
            deadline: Instant::now() + self.limit,
            limit: self.limit,
            buffer: Vec::new(),
        };
        reader.write(bytes)?;
        let head = loop {
            let head = reader.head(method)?;
            reader.buffer.drain(..head.length);
            // An interim response is not the answer.
            if !(100..200).contains(&head.response.status) {
                break head;
            }
        };
        let (body, is_whole) = reader.body(&head.framing)?;
        if head.is_kept && is_whole {
            self.connection = Some(stream);
        }
        Ok(Response { body, ..head.response })
    }
}

/// Returns the bytes of a request, with the path of the script.
pub(super) fn to_bytes(request: &WireRequest, path: &str) -> Result<Vec<u8>, NotRepresentable> {
    let no = |reason: &str| Err(NotRepresentable(reason.to_owned()));
    if request.method == "CONNECT" {
        return no("a client cannot send CONNECT without opening a tunnel");
    }
    let mut bytes = format!("{} {path}", request.method).into_bytes();
    bytes.extend(request.url[Position::AfterPath..Position::AfterQuery].as_bytes());
    bytes.extend(b" HTTP/1.1\r\n");
    if !request.headers.contains("Host") {
        let host = &request.url[Position::BeforeHost..Position::AfterPort];
        bytes.extend(format!("Host: {host}\r\n").as_bytes());
    }
    for (name, value) in request.headers.iter() {
        if value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
            return no("a header value with a line break cannot be sent");
        }
        if is_framing_header(name.as_str()) || *name == *"Expect" || *name == *"Upgrade" {
            return no(&format!("the client sets {name} itself"));
        }
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let body = request.body.as_deref().unwrap_or_default();
    if !body.is_empty() || matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") {
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    Ok(bytes)
}

struct Reader<'s> {
    stream: &'s mut TcpStream,
    deadline: Instant,
    limit: Duration,
    buffer: Vec<u8>,
}

impl Reader<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), NoAnswer> {
        self.stream.set_write_timeout(Some(self.limit)).map_err(NoAnswer::Refused)?;
        // A server may answer and close before it has read everything. Its answer can still be read.
        self.stream.write_all(bytes).unwrap_or_default();
        Ok(())
    }

    /// Reads more bytes. Returns their number, which is 0 at the end of the connection.
    fn more(&mut self) -> Result<usize, NoAnswer> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(self.late());
        }
        self.stream.set_read_timeout(Some(left)).map_err(NoAnswer::Refused)?;
        // A server that writes an answer in pieces waits for the acknowledgement of each. The option holds for about one
        // read.
        #[cfg(target_os = "linux")]
        rustix::net::sockopt::set_tcp_quickack(&*self.stream, true).unwrap_or_default();
        let mut piece = [0; 1 << 14];
        match self.stream.read(&mut piece) {
            Ok(length) => {
                self.buffer.extend(&piece[..length]);
                Ok(length)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Err(self.late())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.more(),
            Err(_) => Ok(0),
        }
    }

    fn late(&self) -> NoAnswer {
        let what = if self.buffer.is_empty() { "no answer" } else { "no end to the answer" };
        NoAnswer::Failed(Failure::Hung(format!("there is {what} within {} s", self.limit.as_secs_f32())))
    }

    fn head(&mut self, method: &str) -> Result<Head, NoAnswer> {
        loop {
            if !self.buffer.is_empty()
                && let Some(head) = parse(&self.buffer, method)?
            {
                return Ok(head);
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Err(malformed("the headers of the answer have no end"));
            }
            match (self.more()?, self.buffer.is_empty()) {
                (0, true) => return Err(NoAnswer::Nothing),
                (0, false) => return Err(malformed("the connection closed within the headers of the answer")),
                _ => {}
            }
        }
    }

    /// Reads the body. Returns true with it if no bytes follow, so that the connection can be used again.
    fn body(&mut self, framing: &Framing) -> Result<(Vec<u8>, bool), NoAnswer> {
        match framing {
            Framing::None => Ok((Vec::new(), self.buffer.is_empty())),
            Framing::Length(length) => {
                self.at_least(*length)?;
                let is_whole = self.buffer.len() == *length;
                self.buffer.truncate(*length);
                Ok((std::mem::take(&mut self.buffer), is_whole))
            }
            Framing::Close => {
                while self.more()? > 0 {
                    if self.buffer.len() > LONGEST_BODY {
                        return Err(endless());
                    }
                }
                Ok((std::mem::take(&mut self.buffer), false))
            }
            Framing::Chunked => self.chunks(),
        }
    }

    fn at_least(&mut self, length: usize) -> Result<(), NoAnswer> {
        if length > LONGEST_BODY {
            return Err(endless());
        }
        while self.buffer.len() < length {
            if self.more()? == 0 {
                return Err(malformed("the connection closed within the body of the answer"));
            }
        }
        Ok(())
    }

    fn chunks(&mut self) -> Result<(Vec<u8>, bool), NoAnswer> {
        let mut body = Vec::new();
        loop {
            let (line, length) = loop {
                match httparse::parse_chunk_size(&self.buffer) {
                    Ok(Status::Complete((line, length))) => {
                        break (line, usize::try_from(length).unwrap_or(usize::MAX));
                    }
                    Ok(Status::Partial) => self.at_least(self.buffer.len() + 1)?,
                    Err(_) => return Err(malformed("a chunk of the body has no size")),
                }
            };
            self.buffer.drain(..line);
            if length == 0 {
                break;
            }
            if body.len().saturating_add(length) > LONGEST_BODY {
                return Err(endless());
            }
            self.at_least(length + 2)?;
            body.extend(self.buffer.drain(..length));
            self.buffer.drain(..2);
        }
        // The trailers, which are ignored, end with an empty line.
        loop {
            let mut fields = [EMPTY_HEADER; 16];
            match httparse::parse_headers(&self.buffer, &mut fields) {
                Ok(Status::Complete((length, _))) => return Ok((body, length == self.buffer.len())),
                Ok(Status::Partial) => self.at_least(self.buffer.len() + 1)?,
                Err(error) => return Err(malformed(error)),
            }
        }
    }
}

/// Parses the head, or returns `None` if it is incomplete.
fn parse(bytes: &[u8], method: &str) -> Result<Option<Head>, NoAnswer> {
    let mut fields = vec![EMPTY_HEADER; HEADERS];
    let mut parsed = httparse::Response::new(&mut fields);
    let length = match parsed.parse(bytes).map_err(malformed)? {
        Status::Partial => return Ok(None),
        Status::Complete(length) => length,
    };
    let mut headers = HeaderList::EMPTY;
    for field in parsed.headers.iter() {
        headers.append(field.name.parse().map_err(malformed)?, HeaderValue::from_wire(field.value));
    }
    let status = parsed.code.unwrap_or_default();
    let has_member = |name: &'static str, wanted: &str| {
        let members = headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).to_ascii_lowercase());
        members.is_some_and(|members| members.split(',').any(|member| member.trim() == wanted))
    };
    let lengths: Vec<_> = headers.named("Content-Length").map(|(_, value)| value.clone()).collect();
    let framing = if method == "HEAD" || matches!(status, 100..=199 | 204 | 304) {
        Framing::None
    } else if has_member("Transfer-Encoding", "chunked") {
        Framing::Chunked
    } else if let Some(length) = lengths.first() {
        let number = str::from_utf8(length.as_bytes()).ok().and_then(|length| length.parse().ok());
        match number.filter(|_| lengths.iter().all(|other| other == length)) {
            Some(number) => Framing::Length(number),
            None => return Err(malformed("the Content-Length of the answer is not one number")),
        }
    } else {
        Framing::Close
    };
    let is_kept = parsed.version == Some(1) && !has_member("Connection", "close");
    Ok(Some(Head { length, response: Response { headers, ..Response::new(status) }, framing, is_kept }))
}

fn malformed(reason: impl std::fmt::Display) -> NoAnswer {
    NoAnswer::Failed(Failure::Malformed(reason.to_string()))
}

fn endless() -> NoAnswer {
    NoAnswer::Failed(Failure::Hung(format!("the answer does not end within {} MiB", LONGEST_BODY >> 20)))
}
