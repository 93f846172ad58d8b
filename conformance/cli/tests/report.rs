//! The commands `report` and `compare-runs`, and the option `--update-baseline`.

mod common;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use common::{Ran, run};
use serde_json::Value;

/// A temporary folder.
struct Folder(tempfile::TempDir);

/// A small selection of adapters and vectors with every outcome except broken.
const ADAPTERS: [&str; 6] = ["--adapter", "warp", "--adapter", "actix-cors", "--adapter", "unescaped-dot"];
const VECTORS: [&str; 4] = ["--vector", "near-miss-origins", "--vector", "wildcard-and-mirror"];

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn holding(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the selection and returns the path of the result file.
    fn result(&self, name: &str, more: &[&str]) -> String {
        let path = self.path(name);
        let ran = run(&[&["run", "--format", "json", "--out", &path], &ADAPTERS[..], &VECTORS, more].concat(), b"");
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""));
        path
    }

    /// Runs a command, and removes the path of this folder from its standard error.
    fn ran(&self, args: &[&str]) -> Ran {
        let mut ran = run(args, b"");
        ran.stderr = ran.stderr.replace(&format!("{}/", self.0.path().display()), "");
        ran
    }
}

#[test]
fn report_gives_the_same_bytes_as_run_in_every_format() {
    let folder = Folder::new();
    let result = folder.result("r.json", &[]);
    for format in ["terminal", "json", "junit", "markdown", "sarif"] {
        let ran = run(&[&["run", "--format", format], &ADAPTERS[..], &VECTORS].concat(), b"");
        let report = run(&["report", &result, "--format", format], b"");
        assert!(!ran.stdout.is_empty(), "{format}");
        assert_eq!(ran.stdout, report.stdout, "{format}");
        assert_eq!((report.status, report.stderr.as_str()), (Some(1), ""));
    }
    let all = |command: &[&str]| run(&[command, &["--all"]].concat(), b"").stdout;
    let ran = all(&[&["run"], &ADAPTERS[..], &VECTORS].concat());
    assert!(!ran.is_empty());
    assert_eq!(ran, all(&["report", &result]));
}

#[test]
fn merged_shards_equal_the_complete_run() {
    let folder = Folder::new();
    let whole = folder.result("whole.json", &[]);
    let shard = |index: &str| folder.result(&format!("{index}.json"), &["--shard", &format!("{index}/3")]);
    let shards = ["2", "3", "1"].map(shard);
    let merged = folder.ran(&["report", &shards[0], &shards[1], &shards[2], "--format", "json"]);
    assert_eq!((merged.status, merged.stderr.as_str()), (Some(1), ""));
    assert_eq!(merged.stdout, fs::read_to_string(whole).unwrap());
    let two = folder.ran(&["report", &shards[0], &shards[1]]);
    assert_eq!(
        (two.status, two.stderr.as_str()),
        (Some(2), "error: actix-cors lacks the shards 1/3: add their result files\n")
    );
    let row = concat!("\nunescaped-dot ", env!("CARGO_PKG_VERSION"), " ");
    assert!(two.stdout.contains(row), "the available shards are reported: {}", two.stdout);
    let twice = folder.ran(&["report", &shards[0], &shards[0]]);
    let expected = "error: 2.json: adapters[0].part: `actix-cors` is shard 2/3 once more, compared with ";
    assert!(twice.stderr.starts_with(expected), "{}", twice.stderr);
    assert_eq!((twice.status, twice.stdout.as_str()), (Some(2), ""));
}

#[test]
fn merged_middlewares_have_the_order_of_a_run() {
    let folder = Folder::new();
    let of = |name: &str| {
        let path = folder.path(&format!("{name}.json"));
        run(&["run", "--adapter", name, "--vector", "policies", "--format", "json", "--out", &path], b"");
        path
    };
    let (warp, tide) = (of("warp"), of("tide"));
    let both = run(&["run", "--adapter", "warp", "--adapter", "tide", "--vector", "policies"], b"");
    assert!(!both.stdout.is_empty());
    assert_eq!(run(&["report", &warp, &tide], b"").stdout, both.stdout);
}

