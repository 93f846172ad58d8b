//! The HTML report in a real browser.

#[path = "../common/mod.rs"]
mod common;

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use common::run;
use serde_json::Value;

const PAGE: &str =
    "<!doctype html><iframe style='width:1200px;height:900px'></iframe><script src='/driver.js'></script>";

/// The time limit for Chromium to start and to run the driver.
const LIMIT: Duration = Duration::from_secs(45);

struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Returns what the driver sees in the report, or `None` if Chromium hangs.
fn drive(report: &str) -> Option<Value> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    let report = report.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (sender, report) = (sender.clone(), report.clone());
            thread::spawn(move || answer(stream, &report, &sender));
        }
    });
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new("chromium");
    command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]);
    command.arg(format!("--user-data-dir={}", profile.path().display())).arg(address);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _browser = Browser(child);
    receiver.recv_timeout(LIMIT).ok()
}

fn answer(stream: TcpStream, report: &str, sender: &mpsc::Sender<Value>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (kind, text) = match line.split(' ').nth(1) {
        Some("/") => ("text/html", PAGE),
        Some("/driver.js") => ("text/javascript", include_str!("driver.js")),
        Some("/report.html") => ("text/html", report),
        Some("/result") => {
            let _receiver_is_gone = sender.send(serde_json::from_slice(&body).unwrap_or_default());
            ("text/plain", "")
        }
        _ => ("text/plain", ""),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
}

/// Returns the HTML report of a run with these arguments.
fn report(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let ran = run(&[&["run", "--format", "html", "--out", file.to_str().unwrap()], args].concat(), b"");
    assert!(matches!(ran.status, Some(0 | 1)), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    fs::read_to_string(file).unwrap()
}

#[test]
#[ignore = "needs Chromium: run with --ignored"]
fn a_reader_opens_a_case_and_sees_the_decisive_line() {
    let report = report(&["--adapter", "poem", "--adapter", "reference"]);
    let seen = drive(&report).or_else(|| drive(&report)).expect("Chromium hangs twice");
    let list = |name: &str| -> Vec<&str> {
        seen[name].as_array().unwrap_or_else(|| panic!("{name}: {seen:#}")).iter().filter_map(Value::as_str).collect()
    };
    let headings = list("headings");
    assert_eq!(headings[..3], ["middleware", "conform", "diverge"]);
    assert_eq!(headings[7..9], ["over-grant", "under-grant"]);
    let names: Vec<_> = list("rows").iter().filter_map(|row| row.split(' ').next()).collect();
    assert_eq!(names, ["poem", "reference"]);
    assert_eq!(seen["cell"], "poem, over-grant: 3 cases, 1 kinds, the worst critical, 1 new");
    assert_eq!((&seen["moved"], &seen["movesBack"], &seen["searches"]), (&true.into(), &true.into(), &"search".into()));

    assert_eq!(list("kinds"), ["The page reads the response, although the policy does not allow credentials."]);
    assert_eq!(seen["title"], "The page reads the response, although the policy does not allow credentials.");
    assert_eq!(seen["focused"], "case");
    assert_eq!(list("marked"), ["access-control-allow-credentials: true"]);
    assert!(list("sent").contains(&"GET https://api.example/resource"), "{seen:#}");
    assert!(seen["step"].as_str().unwrap().starts_with("If credentials is true, then return success."), "{seen:#}");
    assert_eq!(seen["vector"]["vectors"][0]["case"]["policy"]["credentials"], true);
    assert!(seen["curl"].as_str().unwrap().starts_with("curl --include \"$SERVER\"'/resource'"), "{seen:#}");
    assert!(seen["test"].as_str().unwrap().contains("fn over_grant_credentials()"), "{seen:#}");

    assert_eq!((&seen["isBack"], &seen["rowsOfNothing"]), (&true.into(), &0.into()));
    assert_eq!(seen["keepsFocus"], "search");
    assert_eq!(list("rules"), ["over-grant/credentials"]);
    // At the width of a phone, only the box of the matrix scrolls sideways.
    assert_eq!((&seen["overflowOfCase"], &seen["overflowOfMatrix"]), (&0.into(), &0.into()), "{seen:#}");
    assert_ne!(seen["turnsDark"][0], seen["turnsDark"][1]);
    assert_eq!((list("violations").len(), list("fetched").len()), (0, 0), "{seen:#}");
}

#[test]
fn no_text_of_a_hostile_case_becomes_markup() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hostile.json");
    let hostile = "</script><img src=x onerror=alert(1)><!--<script>";
    let vector = serde_json::json!({"schema": 1, "about": hostile, "vectors": [{
        "id": "t/hostile", "says": hostile, "spec": "checklist", "quote": hostile,
        "case": {"policy": {"origins": "any", "credentials": true}, "handler": {"headers": [["X-A", hostile]], "body": hostile},
                 "visits": [{"fetch": {"page_origin": "https://a.example", "request": {"credentials": "include"}}}]},
        "expect": [{"intent": "deny"}]}]});
    fs::write(&file, vector.to_string()).unwrap();
    let report = report(&["--adapter", "poem", "--vector", file.to_str().unwrap()]);
    assert!(report.contains("t/hostile"));
    assert!(!report.contains("<img") && !report.contains("<!--<script"));
    assert_eq!(report.matches("</script>").count(), 2);
}

#[test]
fn the_report_loads_nothing_and_is_deterministic() {
    let (one, other) = (report(&["--adapter", "warp"]), report(&["--adapter", "warp"]));
    assert_eq!(one, other);
    let (head, rest) = one.split_once("<script type=").unwrap();
    let (_, scripts) = rest.split_once("<script>").unwrap();
    for request in [" src=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest", "import("] {
        assert!(!head.contains(request) && !scripts.contains(request), "{request}");
    }
    assert!(one.contains("default-src 'none'"));
}
