//! Each mutant is caught by the rule that it names, and each rule has a mutant that only rules of its class catch.

use cors_conformance::self_check::mutants::{deadly_mutants, mutants};
use cors_conformance::{
    case::vectors::built_in,
    rules::rules,
    self_check::kill_matrix::{kill_matrix, only_its_family},
    suite::smoke,
};

#[test]
fn each_mutant_is_caught_by_its_rule_and_each_rule_has_a_mutant_of_its_own() {
    let kills = kill_matrix(&built_in().vectors);
    let missed = kills.iter().filter(|kill| !kill.is_caught_by_its_rule()).map(|kill| kill.mutant.id);
    assert_eq!(missed.collect::<Vec<_>>(), [""; 0]);
    // The tests of the command run the deadly mutants under the watchdog.
    let is_deadly = |id: &str| deadly_mutants().any(|mutant| mutant.rule.id == id);
    let shared = rules().filter(|rule| !is_deadly(rule.id) && only_its_family(&kills, rule).is_empty());
    assert_eq!(shared.map(|rule| rule.id).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn each_mutant_passes_the_smoke_test() {
    for mutant in mutants() {
        assert_eq!(smoke(mutant), Ok(()), "{}", mutant.id);
    }
}

#[test]
fn there_are_at_least_60_mutants_and_each_names_a_rule() {
    assert!(mutants().count() >= 60);
    for mutant in mutants().chain(deadly_mutants()) {
        assert!(rules().any(|rule| rule == mutant.rule), "{} names no rule", mutant.id);
    }
}

#[test]
fn ids_are_unique_and_the_id_of_a_rule_begins_with_its_class() {
    let all = mutants().chain(deadly_mutants());
    let mut ids: Vec<_> = rules().map(|rule| rule.id).chain(all.map(|mutant| mutant.id)).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    for rule in rules() {
        assert_eq!(rule.id.split('/').next(), Some(rule.class.to_string().as_str()));
        assert!(rule.needs.iter().all(|need| rules().any(|other| other == *need)), "{}", rule.id);
    }
}
