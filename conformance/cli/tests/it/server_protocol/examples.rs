//! The example servers and the program in the documentation of the server protocol.
//!
//! The tests need Node.js or Python, and the registries of npm and pip. `cargo test` reports them as ignored.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;

use crate::common::run;

/// A vector with any origin and credentials.
const ANY_WITH_CREDENTIALS: &str = "wildcard-and-mirror/any-with-credentials-is-no-reflection";

/// A vector whose handler fails.
const HANDLER_FAILS: &str = "routes/error-of-the-server";

/// Returns the folder of the example servers.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/servers")
}

/// Installs the example servers once and returns the command of one of them.
fn installed(name: &str) -> String {
    static INSTALLED: OnceLock<(String, String)> = OnceLock::new();
    let (commands, messages) = INSTALLED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("servers");
        let output = Command::new(examples().join("install")).arg(folder).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    });
    let command = commands.lines().find(|command| command.contains(&format!("/{name}/server.")));
    command.unwrap_or_else(|| panic!("{name} is not installed: {messages}")).to_owned()
}

/// Checks that an example server has exactly the divergences of its baseline.
fn check_against_baseline(name: &str) {
    let baseline = examples().join(name).join("baseline.json");
    let ran = run(&["run", "--server", &installed(name), "--baseline", baseline.to_str().unwrap()], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
}

/// Runs a server and returns its row of the report.
fn row(args: &[&str]) -> Value {
    let ran = run(&[&["run", "--format", "json"], args].concat(), b"");
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    report["adapters"][0].clone()
}

/// Returns the rules of a row's divergences.
fn rules(row: &Value) -> Vec<String> {
    let divergences = row["divergences"].as_array().unwrap();
    divergences.iter().map(|divergence| divergence["rule"].as_str().unwrap().to_owned()).collect()
}

/// Runs one vector over an example server and returns the rules that it breaks.
fn broken_rules(name: &str, vector: &str) -> Vec<String> {
    let row = row(&["--server", &installed(name), "--vector", vector]);
    assert_eq!((&row["counts"]["cases"], &row["counts"]["broken"]), (&1.into(), &0.into()), "{row}");
    rules(&row)
}

#[test]
#[ignore = "needs Node.js and npm: run with --ignored"]
fn express_has_exactly_the_divergences_of_its_baseline() {
    check_against_baseline("express");
}

#[test]
#[ignore = "needs Python and pip: run with --ignored"]
fn starlette_has_exactly_the_divergences_of_its_baseline() {
    check_against_baseline("starlette");
}

#[test]
#[ignore = "needs Python: run with --ignored"]
fn the_program_in_the_documentation_of_the_protocol_runs_every_vector() {
    let page = include_str!("../../../../docs/server-protocol.md");
    let program = page.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.py");
    std::fs::write(&path, program).unwrap();
    let row = row(&["--server", &format!("python3 {}", path.display())]);
    let count = |outcome: &str| row["counts"][outcome].as_u64().unwrap();
    assert_eq!((count("broken"), count("inconclusive")), (0, 0), "{}", row["counts"]);
    assert!(count("conform") > 200, "{}", row["counts"]);
    // As the page explains, its middleware adds a header in addition to that of the handler.
    let rules = rules(&row);
    assert!(rules.iter().any(|rule| rule == "under-grant/origin"), "{rules:?}");
    assert!(!rules.iter().any(|rule| rule.starts_with("over-grant")), "{rules:?}");
}

#[test]
#[ignore = "needs Node.js and npm: run with --ignored"]
fn express_does_not_echo_every_origin_with_credentials() {
    let rules = broken_rules("express", ANY_WITH_CREDENTIALS);
    assert!(!rules.iter().any(|rule| rule.starts_with("over-grant")), "{rules:?}");
}

#[test]
#[ignore = "needs Python and pip: run with --ignored"]
fn starlette_echoes_every_origin_with_credentials() {
    assert_eq!(broken_rules("starlette", ANY_WITH_CREDENTIALS), ["over-grant/credentials"]);
}

#[test]
#[ignore = "needs Node.js and npm: run with --ignored"]
fn express_sends_its_headers_when_the_handler_fails() {
    assert!(broken_rules("express", HANDLER_FAILS).is_empty());
}

#[test]
#[ignore = "needs Python and pip: run with --ignored"]
fn starlette_sends_no_headers_when_the_handler_fails() {
    assert_eq!(broken_rules("starlette", HANDLER_FAILS), ["missing-on-error/status"]);
}
