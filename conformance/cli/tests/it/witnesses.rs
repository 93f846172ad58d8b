//! Each fingerprint in FINDINGS.md has a witness: a minimal case that shows it.
//!
//! After a change of findings, run `UPDATE_WITNESSES=1 cargo test -p cors-conformance-cli --test it witnesses`.

use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf};

use cors_adapters::{Middleware, registry};
use cors_conformance::{
    case::{
        Case,
        vectors::{Vector, built_in},
    },
    parallel,
    search::{
        minimise::{minimise, short},
        reproduce,
    },
    suite::run_vector,
};
use serde_json::{Value, json};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file() -> PathBuf {
    repository().join("conformance/findings/witnesses.jsonl")
}

/// Returns the fingerprints in the baseline, which another test compares with FINDINGS.md.
fn fingerprints_in_baseline() -> Vec<String> {
    let text = fs::read_to_string(repository().join("conformance/baseline.json")).unwrap();
    let baseline: Value = serde_json::from_str(&text).unwrap();
    let entries = baseline["entries"].as_array().unwrap().iter();
    let mut known: Vec<String> = entries.map(|entry| entry["fingerprint"].as_str().unwrap().to_owned()).collect();
    known.sort_unstable();
    known
}

/// Reads the witnesses by fingerprint.
fn witnesses() -> BTreeMap<String, Case> {
    let text = fs::read_to_string(file()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|line| {
            let case = serde_json::from_value(line["case"].clone()).unwrap();
            (line["fingerprint"].as_str().unwrap().to_owned(), case)
        })
        .collect()
}

/// Returns the middleware of a fingerprint.
fn middleware_of(fingerprint: &str) -> &'static dyn Middleware {
    cors_conformance::self_check::registry::named(fingerprint.split('/').next().unwrap()).unwrap()
}

/// Returns a minimal case for each fingerprint that the vectors show of a middleware.
fn minimal_cases(middleware: &dyn Middleware) -> BTreeMap<String, Case> {
    let mut smallest: BTreeMap<String, Case> = BTreeMap::new();
    for vector in built_in().vectors {
        let vector = Vector::bare(vector.case);
        for found in run_vector(middleware, &vector, |_| true, &mut |_, _| {}, None).divergences {
            let case = found.case.case;
            let old = smallest.entry(found.fingerprint).or_insert_with(|| case.clone());
            if case.visits.len() < old.visits.len() {
                *old = case;
            }
        }
    }
    let small = |(fingerprint, case): (String, Case)| {
        let case = minimise(&case, &mut |case| reproduce(middleware, case, &fingerprint, None).is_some());
        (fingerprint, case)
    };
    smallest.into_iter().map(small).collect()
}

/// Writes the file of witnesses.
fn update(known: &[String]) {
    let rows: Vec<_> = registry::middlewares().collect();
    let mut all: BTreeMap<_, _> = parallel::map(&rows, None, |row| minimal_cases(*row)).into_iter().flatten().collect();
    all.retain(|fingerprint, _| known.contains(fingerprint));
    let mut text = String::new();
    for (fingerprint, case) in all {
        writeln!(text, "{}", json!({ "fingerprint": fingerprint, "case": short(&case) })).unwrap();
    }
    fs::write(file(), text).unwrap();
}

fn median(mut numbers: Vec<usize>) -> usize {
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}

#[test]
fn each_finding_has_a_minimal_witness() {
    let known = fingerprints_in_baseline();
    if std::env::var_os("UPDATE_WITNESSES").is_some() {
        update(&known);
    }
    let witnesses = witnesses();
    assert!(!known.is_empty());
    let missing: Vec<_> = known.iter().filter(|fingerprint| !witnesses.contains_key(*fingerprint)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert_eq!(witnesses.len(), known.len(), "there is a witness without a finding");

    let all: Vec<(&String, &Case)> = witnesses.iter().collect();
    let faults = parallel::map(&all, None, |(fingerprint, case)| {
        let middleware = middleware_of(fingerprint);
        if reproduce(middleware, case, fingerprint, None).is_none() {
            return Some(format!("the witness does not show {fingerprint}"));
        }
        let smaller = minimise(case, &mut |case| reproduce(middleware, case, fingerprint, None).is_some());
        (smaller != **case).then(|| format!("a smaller case shows {fingerprint}: {}", short(&smaller)))
    });
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{faults:#?}");

    let entries = |case: &Case| {
        let policy = &case.policy;
        policy.origins.list().len()
            + policy.methods.list().len()
            + policy.request_headers.list().len()
            + policy.exposed_headers.list().len()
    };
    let entries = median(witnesses.values().map(entries).collect());
    let visits = median(witnesses.values().map(|case| case.visits.len()).collect());
    assert!(entries <= 1 && visits <= 1, "median: {entries} entries of the policy, {visits} visits");
}
