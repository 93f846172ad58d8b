//! `judge` against what Chromium 156, Firefox 153 and WebKitGTK 2.50 did with the same answers
//! (`data/judge.observed.jsonl`): where the three agree, the model does as they do, but for the lines
//! that are known to go against the standard's text.

use std::{collections::BTreeMap, fs, path::Path};

use cors_conformance::judge::judge_stream;
use cors_reference::agent::STANDARD;
use serde_json::Value;

/// Lines on which all three browsers do other than the standard says, and why.
const AGAINST_THE_TEXT: [(&str, &str); 2] = [
    ("random-0877", "`*` in Access-Control-Allow-Headers covers Authorization in all three"),
    ("req_safelist-0192", "a range start beyond 64 bits is no safelisted Range in all three"),
];

/// What a page saw and what was sent, in the words of the observations.
#[derive(Debug, PartialEq)]
struct Seen {
    verdict: Value,
    status: Value,
    readable: Option<Vec<String>>,
    requested: [Value; 2],
    origins: Vec<Value>,
}

fn lines(text: &str) -> BTreeMap<String, Value> {
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| (line["id"].as_str().unwrap().to_owned(), line)).collect()
}

fn sorted(names: impl Iterator<Item = Value>) -> Vec<String> {
    let mut names: Vec<String> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

fn header(request: &Value, name: &str) -> Value {
    let headers = request["headers"].as_array();
    let found = headers.and_then(|headers| headers.iter().find(|header| header[0].as_str() == Some(name)));
    found.map_or(Value::Null, |header| header[1].clone())
}

fn judged(visit: &Value) -> Seen {
    let headers = visit["readable_headers"].as_array().unwrap();
    let is_error = visit["verdict"] == "network-error";
    Seen {
        verdict: visit["verdict"].clone(),
        status: visit["status"].clone(),
        readable: (!is_error).then(|| sorted(headers.iter().map(|header| header[0].clone()))),
        requested: ["Access-Control-Request-Method", "Access-Control-Request-Headers"]
            .map(|name| header(&visit["preflight"], name)),
        origins: visit["requests"].as_array().unwrap().iter().map(|request| header(request, "Origin")).collect(),
    }
}

fn observed(visit: &Value) -> Seen {
    Seen {
        verdict: visit["verdict"].clone(),
        status: visit["status"].clone(),
        readable: visit["readable"].as_array().map(|names| sorted(names.iter().cloned())),
        requested: [visit["acrm"].clone(), visit["acrh"].clone()],
        origins: visit["origins"].as_array().unwrap().clone(),
    }
}

#[test]
fn the_model_does_what_all_three_browsers_do() {
    let read = |name| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap();
    let mut output = Vec::new();
    judge_stream(read("judge.jsonl").as_bytes(), &mut output, STANDARD).unwrap();
    let judgements = lines(std::str::from_utf8(&output).unwrap());
    let mut agreed = 0;
    for (id, browsers) in lines(&read("judge.observed.jsonl")) {
        let of = |browser: &str| browsers[browser].as_array().unwrap().iter().map(observed).collect::<Vec<_>>();
        let (chromium, firefox, webkit) = (of("chromium"), of("firefox"), of("webkit"));
        if chromium != firefox || firefox != webkit {
            continue;
        }
        let line = &judgements[&id];
        let model: Vec<Seen> = match line["visits"].as_array() {
            Some(visits) => visits.iter().map(judged).collect(),
            None => vec![judged(line)],
        };
        let is_known = AGAINST_THE_TEXT.iter().any(|(known, _)| *known == id);
        assert_eq!(model == chromium, !is_known, "{id}: {model:?} {chromium:?}");
        agreed += usize::from(!is_known);
    }
    assert!(agreed >= 100, "{agreed}");
}
