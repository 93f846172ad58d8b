//! What `compare` takes for a difference: what a page, or the application, gets, and nothing else.

use cors_adapters::{Middleware, reference_server::ReferenceServer};
use cors_conformance::self_check::{freedoms::FREEDOMS, mutants::mutants};
use cors_conformance::{
    case::{Case, vectors::built_in},
    compare::{Comparison, Intended, Side, Standing, What, compare},
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

/// From the reference server to a mutant, under one policy.
fn to_mutant(id: &str, policy: &str) -> Comparison {
    let policy: Policy = serde_json::from_str(policy).unwrap();
    compare(&ReferenceServer, mutant(id), &systematic(&policy), &|| ())
}

#[test]
fn servers_that_differ_in_freedom_alone_do_not_differ() {
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
fn an_origin_that_is_let_in_by_mistake_is_a_grant_of_the_one_that_lets_it_in() {
    let comparison = to_mutant("unescaped-dot", r#"{"origins": ["https://app.example.com"]}"#);
    assert!(!comparison.differences.is_empty());
    for difference in &comparison.differences {
        assert_eq!(difference.kind.standing, Standing::Grants(Side::B), "{difference:?}");
        assert_eq!(difference.kind.policy, Intended::DeniesOrigin, "{difference:?}");
        assert!(difference.shape.starts_with("dot."), "{}", difference.shape);
    }
}

#[test]
fn what_a_mutant_does_wrong_is_what_is_told() {
    let cases = cases(500);
    for (id, standing, what, on_error) in [
        ("always-credentials", Standing::Grants(Side::B), What::Answer, false),
        ("star-without-origin", Standing::Grants(Side::B), What::CachedAnswer, false),
        ("exposes-request-headers", Standing::Grants(Side::B), What::Header, false),
        ("drops-max-age-zero", Standing::Grants(Side::B), What::KeptPreflight, false),
        ("not-on-returned-errors", Standing::Withholds(Side::B), What::Answer, true),
        ("varies-with-an-origin-only", Standing::Withholds(Side::B), What::CachedAnswer, false),
        ("forwards-preflights", Standing::Interferes(Side::B), What::Preflight, false),
        ("swallows-options-without-origin", Standing::Interferes(Side::B), What::Application, false),
        ("empties-the-body", Standing::Interferes(Side::B), What::OwnAnswer, false),
        ("panics-on-odd-bytes", Standing::Interferes(Side::B), What::Reply, false),
    ] {
        let comparison = compare(&ReferenceServer, mutant(id), &cases, &|| ());
        let worst = comparison.differences.first().map(|worst| worst.kind);
        let worst = worst.map(|kind| (kind.standing, kind.what, kind.on_error));
        assert_eq!(worst, Some((standing, what, on_error)), "{id}");
    }
}

#[test]
fn a_redirect_that_the_application_leads_in_a_circle_is_nothing_that_a_middleware_withholds() {
    let case = r#"{"policy": {"origins": ["https://app.example"], "methods": ["PUT"]},
                   "handler": {"status": 302, "headers": [["Location", "1"]]},
                   "visits": [{"fetch": {"page_origin": "https://api.example", "request": {"method": "PUT"}}},
                              {"fetch": {"page_origin": "https://app.example"}}]}"#;
    let case: Case = serde_json::from_str(case).unwrap();
    let comparison = compare(mutant("blocks-same-origin"), &ReferenceServer, &[case], &|| ());
    let told: Vec<What> = comparison.differences.iter().map(|difference| difference.kind.what).collect();
    assert_eq!(told, [What::Application]);
}

#[test]
fn whoever_is_named_second_is_b() {
    let policy: Policy = serde_json::from_str(r#"{"origins": ["https://app.example.com"]}"#).unwrap();
    let comparison = compare(mutant("unescaped-dot"), &ReferenceServer, &systematic(&policy), &|| ());
    assert_eq!((comparison.a.name.as_str(), comparison.b.name.as_str()), ("unescaped-dot", "reference"));
    assert!(comparison.differences.iter().all(|difference| difference.kind.standing == Standing::Grants(Side::A)));
}

#[test]
fn the_example_is_the_smallest_case_and_shows_both_sides() {
    let comparison = to_mutant("unescaped-dot", r#"{"origins": ["https://app.example.com"]}"#);
    let answer = comparison.differences.iter().find(|difference| difference.kind.what == What::Answer).unwrap();
    assert_eq!(answer.example.case.visits.len(), 1);
    assert!(answer.example.a.says.starts_with("network error: "), "{}", answer.example.a.says);
    assert_eq!(answer.example.b.says, "the page reads the answer, status 200");
    assert_eq!(answer.example.b.exchanges[0].status, Some(200));
}

#[test]
fn the_same_comparison_twice_is_the_same() {
    let cases = cases(300);
    let comparison = || compare(&ReferenceServer, mutant("unescaped-dot"), &cases, &|| ());
    assert_eq!(comparison(), comparison());
}

#[test]
fn every_fetch_that_a_policy_is_about_is_in_the_systematic_list_once() {
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
