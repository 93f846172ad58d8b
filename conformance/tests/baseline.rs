//! The baseline's upkeep: what a person wrote stays, what no longer holds goes, what is new waits for a person.

mod common;

use cors_conformance::{
    baseline::{Baseline, Change},
    suite::Report,
};

const DOT: &str = "unescaped-dot/over-grant/origin/dot.none.actual.2xx.handler";

fn file(entries: &[&str]) -> String {
    let entries: Vec<String> = entries.iter().map(|entry| format!("    {entry}")).collect();
    format!("{{\n  \"schema\": 1,\n  \"entries\": [\n{}\n  ]\n}}\n", entries.join(",\n"))
}

fn entry(fingerprint: &str) -> String {
    format!(r#"{{"fingerprint": "{fingerprint}", "reason": "r", "link": "l"}}"#)
}

fn rule(adapter: &str, covers: usize) -> String {
    format!(
        r#"{{"rule": "over-grant/origin", "adapter": "{adapter}", "covers": {covers}, "reason": "r", "link": "l"}}"#
    )
}

fn read(text: &str) -> Baseline {
    Baseline::read_unfinished("b.json", text).unwrap()
}

/// How many fingerprints of the rule a row has.
fn number(report: &Report, row: usize) -> usize {
    let of_rule = report.adapters[row].divergences.iter().filter(|found| &*found.rule == "over-grant/origin");
    let mut prints: Vec<_> = of_rule.map(|found| &found.fingerprint).collect();
    prints.sort();
    prints.dedup();
    prints.len()
}

/// Without the row that has many.
fn small() -> Report {
    let mut report = common::report();
    report.adapters.truncate(2);
    report
}

#[test]
fn an_update_keeps_order_and_words_drops_what_is_stale_and_corrects_what_is_covered() {
    let report = common::report();
    let covers = number(&report, 2);
    let odd = format!("{{\"link\": \"l\",\n      \"reason\": \"two  lines\", \"fingerprint\": \"{DOT}\"}}");
    let [gone, wrong] = [entry("unescaped-dot/gone"), rule("reflects-any-origin", 1)];
    let other =
        r#"{"rule": "over-grant/null", "adapter": "reflects-any-origin", "covers": 1, "reason": "r", "link": "l"}"#;
    let update = read(&file(&[&gone, &wrong, &odd])).update(&report);
    let corrected = rule("reflects-any-origin", covers);
    assert!(
        update.text.starts_with(&file(&[&corrected, &odd])[..file(&[&corrected, &odd]).len() - 8]),
        "{}",
        update.text
    );
    let changes: Vec<String> = update.changes.iter().map(ToString::to_string).collect();
    assert_eq!(changes[0], "dropped unescaped-dot/gone: it matches nothing");
    assert_eq!(changes[1], format!("corrected over-grant/origin: it covers {covers} fingerprints, not 1"));
    assert!(
        changes[2..].iter().all(|change| change.starts_with("added reflects-any-origin/over-grant/")),
        "{changes:?}"
    );
    assert!(!update.text.contains(other));
}

#[test]
fn what_is_new_waits_for_a_person_and_the_line_to_edit_is_named() {
    let update = read(&file(&[])).update(&small());
    let added = format!(r#"{{"fingerprint": "{DOT}", "reason": "", "link": ""}}"#);
    assert_eq!(update.text, file(&[&added]));
    assert_eq!(update.changes, [Change::Added { name: DOT.to_owned() }]);
    let unsaid: Vec<String> = update.unsaid.iter().map(ToString::to_string).collect();
    assert_eq!(unsaid, ["b.json:4: reason: say why this is expected"]);
    let errors = Baseline::read("b.json", &update.text).unwrap_err();
    assert_eq!(errors, update.unsaid);
    let with_reason = update.text.replace("\"reason\": \"\"", "\"reason\": \"r\"");
    let errors = Baseline::read("b.json", &with_reason).unwrap_err();
    assert_eq!(errors[0].to_string(), "b.json:4: link: say where this is explained");
    assert!(Baseline::read("b.json", &with_reason.replace("\"link\": \"\"", "\"link\": \"l\"")).is_ok());
}

#[test]
fn an_update_twice_changes_nothing_the_second_time() {
    let first = read(&file(&[])).update(&small());
    let second = read(&first.text).update(&small());
    assert_eq!((second.text, second.changes), (first.text, Vec::new()));
    assert_eq!(second.unsaid.len(), 1, "a person is still waited for");
}

#[test]
fn a_file_that_holds_stays_byte_for_byte() {
    let text = format!("{{ \"entries\": [ {} ], \"schema\":1 }}", entry(DOT));
    let update = read(&text).update(&small());
    assert_eq!((update.text, update.changes, update.unsaid), (text, Vec::new(), Vec::new()));
}

#[test]
fn of_a_part_nothing_is_told() {
    let stale = file(&[&entry("unescaped-dot/gone"), &entry(DOT)]);
    let told = |report: &Report| (read(&stale).stale(report).len(), read(&stale).update(report).changes.len());
    let mut report = small();
    assert_eq!(told(&report), (1, 1));
    report.adapters[1].part.shards = ["1/2".parse().unwrap()].into();
    assert_eq!(told(&report), (0, 0));
    report.adapters[1].part = Default::default();
    report.adapters[1].counts.broken = 1;
    assert_eq!(told(&report), (0, 0));
    report.adapters[1].counts.broken = 0;
    report.adapters[1].ended = Some("after 10 workers".to_owned());
    assert_eq!(told(&report), (0, 0));
}

#[test]
fn two_entries_of_the_same_are_an_error() {
    let errors = Baseline::read("b.json", &file(&[&entry("a/b"), &entry("c/d"), &entry("a/b")])).unwrap_err();
    assert_eq!(errors[0].to_string(), "b.json:6: a/b: line 4 expects the same");
}

#[test]
fn every_bad_entry_is_told_at_its_line() {
    let text = file(&[
        r#"{"fingerprint": "a/b", "reason": " ", "link": "l"}"#,
        r#"{"fingerprint": "a/c", "reason": "r", "link": ""}"#,
    ]);
    let errors: Vec<String> = Baseline::read("b.json", &text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["b.json:4: reason: say why this is expected", "b.json:5: link: say where this is explained"]);
}
