//! Mutated and crossed cases are valid, and they reach the cases where mistakes are likely.

#[path = "common/seed.rs"]
mod seed;

use std::{collections::HashSet, sync::LazyLock};

use cors_conformance::{
    case::{
        Case, Visit,
        vectors::{Vector, built_in},
    },
    search::generate::{cross, mutate},
};
use proptest::{prelude::*, sample::Index};

static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| built_in().vectors);

const PLAIN: &str = r#"{"policy": {"origins": ["https://app.example"], "methods": ["PUT"]},
    "visits": [{"fetch": {"page_origin": "https://app.example"}}]}"#;

fn vector_case() -> impl Strategy<Value = Case> {
    any::<Index>().prop_map(|index| index.get(&VECTORS).case.clone())
}

fn plain() -> Case {
    serde_json::from_str(PLAIN).unwrap()
}

/// Checks that a case is valid and survives a round trip through JSON.
fn check(case: &Case) -> Result<(), TestCaseError> {
    let text = serde_json::to_string(case).unwrap();
    prop_assert_eq!(case.validate(), Ok(()), "{}", text);
    prop_assert_eq!(&serde_json::from_str::<Case>(&text).map_err(|error| error.to_string()), &Ok(case.clone()));
    Ok(())
}

proptest! {
    #![proptest_config(seed::replayable())]

    #[test]
    fn a_mutated_case_differs_and_is_valid(case in vector_case(), seed: u64) {
        let mutant = mutate(&case, seed);
        prop_assert_ne!(&mutant, &case);
        check(&mutant)?;
        prop_assert_eq!(mutant, mutate(&case, seed));
    }

    #[test]
    fn a_case_stays_small_after_many_mutations(case in vector_case(), seeds in any::<[u64; 32]>()) {
        let mutant = seeds.iter().fold(case.clone(), |case, seed| mutate(&case, *seed));
        check(&mutant)?;
        let visits = mutant.visits.len();
        prop_assert!(visits <= case.visits.len().max(8), "{} visits", visits);
    }

    #[test]
    fn a_crossed_case_is_valid(one in vector_case(), other in vector_case(), seed: u64) {
        let child = cross(&one, &other, seed);
        check(&child)?;
        prop_assert!(child.visits.iter().all(|visit| one.visits.contains(visit) || other.visits.contains(visit)));
        prop_assert_eq!(child, cross(&one, &other, seed));
    }
}

/// Collects features of many mutations of a plain case.
fn features(of: impl Fn(&Case) -> Vec<String>) -> HashSet<String> {
    (0..5_000).flat_map(|seed| of(&mutate(&plain(), seed))).collect()
}

#[test]
fn mutated_cases_visit_from_origins_near_an_allowed_one() {
    let origins = features(|case| {
        let page = |visit: &Visit| match visit {
            Visit::Fetch(fetch) => fetch.page_origin.serialize().to_owned(),
            Visit::Raw(raw) => {
                raw.headers.get("Origin").map_or(String::new(), |origin| format!("raw {:?}", origin.to_vec()))
            }
        };
        case.visits.iter().map(page).collect()
    });
    for near in ["http://app.example", "https://app.example:8443", "https://app.example.evil.example", "null"] {
        assert!(origins.contains(near), "{near}");
    }
    assert!(origins.contains(&format!("raw {:?}", b"HTTPS://APP.EXAMPLE")), "an origin that only a raw client sends");
}

#[test]
fn mutations_change_every_option() {
    let options = features(|case| {
        let (was, is) = (serde_json::to_value(plain()).unwrap(), serde_json::to_value(case).unwrap());
        let fields = |of: &'static str| {
            let changed = is[of].as_object().unwrap().iter().filter(|(name, value)| was[of][name.as_str()] != **value);
            changed.map(|(name, _)| format!("{of}.{name}")).collect::<Vec<_>>()
        };
        [fields("policy"), fields("handler")].concat()
    });
    for option in [
        "policy.origins",
        "policy.credentials",
        "policy.methods",
        "policy.request_headers",
        "policy.exposed_headers",
        "policy.max_age",
        "policy.private_network",
        "policy.production",
        "handler.status",
        "handler.headers",
        "handler.route",
        "handler.fail",
        "handler.outer_headers",
    ] {
        assert!(options.contains(option), "{option}");
    }
}

#[test]
fn a_crossed_case_has_the_policy_of_one_case_and_visits_of_both() {
    let other = Case {
        visits: VECTORS.iter().find(|vector| vector.case.visits.len() > 2).unwrap().case.visits.clone(),
        ..plain()
    };
    let children: Vec<Case> = (0..100).map(|seed| cross(&plain(), &other, seed)).collect();
    let wanted = [plain().visits, other.visits].concat();
    assert!(children.iter().any(|child| child.visits == wanted));
}
