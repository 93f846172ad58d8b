//! HTTP/1.1 messages, read and written byte for byte.

use std::{
    io::{self, BufRead, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use cors_conformance::case::script::Answer;

/// A request as it arrived on the wire.
pub(super) struct Request {
    pub(super) method: String,
    /// The path, without its query.
    pub(super) path: String,
    /// The lines of the head, with their line ends.
    lines: Vec<Vec<u8>>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Returns the value of the first header with this name.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        self.lines.iter().find_map(|line| {
            let line = String::from_utf8_lossy(line);
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }

    /// Forwards the request to a server over a new connection and returns the bytes of the response.
    ///
    /// Everything is forwarded unchanged except `Connection`, which belongs to one connection. With `close`, the response
    /// ends with the connection, however the server delimits bodies.
    ///
    /// # Errors
    ///
    /// Returns an error if the server does not answer within 10 seconds or ends the connection early.
    pub(super) fn forward_to(&self, server: SocketAddr) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let is_forwarded = |line: &&Vec<u8>| !line.to_ascii_lowercase().starts_with(b"connection:");
        let mut bytes: Vec<u8> = self.lines.iter().filter(is_forwarded).flatten().copied().collect();
        bytes.extend_from_slice(b"Connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        stream.write_all(&bytes)?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response)?;
        Ok(response)
    }
}

/// Reads a request. Returns `None` at the end of the connection. Only a body with a `Content-Length` is read, which is the
/// form that browsers send a text in.
pub(super) fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut lines = Vec::new();
    loop {
        let mut line = Vec::new();
        match reader.take(1 << 16).read_until(b'\n', &mut line)? {
            0 if lines.is_empty() => return Ok(None),
            0..=2 => break,
            _ => lines.push(line),
        }
    }
    let start = lines.first().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    let mut parts = start.split(' ');
    let method = parts.next().unwrap_or_default().to_owned();
    // URLs that differ only in their query have the same script.
    let path = parts.next().and_then(|target| target.split('?').next()).unwrap_or_default().to_owned();
    let mut request = Request { method, path, lines, body: Vec::new() };
    let length = request.header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_end(&mut request.body)?;
    Ok(Some(request))
}

/// Returns the bytes of a scripted response. The end of the connection ends the body.
pub(super) fn bytes_of(answer: Option<&Answer>) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    #[test]
    fn a_request_is_forwarded_unchanged_and_its_response_returned_byte_for_byte() {
        const ANSWER: &[u8] = b"HTTP/1.1 200 Very  well\r\nX-a:\tb \r\nx-A: \xFF\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut arrived = vec![0; 1 << 10];
            let length = stream.read(&mut arrived).unwrap();
            stream.write_all(ANSWER).unwrap();
            arrived.truncate(length);
            arrived
        });
        let sent =
            b"POST /c/a/0?q HTTP/1.1\r\nHost: a\r\norigin:  null\r\nConnection: keep-alive\r\nX-a: 1\r\nx-A: \xFF\r\n\
                     Content-Length: 4\r\n\r\ntext and the next";
        let request = read_request(&mut &sent[..]).unwrap().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/c/a/0"));
        assert_eq!(request.header("Origin").as_deref(), Some("null"));
        assert_eq!(request.forward_to(address).unwrap(), ANSWER);
        let forwarded = b"POST /c/a/0?q HTTP/1.1\r\nHost: a\r\norigin:  null\r\nX-a: 1\r\nx-A: \xFF\r\n\
                          Content-Length: 4\r\nConnection: close\r\n\r\ntext";
        assert_eq!(server.join().unwrap(), forwarded);
    }
}
