//! The command `policy`.

use std::fs;

use crate::common::{Ran, run};
use serde_json::{Value, json};

const CLEAN: &str = r#"{"origins": ["https://a.example"], "credentials": true}"#;
const DANGEROUS: &str = r#"{"origins": ["https://a.example", "null"], "credentials": true}"#;
const ADVISED: &str = r#"{"origins": "mirror", "methods": ["put"]}"#;

/// Runs `policy` on files with these texts, named `0.json` and so on.
fn policy(texts: &[&str], more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let write = |(index, text): (usize, &&str)| {
        let path = folder.path().join(format!("{index}.json"));
        fs::write(&path, text).unwrap();
        path.into_os_string().into_string().unwrap()
    };
    let paths: Vec<String> = texts.iter().enumerate().map(write).collect();
    let args: Vec<&str> = ["policy"].into_iter().chain(paths.iter().map(String::as_str)).chain(more.to_vec()).collect();
    let mut ran = run(&args, b"");
    let folder = format!("{}/", folder.path().display());
    (ran.stdout, ran.stderr) = (ran.stdout.replace(&folder, ""), ran.stderr.replace(&folder, ""));
    ran
}

#[test]
fn the_exit_status_reports_dangerous_policies() {
    for (texts, status) in [
        (&[CLEAN][..], 0),
        (&[ADVISED], 0),
        (&[DANGEROUS], 1),
        (&[CLEAN, ADVISED], 0),
        (&[DANGEROUS, CLEAN], 1),
        (&[CLEAN, DANGEROUS], 1),
        (&["{"], 2),
        (&[DANGEROUS, "[]"], 2),
    ] {
        for format in ["terminal", "json"] {
            let ran = policy(texts, &["--format", format]);
            assert_eq!(ran.status, Some(status), "{texts:?} {}", ran.stderr);
            assert_eq!(ran.stdout.is_empty(), status == 2, "{texts:?}");
        }
    }
}

#[test]
fn one_policy_is_read_from_standard_input() {
    let ran = run(&["policy", "-"], CLEAN.as_bytes());
    assert_eq!(ran.stdout, "standard input: nothing dangerous, contradictory or unreachable.\n");
    assert_eq!(ran.status, Some(0));
    let ran = run(&["policy", "-"], b"{\"origins\": [],\n \"max_age\": -1}");
    assert!(ran.stderr.starts_with("error: standard input:2: max_age: "), "{}", ran.stderr);
    let ran = run(&["policy", "-", "-"], CLEAN.as_bytes());
    assert!(ran.stderr.contains("name a file for the other"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_remark_names_its_place_its_effect_and_its_source() {
    let ran = policy(&[DANGEROUS], &[]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[..3], ["0.json: 1 danger", "", "danger  origins[1]  null-origin"]);
    assert!(lines[3].starts_with("  Any website can obtain the origin `null`"), "{}", ran.stdout);
    assert!(lines[4].starts_with("  “Don't include null as an allowed origin"), "{}", ran.stdout);
    assert_eq!(lines[5], "  see https://fetch.spec.whatwg.org/#http-access-control-allow-origin");
}

#[test]
fn two_policies_are_compared_part_by_part() {
    let before = r#"{"origins": ["https://a.example", "http://localhost:3000"], "methods": ["PUT"], "max_age": 600}"#;
    let after = r#"{"origins": ["https://a.example", "https://b.example"], "credentials": true, "methods": "mirror",
                    "max_age": 600, "production": true}"#;
    let ran = policy(&[before, after], &[]);
    let expected = "0.json -> 1.json
  widens   origins          + https://b.example
  narrows  origins          - http://localhost:3000
  widens   credentials      false -> true
  widens   methods          PUT -> mirror
  same     production       false -> true

0.json: nothing dangerous, contradictory or unreachable.

1.json: 1 danger

danger  methods  mirrored-methods-with-credentials
";
    assert!(ran.stdout.starts_with(expected), "{}", ran.stdout);
    assert!(policy(&[CLEAN, CLEAN], &[]).stdout.starts_with("0.json -> 1.json\n  No difference.\n"));
}

#[test]
fn the_json_has_the_remarks_and_the_differences() {
    let printed = |texts| -> Value { serde_json::from_str(&policy(texts, &["--format", "json"]).stdout).unwrap() };
    assert_eq!(printed(&[CLEAN]), json!({"schema": 1, "policies": [{"file": "0.json", "remarks": []}]}));
    let two = printed(&[CLEAN, DANGEROUS]);
    assert_eq!(two["differences"], json!([{"field": "origins", "change": "+ null", "effect": "widens"}]));
    let remark = two["policies"][1]["remarks"][0].as_object().unwrap();
    assert_eq!(
        (&remark["id"], &remark["kind"], &remark["field"]),
        (&json!("null-origin"), &json!("danger"), &json!("origins[1]"))
    );
    assert!(["message", "quote", "link"].iter().all(|key| !remark[*key].as_str().unwrap().is_empty()));
    assert_eq!(remark.len(), 6);
}

#[test]
fn bad_input_names_file_line_and_field_of_every_file() {
    let ran = policy(&["{\n\"origins\": [\n\"https://a.example/\"]}", "{\"credential\": true}"], &[]);
    let errors: Vec<&str> = ran.stderr.lines().collect();
    assert!(errors[0].starts_with("error: 0.json:3: origins[0]: "), "{}", ran.stderr);
    assert!(errors[0].ends_with("write `https://a.example`"), "{}", ran.stderr);
    assert!(errors[1].starts_with("error: 1.json:1: credential: unknown field"), "{}", ran.stderr);
    let ran = run(&["policy", "no-such-file.json"], b"");
    assert!(ran.stderr.starts_with("error: no-such-file.json: "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}
