//! The vectors themselves: what their authors expect is what the model says, and what the reference
//! server does.

use std::{collections::BTreeSet, fs, path::Path};

use cors_adapters::{Middleware, handler::Failing, reference_server::ReferenceServer};
use cors_conformance::self_check::freedoms::FREEDOMS;
use cors_conformance::{
    case::vectors::{Expected, ExpectedIntent, FILES, Vector, built_in},
    drive::{Run, drive},
    rules::{Severity, evaluate},
    suite::smoke,
};
use cors_policy::intent::Intent;
use cors_reference::fetch::Verdict;

fn vectors() -> Vec<Vector> {
    let loaded = built_in();
    assert_eq!(loaded.errors, []);
    loaded.vectors
}

fn run(vector: &Vector) -> Run<'_> {
    drive(&ReferenceServer, &vector.case).unwrap_or_else(|not_run| panic!("{}: {not_run}", vector.id))
}

#[test]
fn there_are_400_or_more_and_every_file_of_the_folder_is_built_in() {
    assert!(vectors().len() >= 400);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let built_in = FILES.iter().map(|(file, _)| file.rsplit('/').next().unwrap().to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), built_in.collect());
}

#[test]
fn an_id_begins_with_the_name_of_its_file() {
    for (file, text) in FILES {
        let topic = file.rsplit('/').next().unwrap().strip_suffix(".json").unwrap();
        let mut loaded = cors_conformance::case::vectors::Loaded::default();
        loaded.read(file, text);
        for vector in loaded.vectors {
            assert_eq!(vector.id.split('/').next(), Some(topic), "{}", vector.id);
        }
    }
}

#[test]
fn the_model_intends_what_the_author_expects() {
    for vector in vectors() {
        for (expected, visit) in vector.expect.iter().zip(&run(&vector).visits) {
            let intent = match &visit.fetched {
                Some(fetched) => match fetched.intent {
                    Intent::Permit => ExpectedIntent::Permit,
                    Intent::Deny(_) => ExpectedIntent::Deny,
                    Intent::Unspecified(_) => ExpectedIntent::Unspecified,
                },
                None if visit.exchanges[0].request.is_cors_preflight() => ExpectedIntent::Preflight,
                None => ExpectedIntent::Forward,
            };
            assert_eq!(intent, expected.intent, "{}", vector.id);
        }
    }
}

#[test]
fn the_reference_server_does_what_the_author_expects() {
    for vector in vectors() {
        for (expected, visit) in vector.expect.iter().zip(&run(&vector).visits) {
            let Expected { intent, readable, hidden } = expected;
            let Some(fetched) = &visit.fetched else {
                let exchange = &visit.exchanges[0];
                let forwarded = if *intent == ExpectedIntent::Forward { exchange.control.handler_calls } else { 0 };
                assert_eq!(exchange.observed.handler_calls, forwarded, "{}", vector.id);
                continue;
            };
            let headers = &fetched.outcome.readable_headers;
            let is_readable = matches!(fetched.outcome.verdict, Verdict::Readable | Verdict::OpaqueRedirect);
            match intent {
                // A handler that panics answers nothing that could be read.
                ExpectedIntent::Permit if vector.case.handler.fail == Some(Failing::Panic) => {}
                ExpectedIntent::Permit => assert!(is_readable, "{}: {}", vector.id, fetched.outcome.explanation),
                ExpectedIntent::Deny => assert_eq!(fetched.outcome.verdict, Verdict::NetworkError, "{}", vector.id),
                _ => {}
            }
            assert!(readable.iter().all(|name| headers.contains(name)), "{}: {headers:?}", vector.id);
            assert!(!hidden.iter().any(|name| headers.contains(name)), "{}: {headers:?}", vector.id);
        }
    }
}

/// What the rules find of a server on every vector, where it weighs anything.
fn findings(middleware: &dyn Middleware) -> Vec<String> {
    assert_eq!(smoke(middleware), Ok(()));
    let mut findings = Vec::new();
    for vector in vectors() {
        let run = drive(middleware, &vector.case).unwrap_or_else(|not_run| panic!("{}: {not_run}", vector.id));
        let evaluation = evaluate(&run);
        let weighty = evaluation.findings.iter().filter(|(_, finding)| finding.severity > Severity::Low);
        findings.extend(weighty.map(|(rule, finding)| format!("{} {} {finding:?}", vector.id, rule.id)));
    }
    findings
}

#[test]
fn the_reference_server_has_no_divergence_at_all() {
    for vector in vectors() {
        let found = evaluate(&run(&vector)).findings;
        assert!(found.is_empty(), "{}: {found:?}", vector.id);
    }
}

#[test]
fn no_freedom_that_the_standard_leaves_weighs_more_than_low() {
    for freedom in FREEDOMS {
        assert_eq!(findings(freedom), Vec::<String>::new(), "{}: {}", freedom.id, freedom.does);
    }
}
