//! Each row answers as its source and documentation state. A mistake of an adapter shows here, instead of as a divergence
//! of the middleware.
//!
//! A file of `answers/` belongs to one middleware. `row NAME` begins a row. `policy JSON`, or `policy fixed` for a fixed
//! configuration, begins a policy. Each of the eight [requests](requests) then has a line with the status and who
//! answered, followed by its headers related to CORS, sorted by name. Lines that begin with `#` cite the source.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use cors_adapters::{Failure, Middleware, NoServer, build, handler::Handler, observe, registry::middlewares};
use cors_policy::Policy;
use cors_reference::request::WireRequest;
use serde_json::json;

/// Returns the requests, with their names.
fn requests() -> Vec<(&'static str, WireRequest)> {
    let request = |method: &str, headers: serde_json::Value| WireRequest {
        method: method.to_owned(),
        url: "https://api.example/resource".parse().unwrap(),
        headers: serde_json::from_value(headers).unwrap(),
        body: None,
    };
    let (origin, asks, names) = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
    let private = "Access-Control-Request-Private-Network";
    vec![
        ("get", request("GET", json!([]))),
        ("get-listed", request("GET", json!([[origin, "https://app.example"]]))),
        ("get-other", request("GET", json!([[origin, "https://evil.example"]]))),
        ("post-null", request("POST", json!([[origin, "null"]]))),
        (
            "preflight-listed",
            request("OPTIONS", json!([[origin, "https://app.example"], [asks, "PUT"], [names, "x-a"]])),
        ),
        (
            "preflight-other",
            request(
                "OPTIONS",
                json!([[origin, "https://evil.example"], [asks, "DELETE"], [names, "authorization,x-a"]]),
            ),
        ),
        (
            "preflight-private",
            request("OPTIONS", json!([[origin, "https://sub.app.example"], [asks, "GET"], [private, "true"]])),
        ),
        ("options", request("OPTIONS", json!([[origin, "https://app.example"]]))),
    ]
}

/// Returns a handler that answers 200, with its own `Vary` and a header to expose.
fn handler() -> Handler {
    let headers = serde_json::from_value(json!([["Vary", "Accept"], ["X-B", "b"]])).unwrap();
    Handler { headers, ..Handler::default() }
}

/// Returns the answers of a row for a policy, in the format of the files.
fn answers(middleware: &dyn Middleware, policy: &Policy) -> String {
    let mut server = match build(middleware, Some(policy), &handler()) {
        Ok(server) => server,
        Err(NoServer::Unsupported(why)) => return format!("unsupported: {why}\n"),
        Err(NoServer::Rejected(message)) => return format!("rejected: {message}\n"),
        Err(no) => panic!("{no:?}"),
    };
    let mut text = String::new();
    for (name, request) in requests() {
        let observation = observe(server.as_mut(), &request);
        let who = if observation.handler_calls > 0 { "handler" } else { "middleware" };
        match observation.result {
            Ok(response) => {
                writeln!(text, "{name}: {} {who}", response.status).unwrap();
                let mut lines: Vec<_> = response.headers.iter().filter_map(line).collect();
                lines.sort();
                text.extend(lines);
            }
            Err(Failure::Panicked(message)) => writeln!(text, "{name}: panicked: {message}").unwrap(),
            Err(failure) => panic!("{failure:?}"),
        }
    }
    text
}

fn line((name, value): (&cors_reference::header::HeaderName, &cors_reference::header::HeaderValue)) -> Option<String> {
    let name = name.as_str().to_ascii_lowercase();
    let is_shown = name.starts_with("access-control-") || ["allow", "timing-allow-origin", "vary"].contains(&&*name);
    is_shown.then(|| format!("  {name}: {}\n", String::from_utf8_lossy(value.as_bytes())))
}

/// The policies of a row, with their expected answers.
type Expected = Vec<(String, String)>;

/// Returns the rows of all files by name.
fn expected() -> BTreeMap<String, Expected> {
    let mut rows: BTreeMap<String, Expected> = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers");
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let mut row = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            if let Some(name) = line.strip_prefix("row ") {
                name.clone_into(&mut row);
                assert!(rows.insert(row.clone(), Vec::new()).is_none(), "row {row} appears twice");
            } else if let Some(policy) = line.strip_prefix("policy ") {
                rows.get_mut(&row).expect("a row line before its policies").push((policy.to_owned(), String::new()));
            } else {
                let (_, answers) =
                    rows.get_mut(&row).and_then(|row| row.last_mut()).expect("a policy line before its answers");
                *answers += &format!("{line}\n");
            }
        }
    }
    rows
}

#[test]
fn every_row_answers_as_its_source_states() {
    let expected = expected();
    let mut wrong = String::new();
    for middleware in middlewares() {
        let name = middleware.describe().name;
        for (policy, answered) in expected.get(name).into_iter().flatten() {
            let policy_of_row = match middleware.fixed() {
                Some(fixed) if policy == "fixed" => fixed,
                _ => serde_json::from_str(policy).unwrap_or_else(|error| panic!("{name}: {policy}: {error}")),
            };
            let observed = answers(middleware, &policy_of_row);
            if observed != *answered {
                write!(wrong, "row {name}\npolicy {policy}\n{}", differences(answered, &observed)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "- expected by the file, + observed:\n{wrong}");
}

/// Returns the lines that differ, request by request.
fn differences(expected: &str, observed: &str) -> String {
    let blocks = |text: &str| -> Vec<String> {
        let mut blocks: Vec<String> = Vec::new();
        for line in text.lines() {
            match blocks.last_mut() {
                Some(block) if line.starts_with(' ') => *block += &format!("\n{line}"),
                _ => blocks.push(line.to_owned()),
            }
        }
        blocks
    };
    let (expected, observed) = (blocks(expected), blocks(observed));
    let mut text = String::new();
    for index in 0..expected.len().max(observed.len()) {
        let (one, other) = (expected.get(index), observed.get(index));
        if one != other {
            for (sign, block) in [('-', one), ('+', other)] {
                block
                    .iter()
                    .for_each(|block| writeln!(text, "{sign} {}", block.replace('\n', &format!("\n{sign} "))).unwrap());
            }
        }
    }
    text
}

#[test]
fn every_row_has_enough_policies_in_its_table() {
    let expected = expected();
    for middleware in middlewares() {
        let name = middleware.describe().name;
        let policies = expected.get(name).into_iter().flatten().filter(|(_, answers)| lines(answers) > 1).count();
        // A variant differs from the main row only in one part.
        let wanted = match (middleware.fixed(), name.contains(':')) {
            (Some(_), _) => 1,
            (None, true) => 2,
            (None, false) => 6,
        };
        assert!(policies >= wanted, "{name}: {policies} policies of {wanted} in adapters/tests/answers");
        for (policy, answers) in expected.get(name).into_iter().flatten() {
            // A refusal has one line.
            assert!([1, requests().len()].contains(&lines(answers)), "{name}: {policy}: {answers}");
        }
    }
}

/// Returns the number of answers.
fn lines(answers: &str) -> usize {
    answers.lines().filter(|line| !line.starts_with(' ')).count()
}

#[test]
fn every_table_belongs_to_a_row() {
    let known: Vec<&str> = middlewares().map(|middleware| middleware.describe().name).collect();
    if cfg!(feature = "all") {
        assert!(expected().keys().all(|row| known.contains(&row.as_str())));
    }
}