#[test]
fn the_error_for_a_file_that_is_not_a_result_names_the_file() {
    let folder = Folder::new();
    let good = folder.result("good.json", &[]);
    let text = fs::read(&good).unwrap();
    let half = &text[..text.len() / 2];
    let baseline = Path::new(env!("CARGO_MANIFEST_DIR")).join("../baseline.json");
    for (path, expected) in [
        (folder.holding("half.json", half), "half.json:"),
        (folder.holding("empty.json", ""), "empty.json: the file is empty"),
        (
            folder.holding("b.json", fs::read(baseline).unwrap()),
            "b.json: this is a baseline: give it as `--baseline FILE`",
        ),
        (folder.holding("bytes.json", b"\xFF\xFE{"), "bytes.json:1: not a result file: the text is not UTF-8"),
        (folder.path("nope.json"), "nope.json: No such file"),
        (folder.path(""), "Is a directory"),
    ] {
        let ran = folder.ran(&["report", &good, &path]);
        assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(expected), "{expected}: {}", ran.stderr);
        assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.lines().count()), (Some(2), "", 1));
        assert_eq!(folder.ran(&["compare-runs", &path, &good]).status, Some(2), "{expected}");
    }
}

#[test]
fn a_badge_needs_exactly_one_middleware() {
    let folder = Folder::new();
    let result = folder.result("r.json", &[]);
    let ran = run(&["report", &result, "--format", "badge", "--adapter", "unescaped-dot"], b"");
    let badge: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&badge["schemaVersion"], &badge["message"]), (&1.into(), &"1 over-grant".into()));
    let ran = run(&["report", &result, "--format", "badge"], b"");
    let expected =
        "error: --format badge needs exactly one middleware, and there are 3: choose one with --adapter NAME\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(2), expected));
    let ran = run(&["report", &result, "--adapter", "tide"], b"");
    let expected = "error: --adapter tide: not in this result; it has actix-cors, warp, unescaped-dot\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(2), expected));
}

#[test]
fn compare_runs_writes_markdown_and_json() {
    let folder = Folder::new();
    let of = |name: &str, adapter: &str| {
        let path = folder.path(name);
        run(&["run", "--adapter", adapter, "--vector", "near-miss-origins", "--format", "json", "--out", &path], b"");
        path
    };
    let (before, after) = (of("before.json", "reference"), of("after.json", "unescaped-dot"));
    let fingerprint = "unescaped-dot/over-grant/origin/dot.none.actual.2xx.handler";
    let version = env!("CARGO_PKG_VERSION");
    let ran = run(&["compare-runs", &before, &after, "--format", "markdown"], b"");
    assert!(
        ran.stdout.contains(&format!("\n#### New\n\n`unescaped-dot none -> {version}`\n\n- `{fingerprint}`\n")),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.status, Some(1));
    let ran = run(&["compare-runs", &before, &after, "--format", "json"], b"");
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["changes"][1]["new"][0], fingerprint);
    assert_eq!(json["changes"][0]["after"], Value::Null);
    assert_eq!(run(&["compare-runs", &before, &before], b"").stdout, "Nothing changed.\n");
}

/// Returns the text of a baseline with reasons and links filled in.
fn finished(text: &str) -> String {
    text.replace("\"reason\": \"\"", "\"reason\": \"r\"").replace("\"link\": \"\"", "\"link\": \"l\"")
}

#[test]
fn a_new_baseline_needs_reasons_and_links_and_is_then_kept() {
    let folder = Folder::new();
    let path = folder.path("b.json");
    let update = ["run", "--adapter", "unescaped-dot", "--baseline", &path, "--update-baseline"];
    let ran = folder.ran(&update);
    let added = folder.text("b.json");
    let entries = added.matches("\"reason\": \"\"").count();
    assert!(entries > 0 && ran.stderr.contains("b.json: added unescaped-dot/over-grant/origin/dot."), "{}", ran.stderr);
    assert!(ran.stderr.contains("error: b.json:4: reason: give the reason why this is expected\n"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(1));

    let unfinished = folder.ran(&["run", "--adapter", "unescaped-dot", "--baseline", &path]);
    assert!(
        unfinished.stderr.contains("error: b.json:4: reason: give the reason why this is expected\n"),
        "{}",
        unfinished.stderr
    );
    assert_eq!(unfinished.status, Some(2));

    folder.holding("b.json", finished(&added));
    let ran = folder.ran(&update);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), "b.json: nothing to change\n"));
    assert_eq!(folder.text("b.json"), finished(&added));
    assert_eq!(folder.ran(&["run", "--adapter", "unescaped-dot", "--baseline", &path]).status, Some(0));
}

