//! `findings/` explains what the baseline expects: the same fingerprints, no more and no less, each linked from its
//! entry; and FINDINGS.md lists them all. `UPDATE_FINDINGS=1 cargo test` writes the list anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// An explanation: what it explains, and its lines.
struct Entry {
    page: String,
    fingerprints: Vec<String>,
    text: String,
}

/// Every explanation of every page. Headings that stand one after another share what follows.
fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut pages: Vec<PathBuf> = fs::read_dir(here("findings")).unwrap().map(|page| page.unwrap().path()).collect();
    pages.sort();
    for path in pages {
        let page = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut is_open = false;
        for line in read(&path).lines() {
            let heading = line.strip_prefix("### `").and_then(|rest| rest.strip_suffix('`'));
            match (heading, entries.last_mut()) {
                (Some(print), Some(entry)) if is_open && entry.text.trim().is_empty() => {
                    entry.fingerprints.push(print.to_owned());
                }
                (Some(print), _) => {
                    entries.push(Entry {
                        page: page.clone(),
                        fingerprints: vec![print.to_owned()],
                        text: String::new(),
                    });
                    is_open = true;
                }
                (None, _) if line.starts_with('#') => is_open = false,
                (None, Some(entry)) if is_open => entry.text += &format!("{line}\n"),
                (None, _) => {}
            }
        }
    }
    entries
}

/// The anchor of a fingerprint's heading: its letters, digits, hyphens and underscores.
fn anchor(fingerprint: &str) -> String {
    fingerprint.to_lowercase().chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[test]
fn every_fingerprint_of_the_baseline_is_explained_where_its_entry_links() {
    let baseline: Value = serde_json::from_str(&read(&here("baseline.json"))).unwrap();
    let expected: BTreeMap<String, String> = baseline["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["fingerprint"].as_str().unwrap().to_owned(), entry["link"].as_str().unwrap().to_owned()))
        .collect();
    let mut explained = BTreeMap::new();
    for entry in entries() {
        for print in entry.fingerprints {
            let link = format!("conformance/findings/{}#{}", entry.page, anchor(&print));
            assert!(explained.insert(print.clone(), link).is_none(), "{print} is explained twice");
        }
    }
    let only = |these: &BTreeMap<String, String>, those: &BTreeMap<String, String>| {
        these.keys().filter(|print| !those.contains_key(*print)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&expected, &explained), Vec::<String>::new(), "expected, and not explained");
    assert_eq!(only(&explained, &expected), Vec::<String>::new(), "explained, and not expected");
    assert_eq!(expected, explained);
}

#[test]
fn every_explanation_has_its_three_lines() {
    for entry in entries() {
        for start in ["- **Does.**", "- **Effect.**", "- **Is.**"] {
            let count = entry.text.lines().filter(|line| line.starts_with(start)).count();
            assert_eq!(count, 1, "{start} of {:?} in {}", entry.fingerprints, entry.page);
        }
    }
}

/// What a finding is: the word that its last line begins with.
fn verdict(entry: &Entry) -> &str {
    let line = entry.text.lines().find_map(|line| line.strip_prefix("- **Is.** ")).unwrap();
    let words = ["A bug", "A choice", "A gap"];
    words.into_iter().find(|word| line.starts_with(word)).unwrap_or_else(|| panic!("{line}: none of {words:?}"))
}

#[test]
fn the_list_of_findings_is_whole() {
    let mut rows = BTreeSet::new();
    for entry in entries() {
        for print in &entry.fingerprints {
            let (adapter, _) = print.split_once('/').unwrap();
            let link = format!("findings/{}#{}", entry.page, anchor(print));
            rows.insert((adapter.to_owned(), format!("| [`{print}`]({link}) | {} |\n", verdict(&entry))));
        }
    }
    let table: String = rows.into_iter().map(|(_, row)| row).collect();
    let text = read(&here("FINDINGS.md"));
    let head = "| fingerprint | is |\n|---|---|\n";
    let start = text.find(head).expect("the list") + head.len();
    if std::env::var_os("UPDATE_FINDINGS").is_some() {
        fs::write(here("FINDINGS.md"), format!("{}{table}", &text[..start])).unwrap();
    } else {
        assert!(
            text[start..] == table,
            "FINDINGS.md is not up to date: UPDATE_FINDINGS=1 cargo test -p cors-conformance"
        );
    }
}
