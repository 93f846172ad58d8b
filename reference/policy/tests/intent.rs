//! The intent of a policy for a fetch, and for each header of its response.

mod common;

use common::{API, PAGE, headers, init, policy, request_of};
use cors_policy::intent::{Denied, Exposure, Intent, exposure, intent};
use cors_reference::request::{
    CredentialsMode::{self, Include, Omit, SameOrigin},
    Mode, RequestInit,
};

/// Returns a short name of an intent: `permit`, `unspecified`, or the reason for the denial.
fn short(intent: &Intent) -> &str {
    match intent {
        Intent::Permit => "permit",
        Intent::Unspecified(_) => "unspecified",
        Intent::Deny(Denied::Origin) => "origin",
        Intent::Deny(Denied::Credentials) => "credentials",
        Intent::Deny(Denied::Method) => "method",
        Intent::Deny(Denied::RequestHeader(name)) => name,
    }
}

#[track_caller]
fn check(json: &str, page: &str, init: &RequestInit, expected: &str) {
    let intent = intent(&policy(json), &request_of(page, API, init));
    assert_eq!(short(&intent), expected, "{json} {page} {init:?}");
}

fn with(credentials: CredentialsMode, method: &str, names: &str) -> RequestInit {
    let pairs: Vec<_> = names.split_ascii_whitespace().map(|name| (name, "value")).collect();
    RequestInit { credentials, headers: headers(&pairs), ..init(method) }
}

fn get(credentials: CredentialsMode) -> RequestInit {
    with(credentials, "GET", "")
}

#[test]
fn an_empty_policy_denies_every_other_origin() {
    for page in [PAGE, "null", "https://x.api.example", "http://api.example"] {
        check("{}", page, &init("GET"), "origin");
    }
}

#[test]
fn a_same_origin_fetch_is_permitted() {
    check("{}", "https://api.example", &with(Include, "PUT", "x-a"), "permit");
}

#[test]
fn exactly_the_listed_origins_are_permitted() {
    let json = r#"{"origins": ["https://app.example", "https://*.b.example", "http://localhost:*"]}"#;
    for page in [PAGE, "https://x.b.example", "http://localhost", "http://localhost:3000"] {
        check(json, page, &init("GET"), "permit");
    }
    for page in ["http://app.example", "https://b.example", "https://localhost", "null", "https://xapp.example"] {
        check(json, page, &init("GET"), "origin");
    }
}

