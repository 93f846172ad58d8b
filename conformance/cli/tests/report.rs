//! `run` and `report` in every format, as a user types it.

mod common;

use std::fs;

use common::run;
use serde_json::Value;
use tempfile::TempDir;

/// A folder, and in it the result of two middlewares.
fn result() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("result.json").display().to_string();
    let ran = run(&["run", "--adapter", "warp", "--adapter", "poem", "--format", "json", "--out", &file], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""));
    (folder, file)
}

fn told(args: &[&str]) -> String {
    let ran = run(args, b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""), "{args:?}");
    ran.stdout
}

#[test]
fn an_old_result_is_written_as_the_run_itself_wrote_it() {
    let (_folder, file) = result();
    for format in ["terminal", "json", "junit", "markdown", "sarif", "html", "badge"] {
        let of_run = told(&["run", "--adapter", "warp", "--adapter", "poem", "--format", format]);
        assert_eq!(told(&["report", &file, "--format", format]), of_run, "{format}");
    }
}

#[test]
fn shards_are_put_together_to_the_run_that_was_shared() {
    let folder = tempfile::tempdir().unwrap();
    let shards: Vec<String> = (1..=3)
        .map(|index| {
            let (shard, file) =
                (format!("{index}/3"), folder.path().join(format!("{index}.json")).display().to_string());
            run(&["run", "--adapter", "warp", "--shard", &shard, "--format", "json", "--out", &file], b"");
            file
        })
        .collect();
    let whole = told(&["run", "--adapter", "warp", "--format", "json"]);
    assert_eq!(told(&["report", &shards[0], &shards[1], &shards[2], "--format", "json"]), whole);
    let ran = run(&["report", &shards[0], &shards[1], &shards[0]], b"");
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("give each shard once"), "{}", ran.stderr);
}

