//! The differences between two policies, and their effects.

use cors_policy::review::{Effect, differences};
use cors_policy::{
    Policy,
    intent::{Exposure, Intent, exposure, intent},
};
use cors_reference::{
    header_list::HeaderList,
    request::{CredentialsMode, Request, RequestInit},
};

fn policy(text: &str) -> Policy {
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn check(before: &str, after: &str, expected: &[(&str, &str, Effect)]) {
    let found = differences(&policy(before), &policy(after));
    let found: Vec<_> = found.iter().map(|each| (each.field, each.change.as_str(), each.effect)).collect();
    assert_eq!(found, expected, "{before} {after}");
}

use Effect::{Narrows, Neither, Widens, WidensAndNarrows};

#[test]
fn each_entry_of_a_list_is_a_difference() {
    check(
        r#"{"origins": ["https://a.example", "https://b.example"]}"#,
        r#"{"origins": ["https://c.example", "https://a.example", "https://c.example"]}"#,
        &[("origins", "+ https://c.example", Widens), ("origins", "- https://b.example", Narrows)],
    );
    check(
        r#"{"methods": ["PUT"], "request_headers": ["X-A"], "exposed_headers": ["x-b"]}"#,
        r#"{"methods": ["put", "GET"], "request_headers": ["x-a", "Cookie"], "exposed_headers": ["Set-Cookie", "ETag"]}"#,
        &[
            ("methods", "+ put", Neither),
            ("methods", "+ GET", Neither),
            ("methods", "- PUT", Narrows),
            ("request_headers", "+ Cookie", Neither),
            ("exposed_headers", "+ Set-Cookie", Neither),
            ("exposed_headers", "+ ETag", Widens),
            ("exposed_headers", "- x-b", Narrows),
        ],
    );
}

#[test]
fn removing_a_covered_pattern_has_no_effect() {
    check(
        r#"{"origins": ["https://b.a.example"]}"#,
        r#"{"origins": ["https://*.a.example"]}"#,
        &[("origins", "+ https://*.a.example", Widens), ("origins", "- https://b.a.example", Neither)],
    );
}

#[test]
fn a_wildcard_widens_only_fetches_without_credentials() {
    let (list, any) = (r#""origins": ["https://a.example"]"#, r#""origins": "any""#);
    let credentials = r#", "credentials": true"#;
    let change = "https://a.example -> any";
    check(&format!("{{{list}}}"), &format!("{{{any}}}"), &[("origins", change, Widens)]);
    check(
        &format!("{{{list}{credentials}}}"),
        &format!("{{{any}{credentials}}}"),
        &[("origins", change, WidensAndNarrows)],
    );
    check(&format!("{{{any}}}"), &format!("{{{any}{credentials}}}"), &[("credentials", "false -> true", Neither)]);
    check(&format!("{{{list}}}"), &format!("{{{list}{credentials}}}"), &[("credentials", "false -> true", Widens)]);
    check(r#"{"origins": "mirror"}"#, &format!("{{{any}}}"), &[("origins", "mirror -> any", Neither)]);
    check(
        r#"{"request_headers": ["Authorization"]}"#,
        r#"{"request_headers": "any"}"#,
        &[("request_headers", "Authorization -> any", WidensAndNarrows)],
    );
}

#[test]
fn the_other_fields_show_both_values() {
    check(
        r#"{"max_age": 600}"#,
        r#"{"private_network": true, "production": true}"#,
        &[
            ("max_age", "600 -> null", Neither),
            ("private_network", "false -> true", Widens),
            ("production", "false -> true", Neither),
        ],
    );
}

/// Returns policies with every combination of a few values.
fn policies() -> Vec<Policy> {
    let mut policies = Vec::new();
    for origins in [r#""any""#, r#""mirror""#, "[]", r#"["https://a.example"]"#, r#"["https://*.example"]"#] {
        for credentials in [false, true] {
            for methods in [r#""any""#, r#""mirror""#, "[]", r#"["PUT", "GET"]"#] {
                for names in [r#""any""#, r#""mirror""#, "[]", r#"["authorization"]"#, r#"["x-a", "x-b"]"#] {
                    let exposed = names.replace("mirror", "any");
                    policies.push(policy(&format!(
                        r#"{{"origins": {origins}, "credentials": {credentials}, "methods": {methods},
                            "request_headers": {names}, "exposed_headers": {exposed}}}"#
                    )));
                }
            }
        }
    }
    policies
}

fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for origin in ["https://a.example", "https://b.example", "null"] {
        for method in ["GET", "PUT"] {
            for name in [None, Some("authorization"), Some("x-a")] {
                for credentials in [CredentialsMode::Omit, CredentialsMode::Include] {
                    let mut init = RequestInit { method: method.to_owned(), credentials, ..RequestInit::default() };
                    init.headers = name.map_or(HeaderList::EMPTY, |name| HeaderList::EMPTY.with(name, "1"));
                    requests.push(Request::new(&origin.parse().unwrap(), "https://api.test/", &init).unwrap());
                }
            }
        }
    }
    requests
}

#[test]
fn the_effect_of_a_difference_matches_the_intents() {
    let (policies, requests) = (policies(), requests());
    let names = ["x-a", "authorization", "x-c"].map(|name| name.parse().unwrap());
    let granted = |policy: &Policy| -> Vec<bool> {
        let permissions = |request: &Request| {
            let is_permitted = intent(policy, request) == Intent::Permit;
            let readable = names.iter().map(|name| exposure(policy, request, name) == Exposure::Readable);
            std::iter::once(is_permitted)
                .chain(readable.map(|is_readable| is_permitted && is_readable))
                .collect::<Vec<_>>()
        };
        requests.iter().flat_map(permissions).collect()
    };
    let grants: Vec<_> = policies.iter().map(granted).collect();
    assert!(grants.iter().flatten().any(|is_granted| *is_granted));
    for (before, had) in policies.iter().zip(&grants) {
        for (after, has) in policies.iter().zip(&grants) {
            let differences = differences(before, after);
            assert_eq!(differences.is_empty(), before == after);
            let is =
                |effect| differences.iter().any(|found| found.effect == effect || found.effect == WidensAndNarrows);
            let more = had.iter().zip(has).any(|(had, has)| *has && !had);
            let less = had.iter().zip(has).any(|(had, has)| *had && !has);
            assert!(!more || is(Widens), "{before:?} {after:?} {differences:?}");
            assert!(!less || is(Narrows), "{before:?} {after:?} {differences:?}");
        }
    }
}