#[test]
fn an_update_for_one_adapter_keeps_the_entries_of_others() {
    let folder = Folder::new();
    let own = r#"{"fingerprint": "reference/gone", "reason": "r", "link": "l"}"#;
    let others = [
        r#"{"fingerprint": "warp/gone", "reason": "of warp", "link": "l"}"#,
        r#"{"rule": "over-grant/origin", "covers": 99, "reason": "of all", "link": "l"}"#,
        r#"{"rule": "over-grant/origin", "adapter": "tide", "covers": 99, "reason": "of tide", "link": "l"}"#,
    ];
    let file = |entries: &[&str]| {
        format!("{{\n  \"schema\": 1,\n  \"entries\": [\n    {}\n  ]\n}}\n", entries.join(",\n    "))
    };
    let path = folder.holding("b.json", file(&[others[0], own, others[1], others[2]]));
    let kept = PathBuf::from(&path);
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o640)).unwrap();
    let stale = folder.ran(&["run", "--adapter", "reference", "--baseline", &path]);
    assert_eq!(
        (stale.status, stale.stderr.as_str()),
        (Some(1), "error: b.json:5: reference/gone: matches no divergence: remove the entry\n")
    );
    let ran = folder.ran(&["run", "--adapter", "reference", "--baseline", &path, "--update-baseline"]);
    assert_eq!(ran.stderr, "b.json: removed reference/gone: it matches no divergence\nb.json: 1 entry changed\n");
    assert_eq!((ran.status, folder.text("b.json")), (Some(0), file(&others)));
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn a_part_of_the_suite_does_not_update_the_baseline() {
    let folder = Folder::new();
    let path = folder.holding("b.json", "{\"schema\": 1, \"entries\": []}");
    for part in [["--shard", "1/2"], ["--rule", "over-grant"], ["--vector", "policies"]] {
        let ran = folder.ran(&[&["run", "--baseline", &path, "--update-baseline"], &part[..]].concat());
        assert!(ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
        assert_eq!(ran.status, Some(2), "{part:?}");
    }
    let ran = folder.ran(&["run", "--update-baseline"]);
    assert_eq!((ran.status, ran.stderr.contains("--baseline <FILE>")), (Some(2), true));
    let result = folder.result("r.json", &[]);
    let ran = folder.ran(&["report", &result, "--baseline", &path, "--update-baseline"]);
    let expected = "error: --update-baseline: this result covers only a part of the suite; merge all shards first\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(2), expected));
    assert_eq!(folder.text("b.json"), "{\"schema\": 1, \"entries\": []}");
    let bad = folder.holding("bad.json", "{\"schema\": 1, \"entries\": [{}]}");
    let ran = folder.ran(&["run", "--adapter", "reference", "--baseline", &bad, "--update-baseline"]);
    assert_eq!((ran.status, folder.text("bad.json").as_str()), (Some(2), "{\"schema\": 1, \"entries\": [{}]}"));
}

#[test]
fn a_baseline_is_checked_against_merged_shards() {
    let folder = Folder::new();
    let shard = |index: &str| {
        let path = folder.path(&format!("{index}.json"));
        let part = format!("{index}/2");
        let args = ["run", "--adapter", "unescaped-dot", "--shard", &part, "--format", "json", "--out", &path];
        run(&args, b"");
        path
    };
    let (one, two) = (shard("1"), shard("2"));
    let path = folder.path("b.json");
    folder.ran(&["report", &one, &two, "--baseline", &path, "--update-baseline"]);
    let entries = finished(&folder.text("b.json"));
    let gone = "{\"fingerprint\": \"unescaped-dot/gone\", \"reason\": \"r\", \"link\": \"l\"}";
    folder.holding("b.json", entries.replacen("[\n", &format!("[\n    {gone},\n"), 1));
    let ran = folder.ran(&["report", &one, &two, "--baseline", &path]);
    let expected = "error: b.json:4: unescaped-dot/gone: matches no divergence: remove the entry\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), expected));
    let alone = folder.ran(&["report", &one, "--baseline", &path]);
    assert_eq!((alone.status, alone.stderr.as_str()), (Some(0), ""));
    let held = folder.holding("held.json", entries);
    let ran = folder.ran(&["report", &one, &two, "--baseline", &held]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_vector_that_is_selected_twice_runs_once() {
    let ran = run(&["run", "--adapter", "reference", "--vector", "policies", "--vector", "policies/null"], b"");
    assert!(ran.stdout.starts_with("15 vectors, "), "{}", ran.stdout);
    let folder = Folder::new();
    let case = folder.holding("crash", r#"{"visits": [{"fetch": {"page_origin": "null"}}]}"#);
    let ran = folder.ran(&["run", "--adapter", "reference", "--vector", &case, "--vector", &case]);
    assert!(ran.stdout.starts_with("1 vector, "), "{}", ran.stdout);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(2), "error: crash: this file was read before\n"));
}
