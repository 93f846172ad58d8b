//! What is right keeps every relation, and what is wrong breaks the one that it is wrong about.

use arbitrary::Unstructured;
use cors_conformance::self_check::registry::named;
use cors_conformance::{
    search::generate::Settings,
    self_check::{false_alarms::clean_servers, relations::RELATIONS},
};
use proptest::prelude::*;

proptest! {
    // `PROPTEST_CASES=5000` asks more.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn servers_that_are_right_keep_every_relation(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        for server in clean_servers() {
            let case = Settings::of(server).case(&mut Unstructured::new(&bytes)).unwrap();
            for relation in RELATIONS {
                let broken = (relation.check)(server, &case);
                prop_assert_eq!(broken, None, "{} {} {:?}", server.describe().name, relation.id, case);
            }
        }
    }
}

/// Mutants, the relation that each breaks, and what is then said.
const BREAKS: [(&str, &str, &str); 10] = [
    ("all-origins-in-one-value", "added-origin-only-grants", "with https://added.example on the list no more"),
    ("remembers-the-last-origin", "requests-in-between-change-nothing", "+access-control-allow-origin: https://"),
    ("poisoned-by-a-panic", "requests-in-between-change-nothing", "a failure against"),
    ("forgets-head", "preflight-and-actual-decide-alike", "its preflight is allowed, and it is refused"),
    ("swallows-options", "preflight-and-actual-decide-alike", "its preflight is allowed, and it is refused"),
    ("forgets-after-the-first", "requests-in-between-change-nothing", "-access-control-"),
    ("forgets-after-the-first", "equal-requests-get-equal-answers", "the second time: -access-control-"),
    ("exposes-request-headers", "one-option-changes-no-other", "with x-added allowed: -access-control-expose-headers"),
    ("star-as-a-name-beside-credentials", "one-option-changes-no-other", "with credentials turned on or off: "),
    ("misspells-max-age", "one-option-changes-no-other", "the age turned on or off: -access-control-maxage: 600"),
];

#[test]
fn servers_that_are_wrong_break_the_relation_that_they_are_wrong_about() {
    const SEED: u64 = 1;
    const CASES: u64 = 2_000;
    for (mutant, relation, says) in BREAKS {
        let server = named(mutant).unwrap();
        let check = RELATIONS.iter().find(|known| known.id == relation).unwrap().check;
        let settings = Settings::of(server);
        let said = |number| check(server, &settings.numbered(SEED, number)?);
        let found = (0..CASES).filter_map(said).find(|said| said.contains(says));
        assert!(found.is_some(), "{mutant} keeps {relation} in {CASES} cases");
    }
}

#[test]
fn each_relation_is_broken_by_some_mutant() {
    let unbroken = RELATIONS.iter().filter(|relation| !BREAKS.iter().any(|(_, broken, _)| *broken == relation.id));
    assert_eq!(unbroken.map(|relation| relation.id).collect::<Vec<_>>(), [""; 0]);
}
