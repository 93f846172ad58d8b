//! The comparison of two middlewares.

use cors_adapters::{Middleware, reference_server::ReferenceServer};
use cors_conformance::self_check::{freedoms::FREEDOMS, mutants::mutants};
use cors_conformance::{
    case::{Case, vectors::built_in},
    compare::{Aspect, Comparison, Consequence, Intended, Side, compare},
    search::generate::{Settings, systematic},
};
use cors_policy::Policy;

fn cases(generated: u64) -> Vec<Case> {
    let vectors = built_in().vectors.into_iter().map(|vector| vector.case);
    vectors.chain((0..generated).filter_map(|number| Settings::default().numbered(1, number))).collect()
}

fn mutant(id: &str) -> &'static dyn Middleware {
    mutants().find(|mutant| mutant.describe().name == id).unwrap()
}

/// Compares the reference server with a mutant under one policy.
fn compare_with_mutant(id: &str, policy: &str) -> Comparison {
    let policy: Policy = serde_json::from_str(policy).unwrap();
    compare(&ReferenceServer, mutant(id), &systematic(&policy), &|| ())
}

#[test]
fn correct_servers_do_not_differ() {
    let policy = r#"{"origins": ["https://a.example", "https://*.b.example"], "credentials": true, "methods": ["PUT"],
                     "request_headers": ["x-a"], "exposed_headers": ["x-b"], "max_age": 600}"#;
    let policy: Policy = serde_json::from_str(policy).unwrap();
    let cases: Vec<Case> = cases(2_000).into_iter().chain(systematic(&policy).into_iter().step_by(7)).collect();
    for freedom in FREEDOMS {
        let comparison = compare(&ReferenceServer, freedom, &cases, &|| ());
        assert_eq!(comparison.compared, cases.len(), "{}: {:?}", freedom.id, comparison.left_out);
        let first = comparison.differences.first();
        assert!(first.is_none(), "{}: {}", freedom.id, serde_json::to_string_pretty(&first).unwrap());
    }
}

#[test]
fn a_wrongly_admitted_origin_is_a_grant_of_the_side_that_admits_it() {
    let comparison = compare_with_mutant("unescaped-dot", r#"{"origins": ["https://app.example.com"]}"#);
    assert!(!comparison.differences.is_empty());
    for difference in &comparison.differences {
        assert_eq!(difference.kind.consequence, Consequence::Grants(Side::B), "{difference:?}");
        assert_eq!(difference.kind.intended, Intended::DeniesOrigin, "{difference:?}");
        assert!(difference.shape.starts_with("dot."), "{}", difference.shape);
    }
}

#[test]
fn the_worst_difference_is_the_fault_of_the_mutant() {
    let cases = cases(500);
    for (id, standing, what, on_error) in [
        ("always-credentials", Consequence::Grants(Side::B), Aspect::Answer, false),
        ("star-without-origin", Consequence::Grants(Side::B), Aspect::CachedAnswer, false),
        ("exposes-request-headers", Consequence::Grants(Side::B), Aspect::Header, false),
        ("drops-max-age-zero", Consequence::Grants(Side::B), Aspect::KeptPreflight, false),
        ("not-on-returned-errors", Consequence::Withholds(Side::B), Aspect::Answer, true),
        ("varies-with-an-origin-only", Consequence::Withholds(Side::B), Aspect::CachedAnswer, false),
        ("forwards-preflights", Consequence::Interferes(Side::B), Aspect::Preflight, false),
        ("swallows-options-without-origin", Consequence::Interferes(Side::B), Aspect::Application, false),
        ("empties-the-body", Consequence::Interferes(Side::B), Aspect::OwnAnswer, false),
        ("panics-on-odd-bytes", Consequence::Interferes(Side::B), Aspect::Reply, false),
    ] {
        let comparison = compare(&ReferenceServer, mutant(id), &cases, &|| ());
        let worst = comparison.differences.first().map(|worst| worst.kind);
        let worst = worst.map(|kind| (kind.consequence, kind.aspect, kind.on_error));
        assert_eq!(worst, Some((standing, what, on_error)), "{id}");
    }
}

#[test]
fn a_redirect_loop_of_the_application_is_not_withheld_by_the_middleware() {
    let case = r#"{"policy": {"origins": ["https://app.example"], "methods": ["PUT"]},
                   "handler": {"status": 302, "headers": [["Location", "1"]]},
                   "visits": [{"fetch": {"page_origin": "https://api.example", "request": {"method": "PUT"}}},
                              {"fetch": {"page_origin": "https://app.example"}}]}"#;
    let case: Case = serde_json::from_str(case).unwrap();
    let comparison = compare(mutant("blocks-same-origin"), &ReferenceServer, &[case], &|| ());
    let aspects: Vec<Aspect> = comparison.differences.iter().map(|difference| difference.kind.aspect).collect();
    assert_eq!(aspects, [Aspect::Application]);
}

#[test]
fn the_second_middleware_is_side_b() {
    let policy: Policy = serde_json::from_str(r#"{"origins": ["https://app.example.com"]}"#).unwrap();
    let comparison = compare(mutant("unescaped-dot"), &ReferenceServer, &systematic(&policy), &|| ());
    assert_eq!((comparison.a.name.as_str(), comparison.b.name.as_str()), ("unescaped-dot", "reference"));
    assert!(!comparison.differences.is_empty());
    assert!(
        comparison.differences.iter().all(|difference| difference.kind.consequence == Consequence::Grants(Side::A))
    );
}

#[test]
fn the_example_is_the_smallest_case_and_shows_both_sides() {
    let comparison = compare_with_mutant("unescaped-dot", r#"{"origins": ["https://app.example.com"]}"#);
    let answer = comparison.differences.iter().find(|difference| difference.kind.aspect == Aspect::Answer).unwrap();
    assert_eq!(answer.example.case.visits.len(), 1);
    assert!(answer.example.a.summary.starts_with("network error: "), "{}", answer.example.a.summary);
    assert_eq!(answer.example.b.summary, "the page reads the response, status 200");
    assert_eq!(answer.example.b.exchanges[0].status, Some(200));
}

#[test]
fn comparing_twice_gives_the_same_result() {
    let cases = cases(300);
    let comparison = || compare(&ReferenceServer, mutant("unescaped-dot"), &cases, &|| ());
    let first = comparison();
    assert!(!first.differences.is_empty());
    assert_eq!(first, comparison());
}

#[test]
fn the_systematic_cases_cover_every_part_of_the_policy_without_repeats() {
    let policy =
        r#"{"origins": ["https://a.example"], "methods": ["PUT"], "request_headers": ["x-a"], "max_age": 600}"#;
    let policy: Policy = serde_json::from_str(policy).unwrap();
    let cases: Vec<String> = systematic(&policy).iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    let mut once = cases.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), cases.len());
    for part in [
        r#""page_origin":"https://a.example""#,
        r#""page_origin":"null""#,
        "evil.a.example",
        "unrelated.invalid",
        r#""method":"PUT""#,
        r#""method":"DELETE""#,
        r#"[["x-a","1"]]"#,
        r#"[["X-Unlisted","1"]]"#,
        r#""status":404"#,
        r#""status":500"#,
        r#""after_ms":601000"#,
        r#""credentials":"include""#,
    ] {
        assert!(cases.iter().any(|case| case.contains(part)), "{part}");
    }
    let of_null = cases.iter().filter(|case| case.contains(r#""page_origin":"null""#)).count();
    assert_eq!(of_null, 3 * 3 * 2 * 3, "methods, headers, credentials, statuses");
}
