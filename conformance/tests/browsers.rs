//! `judge` compared with Chromium 156, Firefox 153 and WebKitGTK 2.50 on the same responses
//! (`data/judge.observed.jsonl`). If the three browsers agree, the model agrees with them, except on the lines that are
//! known to contradict the standard's text.

use std::{collections::BTreeMap, fs, path::Path};

use cors_conformance::judge::judge_stream;
use cors_reference::agent::{Agent, CHROMIUM, FIREFOX, STANDARD, WEBKIT};
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

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// What the model does with every line, as an agent.
fn model(agent: Agent) -> BTreeMap<String, Vec<Seen>> {
    let mut output = Vec::new();
    judge_stream(read("judge.jsonl").as_bytes(), &mut output, agent).unwrap();
    let judged = lines(std::str::from_utf8(&output).unwrap()).into_iter().map(|(id, line)| {
        let visits = line["visits"].as_array().cloned().unwrap_or_else(|| vec![line.clone()]);
        (id, visits.iter().map(judged).collect())
    });
    judged.collect()
}

fn browser(line: &Value, name: &str) -> Vec<Seen> {
    line[name].as_array().unwrap().iter().map(observed).collect()
}

#[test]
fn the_model_does_what_all_three_browsers_do() {
    let model = model(STANDARD);
    let mut agreed = 0;
    for (id, line) in lines(&read("judge.observed.jsonl")) {
        let [chromium, firefox, webkit] = ["chromium", "firefox", "webkit"].map(|name| browser(&line, name));
        if chromium != firefox || firefox != webkit {
            continue;
        }
        let is_known = AGAINST_THE_TEXT.iter().any(|(known, _)| *known == id);
        assert_eq!(model[&id] == chromium, !is_known, "{id}: {:?} {chromium:?}", model[&id]);
        agreed += usize::from(!is_known);
    }
    assert!(agreed >= 100, "{agreed}");
}

#[test]
fn each_agent_does_what_its_browser_does() {
    for agent in [CHROMIUM, FIREFOX, WEBKIT] {
        let model = model(agent);
        for (id, line) in lines(&read("judge.observed.jsonl")) {
            assert_eq!(model[&id], browser(&line, agent.name), "{id} {}", agent.name);
        }
    }
}
