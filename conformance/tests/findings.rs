//! FINDINGS.md explains what the baseline expects: the same fingerprints, no more and no less.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn every_fingerprint_of_the_baseline_is_explained() {
    let baseline: Value = serde_json::from_str(&read("baseline.json")).unwrap();
    let expected = baseline["entries"].as_array().unwrap().iter().map(|entry| entry["fingerprint"].as_str().unwrap());
    let findings = read("FINDINGS.md");
    let explained = findings.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    assert_eq!(explained.collect::<BTreeSet<_>>(), expected.collect());
}

#[test]
fn every_explanation_has_its_three_lines() {
    let findings = read("FINDINGS.md");
    let count = |start: &str| findings.lines().filter(|line| line.starts_with(start)).count();
    let entries = count("### ");
    assert_eq!([count("- **Does.**"), count("- **Effect.**"), count("- **Is.**")], [entries; 3]);
}