#[test]
fn what_is_no_result_is_told_by_its_file_line_and_field() {
    let (folder, file) = result();
    let whole = fs::read(&file).unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let files: [(&str, &[u8], &str); 6] = [
        ("cut.json", &whole[..whole.len() / 2], "EOF while parsing"),
        ("empty.json", b"", ":1: EOF while parsing a value"),
        ("bytes.json", b"\xFF\xFE{", "stream did not contain valid UTF-8"),
        ("baseline.json", br#"{"schema": 1, "entries": []}"#, ":1: missing field `adapters`"),
        ("har.json", br#"{"log": {"version": "1.2", "entries": []}}"#, ":1: missing field `schema`"),
        ("new.json", br#"{"schema": 7, "adapters": []}"#, "schema: version 7 is not known here, but 1"),
    ];
    for (name, bytes, message) in files {
        fs::write(path(name), bytes).unwrap();
        for command in [&["report", &path(name)][..], &["compare-runs", &file, &path(name)]] {
            let ran = run(command, b"");
            assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{command:?}");
            assert!(ran.stderr.contains(name) && ran.stderr.contains(message), "{}", ran.stderr);
        }
    }
    for missing in [path("none.json"), folder.path().display().to_string()] {
        let ran = run(&["report", &missing], b"");
        assert_eq!(ran.status, Some(2));
        assert!(ran.stderr.contains(&missing), "{}", ran.stderr);
    }
}

#[test]
fn what_is_new_fails_in_junit_and_what_the_baseline_expects_passes() {
    let new = told(&["run", "--adapter", "poem", "--format", "junit"]);
    assert!(new.contains(r#"<testsuite name="poem 3.1.12""#), "{new}");
    assert!(new.contains(r#"<failure message="The page reads the answer, though the policy wants no credentials.""#));
    assert!(new.contains(r#"classname="poem""#) && !new.contains("timestamp=\"") && !new.contains("uuid=\""));
    let baseline = concat!(env!("CARGO_MANIFEST_DIR"), "/../baseline.json");
    let ran = run(&["run", "--adapter", "poem", "--format", "junit", "--baseline", baseline], b"");
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(!ran.stdout.contains("<failure") && ran.stdout.contains("poem/over-grant/credentials/"), "{}", ran.stdout);
}

#[test]
fn bytes_that_are_no_text_make_xml_that_is_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.json");
    let vector = r#"{"schema": 1, "about": "a", "vectors": [{"id": "t/odd", "says": "s", "spec": "checklist", "quote": "q",
        "case": {"policy": {"origins": "any", "credentials": true}, "handler": {"headers": [["X-A", "\u0001]]>\u00ff<&"]]},
                 "visits": [{"fetch": {"page_origin": "https://a.example", "request": {"credentials": "include"}}}]},
        "expect": [{"intent": "deny"}]}]}"#;
    fs::write(&file, vector).unwrap();
    let xml = run(
        &[
            "run",
            "--adapter",
            "reflects-for-any-with-credentials",
            "--vector",
            file.to_str().unwrap(),
            "--format",
            "junit",
        ],
        b"",
    );
    let is_xml = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..);
    assert!(xml.stdout.chars().all(is_xml), "{}", xml.stdout);
}

#[test]
fn markdown_fits_into_a_comment_with_what_is_new_first() {
    let rows = ["poem", "poem:fn", "poem:glob", "silent", "viz-core", "warp", "bunner_cors_rs", "tide", "ntex-cors"];
    let rows: Vec<&str> = rows.iter().flat_map(|row| ["--adapter", row]).collect();
    let ran = run(&[&["run", "--format", "markdown"][..], &rows].concat(), b"");
    assert!(ran.stdout.starts_with("## CORS conformance: 1"), "{}", &ran.stdout[..100]);
    assert!(ran.stdout.len() <= 65_536, "{}", ran.stdout.len());
    assert!(ran.stdout.contains("new kinds more, for which there is no room here."));
    assert_eq!(ran.stdout.matches("<details>").count(), ran.stdout.matches("</details>").count());
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let log: Value = serde_json::from_str(&told(&["run", "--adapter", "poem", "--format", "sarif"])).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().unwrap().starts_with("poem: "));
        assert_eq!(result["baselineState"], "new");
        assert!(result["partialFingerprints"]["corsConformance/v1"].as_str().unwrap().starts_with("poem/"));
    }
}

#[test]
fn a_badge_counts_by_class_and_tells_no_percentage() {
    let badge: Value = serde_json::from_str(&told(&["run", "--adapter", "poem", "--format", "badge"])).unwrap();
    assert_eq!((&badge["schemaVersion"], &badge["color"]), (&1.into(), &"red".into()));
    assert!(badge["message"].as_str().unwrap().starts_with("1 over-grant, 1 under-grant, "), "{badge}");
    let (_folder, file) = result();
    let of_one: Value =
        serde_json::from_str(&told(&["report", &file, "--adapter", "poem", "--format", "badge"])).unwrap();
    assert_eq!(of_one, badge);
}

#[test]
fn an_updated_baseline_is_refused_until_someone_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("baseline.json").display().to_string();
    let ran = run(&["run", "--adapter", "warp", "--baseline", &file, "--update-baseline"], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("added    warp/") && ran.stdout.contains("say why, and give a link"), "{}", ran.stdout);
    let ran = run(&["run", "--adapter", "warp", "--baseline", &file], b"");
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("baseline.json:4: reason: say why this is expected"), "{}", ran.stderr);
    let explained =
        fs::read_to_string(&file).unwrap().replace(r#""reason": "", "link": """#, r#""reason": "r", "link": "l""#);
    fs::write(&file, &explained).unwrap();
    let ran = run(&["run", "--adapter", "warp", "--baseline", &file], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    run(&["run", "--adapter", "warp", "--baseline", &file, "--update-baseline"], b"");
    assert_eq!(fs::read_to_string(&file).unwrap(), explained);
    let ran = run(&["run", "--baseline", &file, "--update-baseline", "--rule", "hygiene"], b"");
    assert_eq!(ran.status, Some(2));
}

#[test]
fn shells_and_manuals_know_every_subcommand() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell], b"").stdout;
        assert!(["campaign", "report", "judge", "update-baseline"].iter().all(|name| script.contains(name)), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&["man", folder.path().to_str().unwrap()], b"");
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let page = fs::read_to_string(folder.path().join("cors-conformance-run.1")).unwrap();
    assert!(page.contains("update\\-baseline"), "{page}");
}
