//! The CORS check runs on every cross-origin request, so it must not allocate.

mod common;

use std::hint::black_box;

use allocation_counter::measure;
use common::{API, PAGE, init, request_of, response};
use cors_reference::{
    cors_check::{cors_check, cors_check_headers},
    request::{CredentialsMode, RequestInit},
    response::Response,
};

/// Asserts that the check ends at that step of the standard, and allocates nothing on its way.
#[track_caller]
fn allocates_nothing(credentials: CredentialsMode, pairs: &[(&str, &str)], reason: &str) {
    let request = request_of(PAGE, API, &RequestInit { credentials, ..init("GET") });
    let answer = response(200, pairs);
    let mut step = None;
    let allocated = measure(|| step = Some(cors_check(black_box(&request), black_box(&answer))));
    let (Some(Ok(step)) | Some(Err(step))) = step else { panic!("the check did not run") };
    assert_eq!(step.reason(), reason);
    assert_eq!(allocated.count_total, 0, "{reason} allocates {} bytes", allocated.bytes_total);
}

const ORIGIN: &str = "Access-Control-Allow-Origin";
const CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const OTHER: (&str, &str) = ("Content-Type", "text/plain");
use CredentialsMode::{Include, Omit};

#[test]
fn the_counter_counts() {
    let allocated = measure(|| drop(black_box(Response::new(200).with(ORIGIN, "*"))));
    assert!(allocated.count_total > 0);
}

#[test]
fn success_allocates_nothing() {
    allocates_nothing(Omit, &[OTHER, (ORIGIN, "*")], "cors-check/3");
    allocates_nothing(Omit, &[OTHER, (ORIGIN, PAGE)], "cors-check/5");
    allocates_nothing(Include, &[(ORIGIN, PAGE), OTHER, (CREDENTIALS, "true")], "cors-check/7");
}

#[test]
fn each_failure_allocates_nothing() {
    allocates_nothing(Omit, &[], "cors-check/2");
    allocates_nothing(Omit, &[OTHER], "cors-check/2");
    allocates_nothing(Omit, &[(ORIGIN, "https://b.example")], "cors-check/4");
    allocates_nothing(Include, &[(ORIGIN, "*")], "cors-check/4");
    allocates_nothing(Include, &[(ORIGIN, PAGE)], "cors-check/8");
    allocates_nothing(Include, &[(ORIGIN, PAGE), (CREDENTIALS, "True")], "cors-check/8");
}

#[test]
fn repeated_headers_are_joined_without_allocating() {
    let long = "https://a-rather-long-name.example".repeat(100);
    allocates_nothing(Omit, &[(ORIGIN, PAGE), (ORIGIN, PAGE)], "cors-check/4");
    allocates_nothing(Omit, &[(ORIGIN, PAGE), OTHER, ("access-control-allow-origin", &long)], "cors-check/4");
    let twice = [(ORIGIN, PAGE), (CREDENTIALS, "true"), (CREDENTIALS, "true")];
    allocates_nothing(Include, &twice, "cors-check/8");
}

#[test]
fn a_tainted_request_allocates_nothing() {
    let mut request = request_of(PAGE, API, &init("GET"));
    request.append_url("https://third.example/".parse().unwrap());
    let answer = response(200, &[(ORIGIN, "null")]);
    let allocated = measure(|| assert!(cors_check(black_box(&request), black_box(&answer)).is_ok()));
    assert_eq!(allocated.count_total, 0);
}

#[test]
fn an_opaque_origin_allocates_nothing() {
    let request = request_of("null", API, &init("GET"));
    let answer = response(200, &[(ORIGIN, "null")]);
    let allocated = measure(|| assert!(cors_check(black_box(&request), black_box(&answer)).is_ok()));
    assert_eq!(allocated.count_total, 0);
}

#[test]
fn the_check_of_a_header_map_allocates_nothing() {
    let map = |pairs: &[(&str, &str)]| {
        let mut map = http::HeaderMap::new();
        for (name, value) in pairs {
            let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
            map.append(name, value.parse().expect("a value"));
        }
        map
    };
    for (credentials, pairs, reason) in [
        (Omit, &[][..], "cors-check/2"),
        (Omit, &[OTHER, (ORIGIN, "*")], "cors-check/3"),
        (Omit, &[(ORIGIN, PAGE), (ORIGIN, PAGE)], "cors-check/4"),
        (Omit, &[(ORIGIN, " https://app.example\t")], "cors-check/5"),
        (Include, &[(ORIGIN, PAGE), (CREDENTIALS, "true")], "cors-check/7"),
        (Include, &[(ORIGIN, PAGE), (CREDENTIALS, "true"), (CREDENTIALS, "true")], "cors-check/8"),
    ] {
        let headers = map(pairs);
        let mut step = None;
        let allocated = measure(|| step = Some(cors_check_headers(black_box(PAGE), credentials, black_box(&headers))));
        let (Some(Ok(step)) | Some(Err(step))) = step else { panic!("the check did not run") };
        assert_eq!(step.reason(), reason);
        assert_eq!(allocated.count_total, 0, "{reason}");
    }
}
