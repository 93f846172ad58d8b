//! The command `mutants`.

use crate::common::run;
use serde_json::Value;

#[test]
fn every_mutant_is_caught_every_rule_has_its_own_mutant_and_no_correct_server_is_accused() {
    let ran = run(&["mutants", "--cases", "100", "--format", "json"], b"");
    let matrix: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(matrix["mutants"].as_array().unwrap().len() >= 60);
    for mutant in matrix["mutants"].as_array().unwrap() {
        assert!(mutant["caught"][mutant["rule"].as_str().unwrap()].is_u64(), "{mutant}");
    }
    for rule in matrix["rules"].as_array().unwrap() {
        assert!(!rule["only_its_family"].as_array().unwrap().is_empty(), "{rule}");
    }
    assert!(!matrix["clean"].as_array().unwrap().is_empty());
    for clean in matrix["clean"].as_array().unwrap() {
        assert_eq!(clean["accusations"], serde_json::json!([]), "{clean}");
    }
}

#[test]
fn one_mutant_is_shown_with_its_exchanges() {
    let ran = run(&["mutants", "--mutant", "unescaped-dot"], b"");
    assert_eq!(ran.status, Some(0));
    for part in ["made for over-grant/origin", "> GET", "< Access-Control-Allow-Origin: "] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
}

#[test]
fn an_unknown_mutant_is_an_error_that_names_the_closest_one() {
    let ran = run(&["mutants", "--mutant", "unescaped-dott"], b"");
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.stderr.contains("--mutant unescaped-dott: unknown mutant; did you mean `unescaped-dot`?"),
        "{}",
        ran.stderr
    );
}
