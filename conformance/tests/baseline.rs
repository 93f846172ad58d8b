//! Reading and updating a baseline.

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

/// Returns the number of fingerprints of the rule `over-grant/origin` in a row.
fn fingerprint_count(report: &Report, row: usize) -> usize {
    let of_rule = report.adapters[row].divergences.iter().filter(|found| &*found.rule == "over-grant/origin");
    let mut prints: Vec<_> = of_rule.map(|found| &found.fingerprint).collect();
    prints.sort();
    prints.dedup();
    prints.len()
}

/// Returns a report with few divergences.
fn small_report() -> Report {
    let mut report = common::report();
    report.adapters.truncate(2);
    report
}

#[test]
fn an_update_keeps_correct_entries_removes_stale_ones_and_corrects_counts() {
    let report = common::report();
    let covers = fingerprint_count(&report, 2);
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
    assert_eq!(changes[0], "removed unescaped-dot/gone: it matches no divergence");
    assert_eq!(changes[1], format!("corrected over-grant/origin: it covers {covers} fingerprints, not 1"));
    assert!(
        changes[2..].iter().all(|change| change.starts_with("added reflects-any-origin/over-grant/")),
        "{changes:?}"
    );
    assert!(!update.text.contains(other));
}

#[test]
fn an_added_entry_needs_a_reason_and_a_link() {
    let update = read(&file(&[])).update(&small_report());
    let added = format!(r#"{{"fingerprint": "{DOT}", "reason": "", "link": ""}}"#);
    assert_eq!(update.text, file(&[&added]));
    assert_eq!(update.changes, [Change::Added { name: DOT.to_owned() }]);
    let unexplained: Vec<String> = update.unexplained.iter().map(ToString::to_string).collect();
    assert_eq!(unexplained, ["b.json:4: reason: give the reason why this is expected"]);
    let errors = Baseline::read("b.json", &update.text).unwrap_err();
    assert_eq!(errors, update.unexplained);
    let with_reason = update.text.replace("\"reason\": \"\"", "\"reason\": \"r\"");
    let errors = Baseline::read("b.json", &with_reason).unwrap_err();
    assert_eq!(errors[0].to_string(), "b.json:4: link: give a link to an explanation");
    assert!(Baseline::read("b.json", &with_reason.replace("\"link\": \"\"", "\"link\": \"l\"")).is_ok());
}

#[test]
fn a_second_update_changes_nothing() {
    let first = read(&file(&[])).update(&small_report());
    let second = read(&first.text).update(&small_report());
    assert_eq!((second.text, second.changes), (first.text, Vec::new()));
    assert_eq!(second.unexplained.len(), 1, "the entry still has no reason");
}

#[test]
fn a_correct_file_is_not_reformatted() {
    let text = format!("{{ \"entries\": [ {} ], \"schema\":1 }}", entry(DOT));
    let update = read(&text).update(&small_report());
    assert_eq!((update.text, update.changes, update.unexplained), (text, Vec::new(), Vec::new()));
}

#[test]
fn an_incomplete_result_does_not_make_entries_stale() {
    let stale = file(&[&entry("unescaped-dot/gone"), &entry(DOT)]);
    let stale_and_changes =
        |report: &Report| (read(&stale).stale(report).len(), read(&stale).update(report).changes.len());
    let mut report = small_report();
    assert_eq!(stale_and_changes(&report), (1, 1));
    report.adapters[1].part.shards = ["1/2".parse().unwrap()].into();
    assert_eq!(stale_and_changes(&report), (0, 0));
    report.adapters[1].part = Default::default();
    report.adapters[1].counts.broken = 1;
    assert_eq!(stale_and_changes(&report), (0, 0));
    report.adapters[1].counts.broken = 0;
    report.adapters[1].ended = Some("after 10 workers".to_owned());
    assert_eq!(stale_and_changes(&report), (0, 0));
}

#[test]
fn two_equal_entries_are_an_error() {
    let errors = Baseline::read("b.json", &file(&[&entry("a/b"), &entry("c/d"), &entry("a/b")])).unwrap_err();
    assert_eq!(errors[0].to_string(), "b.json:6: a/b: the entry on line 4 expects the same");
}

#[test]
fn every_bad_entry_is_an_error_with_its_line() {
    let text = file(&[
        r#"{"fingerprint": "a/b", "reason": " ", "link": "l"}"#,
        r#"{"fingerprint": "a/c", "reason": "r", "link": ""}"#,
    ]);
    let errors: Vec<String> = Baseline::read("b.json", &text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        ["b.json:4: reason: give the reason why this is expected", "b.json:5: link: give a link to an explanation"]
    );
}
