//! Correct servers keep every relation, and mutants break them.

#[path = "common/seed.rs"]
mod seed;

use arbitrary::Unstructured;
use cors_conformance::self_check::registry::named;
use cors_conformance::{
    search::generate::Settings,
    self_check::{false_alarms::clean_servers, relations::RELATIONS},
};
use proptest::prelude::*;

proptest! {
    // `PROPTEST_CASES=5000` runs more cases.
    #![proptest_config(seed::replayable())]

    #[test]
    fn correct_servers_keep_every_relation(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        for server in clean_servers() {
            let case = Settings::of(server).case(&mut Unstructured::new(&bytes)).unwrap();
            for relation in RELATIONS {
                let broken = (relation.check)(server, &case);
                prop_assert_eq!(broken, None, "{} {} {:?}", server.describe().name, relation.id, case);
            }
        }
    }
}

/// A mutant, a relation that it breaks, and a part of the message.
const BREAKS: [(&str, &str, &str); 10] = [
    ("all-origins-in-one-value", "added-origin-only-grants", "but not after https://added.example joins the list"),
    ("remembers-the-last-origin", "requests-in-between-change-nothing", "+access-control-allow-origin: https://"),
    ("poisoned-by-a-panic", "requests-in-between-change-nothing", "a failure against"),
    (
        "forgets-head",
        "preflight-and-actual-decide-alike",
        "the preflight is allowed, and the actual request is refused",
    ),
    (
        "swallows-options",
        "preflight-and-actual-decide-alike",
        "the preflight is allowed, and the actual request is refused",
    ),
    ("forgets-after-the-first", "requests-in-between-change-nothing", "-access-control-"),
    ("forgets-after-the-first", "equal-requests-get-equal-answers", "the second time: -access-control-"),
    ("exposes-request-headers", "one-option-changes-no-other", "with x-added allowed: -access-control-expose-headers"),
    ("star-as-a-name-beside-credentials", "one-option-changes-no-other", "with credentials turned on or off: "),
    ("misspells-max-age", "one-option-changes-no-other", "max_age set or unset: -access-control-maxage: 600"),
];

#[test]
fn mutants_break_the_relations_that_they_violate() {
    const SEED: u64 = 1;
    const CASES: u64 = 2_000;
    for (mutant, relation, message) in BREAKS {
        let server = named(mutant).unwrap();
        let check = RELATIONS.iter().find(|known| known.id == relation).unwrap().check;
        let settings = Settings::of(server);
        let broken = |number| check(server, &settings.numbered(SEED, number)?);
        let found = (0..CASES).filter_map(broken).find(|broken| broken.contains(message));
        assert!(found.is_some(), "{mutant} keeps {relation} in {CASES} cases under seed {SEED}");
    }
}

#[test]
fn each_relation_is_broken_by_some_mutant() {
    let unbroken = RELATIONS.iter().filter(|relation| !BREAKS.iter().any(|(_, broken, _)| *broken == relation.id));
    assert_eq!(unbroken.map(|relation| relation.id).collect::<Vec<_>>(), [""; 0]);
}
