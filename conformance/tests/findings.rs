//! The pages in `findings/` explain exactly the fingerprints of the baseline. Each entry of the baseline links to its
//! explanation, and FINDINGS.md lists all fingerprints. `UPDATE_FINDINGS=1 cargo test` rewrites the list.

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

/// An explanation of fingerprints.
struct Entry {
    page: String,
    fingerprints: Vec<String>,
    text: String,
}

/// Returns the explanations of all pages. Consecutive headings share the text that follows them.
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

/// Returns the anchor of a heading: the letters, digits, hyphens and underscores of the fingerprint.
fn anchor(fingerprint: &str) -> String {
    fingerprint.to_lowercase().chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[test]
fn every_baseline_entry_links_to_its_explanation() {
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
    assert_eq!(only(&expected, &explained), Vec::<String>::new(), "in the baseline but not explained");
    assert_eq!(only(&explained, &expected), Vec::<String>::new(), "explained but not in the baseline");
    assert_eq!(expected, explained);
}

#[test]
fn every_explanation_has_three_lines() {
    assert!(!entries().is_empty());
    for entry in entries() {
        for start in ["- **Does.**", "- **Effect.**", "- **Is.**"] {
            let count = entry.text.lines().filter(|line| line.starts_with(start)).count();
            assert_eq!(count, 1, "{start} of {:?} in {}", entry.fingerprints, entry.page);
        }
    }
}

/// Returns the verdict of an explanation: the words that start its last line.
fn verdict(entry: &Entry) -> &str {
    let line = entry.text.lines().find_map(|line| line.strip_prefix("- **Is.** ")).unwrap();
    let words = ["A bug", "A choice", "A gap"];
    words.into_iter().find(|word| line.starts_with(word)).unwrap_or_else(|| panic!("{line}: none of {words:?}"))
}

#[test]
fn the_list_of_findings_is_complete() {
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
