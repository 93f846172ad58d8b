//! The command `campaign`.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use crate::common::run;

fn campaign(folder: &Path, more: &[&str]) -> crate::common::Ran {
    let folder = folder.to_str().unwrap();
    run(&[&["campaign", "--dir", folder], more].concat(), b"")
}

/// Returns the report without the name of its folder.
fn report(ran: &crate::common::Ran, folder: &Path) -> String {
    ran.stdout.replace(folder.to_str().unwrap(), "FOLDER")
}

/// Returns the fingerprints of the findings that have a vector.
fn found(folder: &Path) -> Vec<String> {
    let findings = fs::read_dir(folder.join("seed-1/findings")).unwrap().map(|file| file.unwrap().path());
    let vectors = findings.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    vectors.map(|path| path.file_stem().unwrap().to_str().unwrap().replace('+', "/")).collect()
}

const TWO: [&str; 6] = ["--adapter", "unescaped-dot", "--adapter", "overwrites-vary", "--cases", "3000"];

#[test]
fn the_same_seed_and_number_of_cases_give_the_same_report_with_any_number_of_jobs() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = campaign(one.path(), &[&TWO[..], &["--jobs", "1"]].concat());
    let second = campaign(other.path(), &[&TWO[..], &["--jobs", "2"]].concat());
    assert!(!first.stdout.is_empty());
    assert_eq!(report(&first, one.path()), report(&second, other.path()));
    assert!(found(one.path()).iter().any(|name| name.starts_with("unescaped-dot/over-grant/origin/dot.")));
    assert_eq!(first.status, Some(1), "{}", first.stderr);
    assert!(first.stderr.contains("per second"), "{}", first.stderr);
}

#[test]
fn a_search_that_was_killed_continues_and_gives_the_same_report() {
    let (whole, cut) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let uninterrupted = campaign(whole.path(), &TWO);
    for after_ms in [150, 300, 500, 700] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cors-conformance"));
        command.args(["campaign", "--dir", cut.path().to_str().unwrap()]).args(TWO);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(after_ms));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let resumed = campaign(cut.path(), &TWO);
    assert_eq!(report(&resumed, cut.path()), report(&uninterrupted, whole.path()));
    assert!(!uninterrupted.stdout.is_empty() && !found(whole.path()).is_empty());
    let files = |folder: &Path| {
        let all = fs::read_dir(folder.join("seed-1/findings")).unwrap();
        let mut all: Vec<_> =
            all.map(|file| file.unwrap().path()).map(|path| (path.clone(), fs::read(path).unwrap())).collect();
        all.sort();
        all.into_iter().map(|(path, text)| (path.file_name().unwrap().to_owned(), text)).collect::<Vec<_>>()
    };
    assert_eq!(files(cut.path()), files(whole.path()));
}

#[test]
fn every_finding_has_a_vector_that_run_replays() {
    let folder = tempfile::tempdir().unwrap();
    campaign(folder.path(), &["--adapter", "unescaped-dot", "--cases", "3000"]);
    let vectors = found(folder.path());
    assert!(!vectors.is_empty());
    for name in vectors {
        let vector = folder.path().join(format!("seed-1/findings/{}.json", name.replace('/', "+")));
        let ran = run(&["run", "--adapter", "unescaped-dot", "--vector", vector.to_str().unwrap()], b"");
        assert!(ran.stdout.contains(&name), "{name}: {}", ran.stdout);
        let page = fs::read_to_string(vector.with_extension("md")).unwrap();
        assert!(page.contains("curl --include") && page.contains("#[test]"), "{page}");
    }
}

#[test]
fn a_middleware_that_ends_its_process_is_found_and_the_search_continues() {
    let folder = tempfile::tempdir().unwrap();
    let adapters = ["--adapter", "ends-its-process", "--adapter", "unescaped-dot"];
    let ran = campaign(folder.path(), &[&adapters[..], &["--cases", "3000"]].concat());
    for name in ["ends-its-process/robustness/abort/", "unescaped-dot/over-grant/origin/"] {
        assert!(found(folder.path()).iter().any(|found| found.starts_with(name)), "{name}: {}", ran.stdout);
    }
    assert!(ran.stdout.contains("ends-its-process: inconclusive: after 10 workers"), "{}", ran.stdout);
}

#[test]
fn expected_divergences_do_not_fail_the_search() {
    let folder = tempfile::tempdir().unwrap();
    let ran = campaign(folder.path(), &["--adapter", "unescaped-dot", "--cases", "3000", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = report["adapters"][0]["divergences"].as_array().unwrap();
    let rules: BTreeSet<_> = found.iter().map(|found| found["rule"].as_str().unwrap()).collect();
    assert!(!rules.is_empty());
    let entries = rules.iter().map(|rule| serde_json::json!({"rule": rule, "covers": 9, "reason": "r", "link": "l"}));
    let baseline = folder.path().join("baseline.json");
    let text = serde_json::json!({"schema": 1, "entries": entries.collect::<Vec<_>>()}).to_string();
    fs::write(&baseline, text).unwrap();
    let again = ["--adapter", "unescaped-dot", "--cases", "3000", "--baseline", baseline.to_str().unwrap()];
    let ran = campaign(folder.path(), &again);
    assert_eq!(ran.status, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("continuing after 3000 cases"), "{}", ran.stderr);
}

#[test]
fn an_unusable_folder_name_or_journal_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let ran = campaign(&file, &["--adapter", "unescaped-dot", "--cases", "10"]);
    assert!(ran.stderr.contains("file/seed-1/journals"), "{}", ran.stderr);
    let ran = campaign(folder.path(), &["--adapter", "tower-htp", "--cases", "10"]);
    assert!(
        ran.stderr.contains("--adapter tower-htp: unknown middleware; did you mean `tower-http`?"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.status, Some(2));
    let journal = folder.path().join("seed-1/journals/unescaped-dot.jsonl");
    fs::create_dir_all(journal.parent().unwrap()).unwrap();
    fs::write(&journal, "{\"found\": 3}\n").unwrap();
    let ran = campaign(folder.path(), &["--adapter", "unescaped-dot", "--cases", "10"]);
    assert!(ran.stderr.contains("unescaped-dot.jsonl:1: "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}
