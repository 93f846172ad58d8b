//! Reading result files, and merging the files of shards.

mod common;

use common::{report, row, vectors};
use cors_conformance::{
    case::selection::Shard,
    report::{json, merge::merge},
    suite::{AdapterReport, Outcome, Report},
};
use serde_json::{Value, json};

const HINT: &str = "; `run --format json --out FILE` writes result files";

fn text(report: &Report) -> String {
    let mut text = Vec::new();
    json::write(report, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn error(bytes: &[u8]) -> String {
    let error = json::read("old.json", bytes).unwrap_err().to_string();
    error.strip_suffix(HINT).unwrap_or_else(|| panic!("{error}")).to_owned()
}

#[test]
fn a_result_file_is_read_as_it_was_written() {
    let report = report();
    assert_eq!(json::read("r.json", text(&report).as_bytes()), Ok(report));
}

fn version_1(report: &Report) -> Value {
    json!({ "schema": 1, "adapters": report.adapters })
}

#[test]
fn a_file_of_version_1_is_read() {
    let report = report();
    assert_eq!(json::read("r.json", version_1(&report).to_string().as_bytes()), Ok(report));
}

#[test]
fn equal_vectors_requests_and_responses_are_stored_once() {
    let report = report();
    let file: Value = serde_json::from_str(&text(&report)).unwrap();
    for table in ["vectors", "requests", "responses", "exchanges"] {
        let items = file[table].as_array().unwrap();
        assert!(!items.is_empty(), "{table}");
        let distinct: std::collections::BTreeSet<String> = items.iter().map(Value::to_string).collect();
        assert_eq!(distinct.len(), items.len(), "{table}");
    }
    let size = |adapters: usize| {
        let row = report.adapters.iter().max_by_key(|row| row.divergences.len()).unwrap();
        let copy = |number: usize| AdapterReport { name: number.to_string(), cases: Vec::new(), ..row.clone() };
        let report = Report { adapters: (0..adapters).map(copy).collect() };
        (text(&report).len(), version_1(&report).to_string().len())
    };
    let (one, twenty) = (size(1), size(20));
    assert!((twenty.0 - one.0) * 2 < twenty.1 - one.1, "{one:?} {twenty:?}");
}

#[test]
fn a_row_with_a_policy_of_its_own_is_read_as_it_was_written() {
    let mut report = report();
    let policy: cors_policy::Policy = serde_json::from_value(json!({"origins": ["https://own.example"]})).unwrap();
    for divergence in &mut report.adapters[1].divergences {
        divergence.case.case.policy = policy.clone();
    }
    report.adapters[2].divergences[0].case.says = "A vector of this row alone.".to_owned();
    assert_eq!(json::read("r.json", text(&report).as_bytes()), Ok(report));
}

#[test]
fn a_missing_item_of_a_table_names_the_field() {
    let changed = |change: fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&text(&report())).unwrap();
        change(&mut value);
        error(value.to_string().as_bytes())
    };
    assert_eq!(
        changed(|value| value["adapters"][1]["divergences"][0]["cases"][0]["case"] = "x".into()),
        "old.json: adapters[1].divergences[0].cases[0].case: there is no vector `x`"
    );
    assert_eq!(
        changed(|value| value["adapters"][1]["divergences"][0]["cases"][0]["exchanges"] = json!([100_000])),
        "old.json: adapters[1].divergences[0].cases[0].exchanges[0]: there is no exchange with the index 100000"
    );
    assert_eq!(
        changed(|value| value["exchanges"][0]["request"] = 100_000.into()),
        "old.json: exchanges[0].request: there is no request with the index 100000"
    );
}

#[test]
fn a_result_file_without_a_list_of_cases_is_read() {
    let counts = json!({
        "cases": 3, "conform": 3, "diverge": 0, "unsupported": 0, "rejected": 0, "inconclusive": 0, "broken": 0,
    });
    let old = json!({"schema": 1, "adapters": [{"name": "a", "version": "1", "counts": counts, "divergences": []}]});
    assert_eq!(json::read("r.json", old.to_string().as_bytes()).unwrap().adapters[0].counts.conform, 3);
}

