//! The HTML report, used in a real browser as a person uses it.

#[path = "../common/mod.rs"]
mod common;

use std::{
    env, fs,
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

/// How long Chromium may take to start and to click through.
const LIMIT: Duration = Duration::from_secs(45);

struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Whether there is a Chromium.
fn has_chromium() -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&paths).any(|folder| folder.join("chromium").is_file())
}

/// What the driver tells of the report; nothing where Chromium hangs.
fn driven(report: &str) -> Option<Value> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    let report = report.to_owned();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (tell, report) = (tell.clone(), report.clone());
            thread::spawn(move || answer(stream, &report, &tell));
        }
    });
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new("chromium");
    command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]);
    command.arg(format!("--user-data-dir={}", profile.path().display())).arg(address);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _browser = Browser(child);
    told.recv_timeout(LIMIT).ok()
}

fn answer(stream: TcpStream, report: &str, tell: &mpsc::Sender<Value>) -> io::Result<()> {
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
        Some("/told") => {
            let _nobody_listens = tell.send(serde_json::from_slice(&body).unwrap_or_default());
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

/// The report of a run of these arguments.
fn report(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let ran = run(&[&["run", "--format", "html", "--out", file.to_str().unwrap()], args].concat(), b"");
    assert!(matches!(ran.status, Some(0 | 1)), "{}", ran.stderr);
    assert_eq!(ran.stdout, "");
    fs::read_to_string(file).unwrap()
}

#[test]
fn a_person_clicks_through_from_the_matrix_to_a_case_and_sees_what_decided() {
    if !has_chromium() {
        eprintln!("skipped: there is no chromium on the path");
        return;
    }
    let report = report(&["--adapter", "poem", "--adapter", "reference"]);
    let told = driven(&report).or_else(|| driven(&report)).expect("Chromium answers, the second time at the latest");
    let list = |name: &str| -> Vec<&str> {
        told[name].as_array().unwrap_or_else(|| panic!("{name}: {told:#}")).iter().filter_map(Value::as_str).collect()
    };
    let headings = list("headings");
    assert_eq!(headings[..3], ["middleware", "conform", "diverge"]);
    assert_eq!(headings[7..9], ["over-grant", "under-grant"]);
    assert_eq!(list("rows"), ["poem 3.1.12", concat!("reference ", env!("CARGO_PKG_VERSION"))]);
    assert_eq!(told["cell"], "poem, over-grant: 3 cases, 1 kinds, the worst critical, 1 new");
    assert_eq!(
        (&told["walked"], &told["walksBack"], &told["searches"]),
        (&true.into(), &true.into(), &"search".into())
    );

    assert_eq!(list("kinds"), ["The page reads the answer, though the policy wants no credentials."]);
    assert_eq!(told["title"], "The page reads the answer, though the policy wants no credentials.");
    assert_eq!(told["focused"], "case");
    assert_eq!(list("marked"), ["access-control-allow-credentials: true"]);
    assert!(list("sent").contains(&"GET https://api.example/resource"), "{told:#}");
    assert!(told["step"].as_str().unwrap().starts_with("If credentials is true, then return success."), "{told:#}");
    assert_eq!(told["vector"]["vectors"][0]["case"]["policy"]["credentials"], true);
    assert!(told["curl"].as_str().unwrap().starts_with("curl --include \"$SERVER\"'/resource'"), "{told:#}");
    assert!(told["test"].as_str().unwrap().contains("fn over_grant_credentials()"), "{told:#}");

    assert_eq!((&told["isBack"], &told["rowsOfNothing"]), (&true.into(), &0.into()));
    assert_eq!(told["keepsFocus"], "search");
    assert_eq!(list("rules"), ["over-grant/credentials"]);
    // At the width of a phone nothing but the matrix's own box is to be moved sideways.
    assert_eq!((&told["overflowOfCase"], &told["overflowOfMatrix"]), (&0.into(), &0.into()), "{told:#}");
    assert_ne!(told["turnsDark"][0], told["turnsDark"][1]);
    assert_eq!((list("violations").len(), list("fetched").len()), (0, 0), "{told:#}");
}

#[test]
fn nothing_of_a_hostile_case_becomes_markup() {
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
fn the_report_asks_for_nothing_and_is_the_same_bytes_again() {
    let (one, other) = (report(&["--adapter", "warp"]), report(&["--adapter", "warp"]));
    assert_eq!(one, other);
    let (head, rest) = one.split_once("<script type=").unwrap();
    let (_, scripts) = rest.split_once("<script>").unwrap();
    for asks in [" src=", "url(", "@import", "<link", "fetch(", "XMLHttpRequest", "import("] {
        assert!(!head.contains(asks) && !scripts.contains(asks), "{asks}");
    }
    assert!(one.contains("default-src 'none'"));
}
