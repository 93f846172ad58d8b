//! Every line of the checklist has its rules and its vectors, and the README says which. `UPDATE_README=1 cargo test`
//! writes its table anew.

use std::{collections::BTreeSet, fs, path::Path};

use cors_conformance::{
    case::vectors::built_in,
    rules::{checklist::LINES, rules},
};

#[test]
fn every_line_names_rules_and_topics_that_are_there() {
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
fn the_readme_maps_every_line() {
    const BEGIN: &str = "| line | rules | vectors |\n|---|---|---|\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table's head");
    let (table, after) = rest.split_once("\n\n").unwrap();
    let linked = |topic: &&str| format!("[{topic}](conformance/vectors/{topic}.json)");
    let rows = LINES.iter().map(|line| {
        let rules = line.rules.iter().map(|rule| format!("`{}`", rule.id)).collect::<Vec<_>>().join(", ");
        format!("| {} | {rules} | {} |", line.text, line.vectors.iter().map(linked).collect::<Vec<_>>().join(", "))
    });
    let wanted = rows.collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{wanted}\n\n{after}")).unwrap();
    } else {
        assert_eq!(table, wanted);
    }
}
