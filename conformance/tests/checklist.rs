//! Tests that every line of the security checklist names existing rules and vectors, and that the table in
//! `docs/security-checklist.md` lists them. `UPDATE_DOCS=1 cargo test` rewrites the table.

use std::{collections::BTreeSet, fs, path::Path};

use cors_conformance::{
    case::vectors::built_in,
    rules::{checklist::LINES, rules},
};

#[test]
fn every_line_names_existing_rules_and_topics() {
    let topics: BTreeSet<String> =
        built_in().vectors.iter().filter_map(|vector| vector.id.split('/').next().map(str::to_owned)).collect();
    for line in LINES {
        assert!(!line.rules.is_empty() && !line.vectors.is_empty(), "{}", line.text);
        for rule in line.rules {
            assert!(rules().any(|other| other == *rule), "{}", rule.id);
        }
        for topic in line.vectors {
            assert!(topics.contains(*topic), "{topic}");
        }
    }
}

#[test]
fn the_page_lists_every_line() {
    const BEGIN: &str = "| line | rules | vectors |\n|---|---|---|\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/security-checklist.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the head of the table");
    let (table, after) = rest.split_once("\n\n").unwrap();
    let linked = |topic: &&str| format!("[{topic}](../vectors/{topic}.json)");
    let rows = LINES.iter().map(|line| {
        let rules = line.rules.iter().map(|rule| format!("`{}`", rule.id)).collect::<Vec<_>>().join(", ");
        format!("| {} | {rules} | {} |", line.text, line.vectors.iter().map(linked).collect::<Vec<_>>().join(", "))
    });
    let wanted = rows.collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{wanted}\n\n{after}")).unwrap();
    } else {
        assert_eq!(table, wanted);
    }
}
