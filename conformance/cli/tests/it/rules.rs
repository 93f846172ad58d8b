//! The command `rules`.

use crate::common::run;
use cors_conformance::rules::rules;
use serde_json::Value;

#[test]
fn every_rule_is_listed_once() {
    let ran = run(&["rules"], b"");
    let mut listed: Vec<&str> = ran.stdout.lines().filter_map(|line| line.split(' ').next()).collect();
    let mut wanted: Vec<&str> = rules().map(|rule| rule.id).collect();
    listed.sort_unstable();
    wanted.sort_unstable();
    assert_eq!((ran.status, listed), (Some(0), wanted));
}

#[test]
fn every_page_of_a_class_has_all_its_parts_and_an_example_from_a_mutant() {
    for class in ["cache-unsafe", "unsafe-config"] {
        let ran = run(&["rules", class, "--format", "json"], b"");
        let pages: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(pages.len(), rules().filter(|rule| rule.class.to_string() == class).count());
        for page in pages {
            for part in ["id", "says", "why", "quote", "link", "mend"] {
                assert!(page[part].as_str().is_some_and(|text| !text.is_empty()), "{part} of {}", page["id"]);
            }
            let example = &page["example"];
            assert!(example["mutant"].is_string(), "{}", page["id"]);
            // The rules about configurations need only a policy, and no request.
            let exchanges = example["exchanges"].as_array().unwrap().len();
            assert_eq!(exchanges == 0, class == "unsafe-config", "{}", page["id"]);
        }
    }
}

#[test]
fn a_page_has_a_heading_for_each_part() {
    let ran = run(&["rules", "over-grant/null"], b"");
    for part in ["What it means", "Why it matters", "The security checklist", "> GET", "< 200", "How to fix it"] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
}

#[test]
fn the_page_about_hangs_shows_the_request_without_an_answer() {
    let ran = run(&["rules", "robustness/hang"], b"");
    assert!(ran.stdout.contains("> OPTIONS") && ran.stdout.contains("< no answer"), "{}", ran.stdout);
}

#[test]
fn an_unknown_rule_is_an_error_that_names_the_closest_one() {
    let ran = run(&["rules", "over-grant/origins"], b"");
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr.contains("over-grant/origins: unknown rule; did you mean `over-grant/origin`"),
        "{}",
        ran.stderr
    );
}