#[test]
fn null_is_permitted_only_if_listed() {
    check(r#"{"origins": ["null"]}"#, "null", &init("GET"), "permit");
    check(r#"{"origins": ["null"]}"#, PAGE, &init("GET"), "origin");
}

#[test]
fn any_and_mirror_include_every_origin_and_null() {
    for json in [r#"{"origins": "any"}"#, r#"{"origins": "mirror"}"#] {
        for page in [PAGE, "null", "chrome-extension://abc"] {
            check(json, page, &init("GET"), "permit");
        }
    }
}

#[test]
fn credentials_are_permitted_only_if_the_policy_has_them() {
    let without = r#"{"origins": ["https://app.example"]}"#;
    let with = r#"{"origins": ["https://app.example"], "credentials": true}"#;
    for mode in [Omit, SameOrigin] {
        check(without, PAGE, &get(mode), "permit");
        check(with, PAGE, &get(mode), "permit");
    }
    check(without, PAGE, &get(Include), "credentials");
    check(with, PAGE, &get(Include), "permit");
}

#[test]
fn any_origin_denies_credentials() {
    check(r#"{"origins": "any", "credentials": true}"#, PAGE, &get(Include), "credentials");
    check(r#"{"origins": "any", "credentials": true}"#, PAGE, &get(Omit), "permit");
}

#[test]
fn a_mirrored_origin_permits_credentials() {
    check(r#"{"origins": "mirror", "credentials": true}"#, PAGE, &get(Include), "permit");
    check(r#"{"origins": "mirror", "credentials": true}"#, "null", &get(Include), "permit");
}

#[test]
fn methods_are_compared_byte_for_byte() {
    let json = r#"{"origins": "any", "methods": ["PUT", "patch"]}"#;
    for (method, expected) in
        [("PUT", "permit"), ("put", "permit"), ("patch", "permit"), ("PATCH", "method"), ("DELETE", "method")]
    {
        check(json, PAGE, &init(method), expected);
    }
}

#[test]
fn safelisted_methods_need_no_listing() {
    for json in [r#"{"origins": "any"}"#, r#"{"origins": "any", "methods": ["GET", "HEAD", "POST"]}"#] {
        for method in ["GET", "HEAD", "POST"] {
            check(json, PAGE, &init(method), "permit");
        }
        check(json, PAGE, &init("PUT"), "method");
    }
}

#[test]
fn any_method_is_unspecified_with_credentials() {
    let json = r#"{"origins": ["https://app.example"], "credentials": true, "methods": "any"}"#;
    check(json, PAGE, &with(Omit, "CHICKEN", ""), "permit");
    check(json, PAGE, &with(Include, "PUT", ""), "unspecified");
    check(json, PAGE, &with(Include, "POST", ""), "permit");
}

#[test]
fn a_mirrored_method_is_permitted_with_credentials() {
    let json = r#"{"origins": "mirror", "credentials": true, "methods": "mirror"}"#;
    check(json, PAGE, &with(Include, "PUT", ""), "permit");
}

#[test]
fn request_headers_are_compared_case_insensitively() {
    let json = r#"{"origins": "any", "request_headers": ["X-A", "authorization"]}"#;
    check(json, PAGE, &with(Omit, "GET", "x-a Authorization"), "permit");
    check(json, PAGE, &with(Omit, "GET", "x-a X-B"), "x-b");
}

#[test]
fn safelisted_request_headers_need_no_listing() {
    check(r#"{"origins": "any"}"#, PAGE, &with(Omit, "GET", "Accept Content-Language"), "permit");
    let json = RequestInit { headers: headers(&[("Content-Type", "application/json")]), ..init("POST") };
    check(r#"{"origins": "any"}"#, PAGE, &json, "content-type");
}

#[test]
fn any_request_header_does_not_cover_authorization() {
    let json = r#"{"origins": "any", "request_headers": "any"}"#;
    check(json, PAGE, &with(Omit, "GET", "x-a"), "permit");
    check(json, PAGE, &with(Omit, "GET", "x-a Authorization"), "authorization");
}

#[test]
fn any_request_header_is_unspecified_with_credentials() {
    let json = r#"{"origins": ["https://app.example"], "credentials": true, "request_headers": "any"}"#;
    check(json, PAGE, &with(Include, "GET", "x-a"), "unspecified");
    check(json, PAGE, &with(Include, "GET", "Authorization"), "authorization");
    check(json, PAGE, &with(Include, "GET", "Accept"), "permit");
}

#[test]
fn a_mirrored_request_header_covers_authorization() {
    let json = r#"{"origins": "mirror", "credentials": true, "request_headers": "mirror"}"#;
    check(json, PAGE, &with(Include, "GET", "Authorization x-a"), "permit");
}

#[test]
fn a_denial_takes_precedence_over_unspecified() {
    let json = r#"{"origins": ["https://app.example"], "credentials": true, "methods": "any"}"#;
    check(json, PAGE, &with(Include, "PUT", "x-a"), "x-a");
}

#[test]
fn the_first_denial_is_reported() {
    let all = with(Include, "PUT", "x-b x-a");
    check("{}", PAGE, &all, "origin");
    check(r#"{"origins": "mirror"}"#, PAGE, &all, "credentials");
    check(r#"{"origins": "mirror", "credentials": true}"#, PAGE, &all, "method");
    check(r#"{"origins": "mirror", "credentials": true, "methods": ["PUT"]}"#, PAGE, &all, "x-a");
}

#[test]
fn a_fetch_in_another_mode_is_unspecified() {
    for mode in [Mode::NoCors, Mode::SameOrigin] {
        check(r#"{"origins": "any"}"#, PAGE, &RequestInit { mode, ..init("GET") }, "unspecified");
    }
}

#[test]
fn the_other_fields_do_not_affect_the_intent() {
    let json = r#"{"max_age": 600, "private_network": true, "production": true, "exposed_headers": "any"}"#;
    check(json, PAGE, &init("GET"), "origin");
    let json = json.replacen('{', r#"{"origins": "any", "#, 1);
    check(&json, PAGE, &init("GET"), "permit");
    check(&json, PAGE, &init("PUT"), "method");
}

#[track_caller]
fn check_exposure(json: &str, page: &str, credentials: CredentialsMode, names: &str, expected: Exposure) {
    let request = request_of(page, API, &get(credentials));
    let pairs: Vec<_> = names.split(' ').map(|name| (name, "")).collect();
    for (name, _) in headers(&pairs).iter() {
        let found = exposure(&policy(json), &request, name);
        let is_same = std::mem::discriminant(&found) == std::mem::discriminant(&expected);
        assert!(is_same, "{json} {name}: {found:?}, not {expected:?}");
    }
}

#[test]
fn listed_and_safelisted_response_headers_are_readable() {
    let json = r#"{"exposed_headers": ["X-A"]}"#;
    check_exposure(json, PAGE, Include, "x-a Content-Type pragma", Exposure::Readable);
    check_exposure(json, PAGE, Omit, "X-B ETag Set-Cookie", Exposure::Hidden);
}

#[test]
fn any_response_header_is_unspecified_with_credentials() {
    let json = r#"{"exposed_headers": "any"}"#;
    check_exposure(json, PAGE, Omit, "x-a ETag", Exposure::Readable);
    check_exposure(json, PAGE, Include, "x-a ETag", Exposure::Unspecified(""));
    check_exposure(json, PAGE, Include, "Expires", Exposure::Readable);
}

#[test]
fn set_cookie_is_always_hidden() {
    for json in [r#"{"exposed_headers": "any"}"#, r#"{"exposed_headers": ["Set-Cookie", "set-cookie2"]}"#] {
        check_exposure(json, PAGE, Omit, "Set-Cookie set-cookie2", Exposure::Hidden);
        check_exposure(json, "https://api.example", Omit, "Set-Cookie set-cookie2", Exposure::Hidden);
    }
}

#[test]
fn a_same_origin_page_reads_every_other_response_header() {
    check_exposure("{}", "https://api.example", Include, "X-A ETag Server", Exposure::Readable);
}