#[test]
fn the_error_for_another_kind_of_file_names_the_kind() {
    let whole = text(&report());
    let half = &whole[..whole.len() / 2];
    let lines = half.lines().count();
    for (bytes, expected) in [
        (b"".as_slice(), "old.json: the file is empty: the run that writes it did not finish"),
        (b" \n".as_slice(), "old.json: the file is empty: the run that writes it did not finish"),
        (b"{\n\"\xFF\"}", "old.json:2: not a result file: the text is not UTF-8"),
        (br#"{"schema": 1, "entries": []}"#, "old.json: this is a baseline: give it as `--baseline FILE`"),
        (br#"{"log": {}}"#, "old.json: this is a HAR file: `cors-conformance assess --har FILE` reads it"),
        (
            br#"{"schema": 1, "about": "", "vectors": []}"#,
            "old.json: these are vectors: `cors-conformance run --vector FILE` runs them",
        ),
        (br#"{"visits": []}"#, "old.json: this is a case: `cors-conformance run --vector FILE` runs it"),
        (
            br#"{"schema": 3, "adapters": []}"#,
            "old.json: schema: version 3 of the format is not supported, only versions 1 and 2; use the program that wrote it",
        ),
        (
            br#"{"schema": 3, "rows": []}"#,
            "old.json: schema: version 3 of the format is not supported, only versions 1 and 2; use the program that wrote it",
        ),
        (b"[]", "old.json: not a JSON object"),
        (b"{}", "old.json:1: missing field `schema`"),
        (b"<html>", "old.json:1: expected value"),
        (
            b"{\"schema\": 1,\n\"adapters\": [{\"name\": 3}]}",
            "old.json:2: adapters[0].name: invalid type: integer `3`, expected a string",
        ),
        (
            half.as_bytes(),
            &format!(
                "old.json:{lines}: the file ends too early: the run that writes it did not finish, or a copy is incomplete"
            ),
        ),
    ] {
        assert_eq!(error(bytes), expected);
    }
}

#[test]
fn a_result_that_contradicts_itself_names_the_field() {
    let changed = |change: fn(&mut Value)| {
        let mut value = version_1(&report());
        change(&mut value);
        error(value.to_string().as_bytes())
    };
    assert_eq!(
        changed(|value| value["adapters"][1]["name"] = "reference".into()),
        "old.json: adapters[1].name: `reference` has two rows"
    );
    assert_eq!(
        changed(|value| value["adapters"][0]["counts"]["conform"] = 0.into()),
        "old.json: adapters[0].counts: does not match the outcomes in `cases`"
    );
    let twice = changed(|value| value["adapters"][0]["cases"][1] = value["adapters"][0]["cases"][0].clone());
    assert!(twice.starts_with("old.json: adapters[0].cases[1].id: `near-miss-origins/"), "{twice}");
    let foreign = changed(|value| value["adapters"][1]["divergences"][0]["case"]["id"] = "x".into());
    assert_eq!(foreign, "old.json: adapters[1].divergences[0].case.id: `x` does not diverge according to `cases`");
}

/// Reports with the names of their files.
type Parts = Vec<(String, Report)>;

/// Returns [`report`] in `count` shards.
fn shards(count: u64) -> Parts {
    let vectors = vectors(&["near-miss-origins", "plain-requests", "policies"]);
    let of = |index| {
        let shard = Shard { index, count };
        let own: Vec<_> = vectors.iter().filter(|vector| shard.contains(vector)).cloned().collect();
        let mut adapters = ["reference", "unescaped-dot", "reflects-any-origin"].map(|name| row(name, &own));
        adapters.iter_mut().for_each(|row| row.part.shards = [shard].into());
        (format!("{index}.json"), Report { adapters: adapters.into() })
    };
    (1..=count).map(of).collect()
}

#[test]
fn merged_shards_equal_the_complete_run_in_any_order() {
    let mut parts = shards(4);
    parts.rotate_left(2);
    let (merged, mut whole) = (merge(parts).unwrap(), report());
    whole.adapters.sort_by_key(|row| merged.adapters.iter().position(|other| other.name == row.name));
    assert_eq!(text(&merged), text(&whole));
    assert!(merged.adapters.iter().all(|row| row.part.is_whole()));
}

#[test]
fn missing_shards_are_named() {
    let merged = merge(shards(4).into_iter().skip(1).collect()).unwrap();
    assert_eq!(merged.adapters[0].part.missing(), [Shard { index: 1, count: 4 }]);
}

#[test]
fn parts_of_different_runs_are_not_merged() {
    let refused = |change: &dyn Fn(&mut Parts)| {
        let mut parts = shards(2);
        change(&mut parts);
        merge(parts).unwrap_err().to_string()
    };
    let hint = "compared with 1.json: give the files of one run, each once";
    assert_eq!(
        refused(&|parts| parts[1].1 = parts[0].1.clone()),
        format!("2.json: adapters[0].part: `reference` is shard 1/2 once more, {hint}")
    );
    let version = env!("CARGO_PKG_VERSION");
    let case = shards(2)[0].1.adapters[0].cases[0].clone();
    assert_eq!(
        refused(&|parts| {
            let row = &mut parts[1].1.adapters[0];
            row.counts.cases += 1;
            row.counts.conform += 1;
            row.cases.push(case.clone());
        }),
        format!("2.json: adapters[0].cases: `reference` has the case `{}` again, {hint}", case.id)
    );
    assert_eq!(
        refused(&|parts| parts[1].1.adapters[2].version = "0".into()),
        format!("2.json: adapters[2].version: `reflects-any-origin` has version 0 and not {version}, {hint}")
    );
    assert_eq!(
        refused(&|parts| parts[1].1.adapters[0].part.rules = ["over-grant".to_owned()].into()),
        format!("2.json: adapters[0].part: `reference` was run with other rules, {hint}")
    );
    let other_baseline = refused(&|parts| {
        parts[1].1.adapters[2].divergences.iter_mut().for_each(|divergence| divergence.known = true);
    });
    assert!(
        other_baseline.starts_with(
            "2.json: adapters[2].divergences: `reflects-any-origin` was run with another baseline (see reflects-any-origin/"
        ),
        "{other_baseline}"
    );
    assert_eq!(
        refused(&|parts| parts[1].1.adapters[0].cases.clear()),
        format!(
            "2.json: adapters[0]: `reference` does not list all of its cases, so repeated cases cannot be detected, {hint}"
        )
    );
}

#[test]
fn the_diverging_cases_are_those_with_divergences() {
    let report = report();
    let row = &report.adapters[1];
    assert_eq!(row.cases.len(), row.counts.cases);
    let diverging = row.cases.iter().filter(|case| case.outcome == Outcome::Diverge);
    assert!(row.counts.diverge > 0);
    assert!(diverging.map(|case| case.id.as_str()).eq({
        let mut ids: Vec<_> = row.divergences.iter().map(|divergence| divergence.case.id.as_str()).collect();
        ids.dedup();
        ids
    }));
}
