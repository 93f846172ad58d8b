//! A server of the protocol that is wrong in one way, which an environment variable selects. The test program starts itself
//! again as this server. The server permits `https://app.example` under every policy.

use std::{
    env,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

const VARIABLE: &str = "CORS_CONFORMANCE_MISBEHAVES";

/// Returns the command of the server that is wrong in this way.
pub(crate) fn command(how: &str) -> String {
    let program = env::current_exe().unwrap();
    format!(
        "env {VARIABLE}={how} '{}' --ignored --exact server_protocol::misbehaving::serve --nocapture",
        program.display()
    )
}

/// Runs the server if the environment variable is set.
#[test]
#[ignore = "not a test: the server that other tests start"]
fn serve() {
    let Ok(how) = env::var(VARIABLE) else { return };
    // End the line that the test harness has started.
    println!();
    let mut left = None;
    match how.as_str() {
        "ends-at-start" => {
            eprintln!("Error: there is no module\n    at a line");
            process::exit(3);
        }
        "prints-noise" => {
            eprintln!("a warning");
            println!("a banner\n{{\"level\": 30, \"msg\": \"started\"}}\n[1]");
        }
        "leaves-a-process" => {
            let child = Command::new("sleep").arg("600").spawn().unwrap();
            let line = format!("{}\n{}\n", process::id(), child.id());
            std::fs::OpenOptions::new()
                .append(true)
                .open(env::var("CORS_CONFORMANCE_PIDS").unwrap())
                .unwrap()
                .write_all(line.as_bytes())
                .unwrap();
            left = Some(child);
        }
        _ => {}
    }
    for line in io::stdin().lock().lines() {
        let is_control = line.unwrap().contains(r#""policy":null"#);
        println!("{}", answer(&how, is_control));
    }
    // This server does not end with its input.
    if let Some(mut child) = left {
        child.wait().unwrap();
    }
    process::exit(0);
}

/// Returns the answer to a line of the protocol.
fn answer(how: &str, is_control: bool) -> String {
    let answer = |listening: &str, name: &str| {
        format!(
            r#"{{"listening": "{listening}", "name": "{name}", "version": "1.0", "language": "Rust", "issues": "https://a.example/issues"}}"#
        )
    };
    match how {
        "never-answers" => thread::sleep(Duration::from_secs(600)),
        "sends-an-incomplete-answer" => return r#"{"listening": "127.0.0.1:80"}"#.to_owned(),
        "sends-invalid-json" => return "listening on 127.0.0.1:80".to_owned(),
        "listens-nowhere" => {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            return answer(&port.to_string(), how);
        }
        "listens-elsewhere" => return answer("192.0.2.1:80", how),
        "has-a-slash-in-its-name" => return answer("127.0.0.1:80", "a/b"),
        "refuses-the-control" if is_control => return r#"{"rejected": "no"}"#.to_owned(),
        "supports-nothing" if !is_control => return r#"{"unsupported": "no origins"}"#.to_owned(),
        "ends-at-policy" if !is_control => process::exit(4),
        _ => {}
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let how = how.to_owned();
    thread::spawn(move || {
        let calls: &'static AtomicU32 = Box::leak(Box::default());
        for connection in listener.incoming().flatten() {
            let how = how.clone();
            thread::spawn(move || while answer_request(&connection, &how, is_control, calls) {});
        }
    });
    answer(&address, "misbehaving")
}

/// Answers one request. Returns false if the connection is to end.
fn answer_request(mut connection: &TcpStream, how: &str, is_control: bool, calls: &AtomicU32) -> bool {
    let mut head = Vec::new();
    let mut reader = BufReader::with_capacity(1, connection);
    while !head.ends_with(b"\r\n\r\n") {
        if !matches!(reader.read_until(b'\n', &mut head), Ok(1..)) {
            return false;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap_or("0");
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();

    let is_preflight = head.contains("Access-Control-Request-Method") && !is_control;
    let misbehaves = if how.ends_with("-as-control") { is_control && head.contains("Origin") } else { is_preflight };
    if misbehaves {
        match how.trim_end_matches("-as-control") {
            "ends-its-process" => process::exit(5),
            "closes-the-connection" => return false,
            "never-responds" => thread::sleep(Duration::from_secs(600)),
            "sends-invalid-http" => return write!(connection, "banana\r\n\r\n").is_err(),
            "puts-a-nul-into-a-value" => return write!(connection, "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n").is_err(),
            "sends-slowly" => {
                write!(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").unwrap();
                while write!(connection, "x").is_ok() {
                    thread::sleep(Duration::from_millis(50));
                }
            }
            "sends-without-end" => {
                write!(connection, "HTTP/1.1 200 OK\r\n\r\n").unwrap();
                while connection.write_all(&[b'x'; 1 << 16]).is_ok() {}
            }
            _ => {}
        }
    }
    let (status, mut headers, body) = if is_preflight {
        (204, "Access-Control-Allow-Methods: PUT\r\n".to_owned(), String::new())
    } else if head.starts_with("GET /calls ") {
        let status = if how == "gives-no-call-count" { 404 } else { 200 };
        (status, String::new(), calls.load(Ordering::Relaxed).to_string())
    } else if head.split(' ').nth(1).is_some_and(|path| path.starts_with("/respond/")) {
        calls.fetch_add(1, Ordering::Relaxed);
        (200, "X-Conformance-Handler: called\r\n".to_owned(), "ok".to_owned())
    } else {
        (404, String::new(), String::new())
    };
    if !is_control {
        headers += "Access-Control-Allow-Origin: https://app.example\r\nVary: Origin\r\n";
    }
    let framing = match how {
        _ if status == 204 => "\r\n".to_owned(),
        "sends-chunks" => format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len().max(1)),
        "closes-each-time" => format!("\r\n{body}"),
        _ => format!("Content-Length: {}\r\n\r\n{body}", body.len()),
    };
    let early = if how == "sends-early-hints" { "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" } else { "" };
    let is_sent = write!(connection, "{early}HTTP/1.1 {status} OK\r\n{headers}{framing}").is_ok();
    is_sent && how != "closes-each-time"
}
