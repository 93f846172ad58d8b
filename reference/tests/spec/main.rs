//! The steps that the code names, compared with the index of the pinned standards in `tests/data/steps`.

mod comments;
mod index;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use comments::{Function, functions};
use cors_reference::spec::{FETCH, FETCH_COMMIT, LOCAL_NETWORK_ACCESS, PRIVATE_NETWORK_ACCESS, STEPS};
use index::{Algorithm, Index, indexes, parts};

#[test]
fn a_step_number_is_numbers_joined_by_dots() {
    for step in STEPS {
        for part in step.number.split('.') {
            let is_number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && !part.starts_with('0');
            assert!(is_number, "{step}");
        }
    }
}

#[test]
fn the_url_of_a_step_is_the_source_and_the_anchor() {
    for step in STEPS {
        let url = url::Url::parse(&step.url()).expect("a URL");
        assert_eq!(url.as_str(), step.url());
        assert!(step.url().starts_with(step.source.url), "{step}");
        assert_eq!(url.fragment(), Some(step.anchor));
    }
}

#[test]
fn no_step_is_listed_twice() {
    let reasons: HashSet<_> = STEPS.iter().map(|step| step.reason()).collect();
    assert_eq!(reasons.len(), STEPS.len());
}

#[test]
fn a_reason_is_the_section_and_the_number() {
    for step in STEPS {
        assert_eq!(step.reason(), format!("{}/{}", step.section, step.number));
        assert!(step.section.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{step}");
    }
}

#[test]
fn each_index_has_the_commit_of_its_source() {
    assert_eq!(FETCH.commit, FETCH_COMMIT);
    for source in [&FETCH, &PRIVATE_NETWORK_ACCESS, &LOCAL_NETWORK_ACCESS] {
        assert_eq!(source.commit.len(), 40, "{}", source.url);
        assert!(source.commit.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
        let index = Index::of(source);
        assert_eq!(index.commit, source.commit, "run .ci/extract-steps for {}", source.url);
        assert!(index.algorithms.len() > 1, "{}", source.url);
    }
}

#[test]
fn every_listed_step_is_in_the_index_with_the_quoted_words() {
    assert!(!STEPS.is_empty());
    for step in STEPS {
        let algorithm = Index::of(step.source).algorithm(step.anchor);
        let algorithm = algorithm.unwrap_or_else(|| panic!("{step}: the source has no algorithm #{}", step.anchor));
        assert!(algorithm.steps.contains_key(step.number), "{step}: #{} has no such step", step.anchor);
        // Run .ci/extract-steps after a change of a quotation.
        assert_eq!(algorithm.quoted.get(step.number).map(String::as_str), Some(step.text), "{step}");
        // The drafts define their algorithms within one section.
        assert!(*step.source != FETCH || algorithm.section == step.section, "{step}: it is in {}", algorithm.section);
    }
}

/// Returns the algorithms that a function's doc comment links, with their addresses.
fn algorithms(function: &Function) -> Vec<(&str, &'static Algorithm)> {
    let find = |link: &String| {
        let (url, anchor) = link.split_once('#')?;
        indexes().iter().find(|index| index.url == url)?.algorithm(anchor)
    };
    function.links.iter().filter_map(|link| Some((&**link, find(link)?))).collect()
}

/// Functions with numbered comments whose doc comment does not link the algorithm yet.
const WITHOUT_LINK: &[&str] = &["request_class.rs: by"];

/// Returns the numbers that comments name for each algorithm, and what is wrong with the other numbers.
fn named_steps() -> (BTreeMap<String, BTreeSet<String>>, Vec<String>) {
    let (mut named, mut wrong) = (BTreeMap::<String, BTreeSet<String>>::new(), Vec::new());
    for function in functions() {
        let algorithms = algorithms(&function);
        if algorithms.is_empty() {
            if WITHOUT_LINK.iter().any(|name| function.place.ends_with(name)) {
                continue;
            }
            if !function.links.iter().any(|link| link.starts_with("https://www.rfc-editor.org/")) {
                wrong.push(format!("{}: its doc comment links no algorithm", function.place));
            }
            continue;
        }
        for step in &function.steps {
            let number = match step {
                Ok(number) => number,
                Err(error) => {
                    wrong.push(format!("{}: {error}", function.place));
                    continue;
                }
            };
            match algorithms.iter().find(|(_, algorithm)| algorithm.steps.contains_key(number)) {
                Some((link, _)) => {
                    named.entry((*link).to_owned()).or_default().insert(number.clone());
                }
                None => {
                    let links: Vec<_> = algorithms.iter().map(|(link, _)| *link).collect();
                    wrong.push(format!("{}: there is no step {number} in {}", function.place, links.join(", ")));
                }
            }
        }
    }
    (named, wrong)
}

#[test]
fn every_numbered_comment_names_a_step_of_the_linked_algorithm() {
    let (named, wrong) = named_steps();
    assert!(named.len() >= 20, "only {} algorithms have numbered comments", named.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Algorithms whose steps do not all have a comment.
const INCOMPLETE: &[&str] = &[];

#[test]
fn every_step_of_an_implemented_algorithm_has_a_comment() {
    let mut missing = Vec::new();
    for (link, named) in named_steps().0 {
        let (url, anchor) = link.split_once('#').expect("a link to an algorithm");
        let index = indexes().iter().find(|index| index.url == url).expect("an index");
        let without = without_comment(index.algorithm(anchor).expect("an algorithm"), &named);
        let is_listed = INCOMPLETE.contains(&anchor);
        if !is_listed && !without.is_empty() {
            missing.push(format!("{link}: no comment for {}", without.join(", ")));
        }
        if is_listed && without.is_empty() {
            missing.push(format!("{link} is complete: remove it from INCOMPLETE"));
        }
    }
    assert!(missing.is_empty(), "write each step, or \"N. Not modelled: why\":\n{}", missing.join("\n"));
}

/// Returns the outermost steps that no comment covers. A comment covers a step and the steps below it.
fn without_comment(algorithm: &Algorithm, named: &BTreeSet<String>) -> Vec<String> {
    let mut numbers: Vec<_> = algorithm.steps.keys().map(|number| parts(number)).collect();
    numbers.sort();
    let named: BTreeSet<_> = named.iter().map(|number| parts(number)).collect();
    let is_below = |number: &[u32], root: &[u32]| number.len() > root.len() && number.starts_with(root);
    let is_covered = |number: &Vec<u32>| (1..=number.len()).any(|length| named.contains(&number[..length]));
    let mut without: Vec<Vec<u32>> = Vec::new();
    for number in &numbers {
        let is_reported = without.iter().any(|root| number.starts_with(root));
        // A step is covered too if a comment names a step below it: then those below it are asked for one by one.
        let has_named_below = named.iter().any(|other| is_below(other, number));
        if !is_covered(number) && !has_named_below && !is_reported {
            without.push(number.clone());
        }
    }
    let text = |number: &Vec<u32>| number.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    without.iter().map(text).collect()
}

#[test]
fn a_comment_covers_the_steps_below_it() {
    let steps = ["1", "2", "2.1", "2.2", "2.2.1", "10"].map(|number| (number.to_owned(), String::new()));
    let algorithm = Algorithm {
        section: String::new(),
        anchor: String::new(),
        steps: BTreeMap::from(steps),
        quoted: BTreeMap::new(),
    };
    let without = |named: &[&str]| without_comment(&algorithm, &named.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(without(&["1", "2", "10"]), [""; 0]);
    assert_eq!(without(&["1", "2.1", "10"]), ["2.2"]);
    assert_eq!(without(&["2.1", "2.2.1"]), ["1", "10"]);
    assert_eq!(without(&[]), ["1", "2", "10"]);
}
