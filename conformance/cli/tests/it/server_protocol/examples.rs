//! The example servers, where they can be installed: what is found of them is what their baselines say, with the why.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::common::run;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/servers")
}

/// The command of an example, unless it cannot be installed here.
fn installed(name: &str) -> Option<String> {
    static COMMANDS: OnceLock<String> = OnceLock::new();
    let commands = COMMANDS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("servers");
        let output = Command::new(examples().join("install")).arg(folder).output().unwrap();
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    });
    let command = commands.lines().find(|command| command.contains(&format!("/{name}/server."))).map(str::to_owned);
    if command.is_none() {
        eprintln!("skipped: {name} is not installed, and nothing is known of it");
    }
    command
}

/// Runs every vector.
fn whole_run(name: &str) -> Option<()> {
    let command = installed(name)?;
    let baseline = examples().join(name).join("baseline.json");
    let ran = run(&["run", "--server", &command, "--baseline", baseline.to_str().unwrap()], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    Some(())
}

#[test]
fn of_express_what_its_baseline_says_is_found_and_no_more() {
    whole_run("express").unwrap_or_default();
}

#[test]
fn of_starlette_what_its_baseline_says_is_found_and_no_more() {
    whole_run("starlette").unwrap_or_default();
}

#[test]
fn the_program_of_the_protocols_page_runs_every_vector() {
    if Command::new("python3").arg("--version").output().is_err() {
        return eprintln!("skipped: there is no python3, and nothing is known of the page's program");
    }
    let page = include_str!("../../../../docs/server-protocol.md");
    let program = page.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.py");
    std::fs::write(&path, program).unwrap();
    let row = row(&["--server", &format!("python3 {}", path.display())]);
    let count = |outcome: &str| row["counts"][outcome].as_u64().unwrap();
    assert_eq!((count("broken"), count("inconclusive")), (0, 0), "{}", row["counts"]);
    assert!(count("conform") > 200, "{}", row["counts"]);
    // What the page says of it: its middleware adds its header beside the handler's own.
    let rules = rules(&row);
    assert!(
        rules.contains(&"under-grant/origin".to_owned()) && !rules.iter().any(|rule| rule.starts_with("over-grant"))
    );
}

fn row(args: &[&str]) -> serde_json::Value {
    let ran = run(&[&["run", "--format", "json"], args].concat(), b"");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    report["adapters"][0].clone()
}

fn rules(row: &serde_json::Value) -> Vec<String> {
    let divergences = row["divergences"].as_array().unwrap();
    divergences.iter().map(|divergence| divergence["rule"].as_str().unwrap().to_owned()).collect()
}

/// The rules that are broken in a vector.
fn found(name: &str, vector: &str) -> Option<Vec<String>> {
    let command = installed(name)?;
    let row = row(&["--server", &command, "--vector", vector]);
    assert_eq!((&row["counts"]["cases"], &row["counts"]["broken"]), (&1.into(), &0.into()), "{row}");
    Some(rules(&row))
}

#[test]
fn starlette_echoes_every_origin_beside_credentials_and_express_does_not() {
    let vector = "wildcard-and-mirror/any-with-credentials-is-no-reflection";
    if let (Some(starlette), Some(express)) = (found("starlette", vector), found("express", vector)) {
        assert_eq!(starlette, ["over-grant/credentials"]);
        assert!(!express.iter().any(|rule| rule.starts_with("over-grant")), "{express:?}");
    }
}

#[test]
fn starlette_has_no_headers_on_a_handlers_failure_and_express_has() {
    let vector = "routes/error-of-the-server";
    if let (Some(starlette), Some(express)) = (found("starlette", vector), found("express", vector)) {
        assert_eq!((starlette, express), (vec!["missing-on-error/status".to_owned()], Vec::new()));
    }
}
