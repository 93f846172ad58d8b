//! Every mutant is caught by the rule that it is made for, and every rule has a mutant.

use std::collections::BTreeMap;

use cors_adapters::mutants::{Mutant, deadly_mutants, mutants};
use cors_conformance::{
    drive::{Driven, drive},
    rules::{evaluate, rules},
    suite::smoke,
    vectors::built_in,
};

/// The rules that catch a mutant, each with the number of vectors that show it.
fn caught_by(mutant: &Mutant) -> BTreeMap<&'static str, usize> {
    let mut caught = BTreeMap::new();
    for vector in built_in().vectors {
        let Driven::Ran(run) = drive(mutant, &vector.case) else { panic!("{} is not driven", mutant.id) };
        let mut ids: Vec<_> = evaluate(&run).findings.iter().map(|(rule, _)| rule.id).collect();
        ids.dedup();
        for id in ids {
            *caught.entry(id).or_default() += 1;
        }
    }
    caught
}

#[test]
fn each_mutant_is_caught_by_the_rule_named_for_it() {
    let mut missed = Vec::new();
    for mutant in mutants() {
        assert_eq!(smoke(mutant), Ok(()), "{} is wrong about CORS alone", mutant.id);
        let caught = caught_by(mutant);
        if !caught.contains_key(mutant.rule) {
            missed.push(format!("{} is caught by {caught:?}, not by {}", mutant.id, mutant.rule));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn each_rule_has_a_mutant_and_each_mutant_names_a_rule() {
    // Whether the deadly ones are caught is for the watchdog to show, in the command's tests.
    for rule in rules() {
        assert!(mutants().chain(deadly_mutants()).any(|mutant| mutant.rule == rule.id), "no mutant for {}", rule.id);
    }
    for mutant in mutants().chain(deadly_mutants()) {
        assert!(rules().any(|rule| rule.id == mutant.rule), "{} names no rule", mutant.id);
    }
}

#[test]
fn ids_of_rules_and_mutants_are_unique_and_a_rule_begins_with_its_class() {
    let all = mutants().chain(deadly_mutants());
    let mut ids: Vec<_> = rules().map(|rule| rule.id).chain(all.map(|mutant| mutant.id)).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    for rule in rules() {
        assert_eq!(rule.id.split('/').next(), Some(rule.class.to_string().as_str()));
        assert!(rule.needs.iter().all(|need| rules().any(|other| other.id == *need)), "{}", rule.id);
    }
}
