//! What does a policy say about a fetch, and about each header of its answer?

mod common;

use common::{API, PAGE, headers, init, policy, request_of};
use cors_policy::intent::{Denied, Exposure, Intent, exposure, intent};
use cors_reference::request::{
    CredentialsMode::{self, Include, Omit, SameOrigin},
    Mode, RequestInit,
};

/// Short for an intent: `permit`, `unspecified`, or what is denied.
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
fn says(json: &str, page: &str, init: &RequestInit, expected: &str) {
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
        says("{}", page, &init("GET"), "origin");
    }
}

#[test]
fn a_page_of_the_urls_own_origin_is_permitted_all() {
    says("{}", "https://api.example", &with(Include, "PUT", "x-a"), "permit");
}

#[test]
fn a_listed_origin_is_permitted_and_no_other() {
    let json = r#"{"origins": ["https://app.example", "https://*.b.example", "http://localhost:*"]}"#;
    for page in [PAGE, "https://x.b.example", "http://localhost", "http://localhost:3000"] {
        says(json, page, &init("GET"), "permit");
    }
    for page in ["http://app.example", "https://b.example", "https://localhost", "null", "https://xapp.example"] {
        says(json, page, &init("GET"), "origin");
    }
}

#[test]
fn null_must_be_listed() {
    says(r#"{"origins": ["null"]}"#, "null", &init("GET"), "permit");
    says(r#"{"origins": ["null"]}"#, PAGE, &init("GET"), "origin");
}

#[test]
fn any_and_mirror_include_every_origin_and_null() {
    for json in [r#"{"origins": "any"}"#, r#"{"origins": "mirror"}"#] {
        for page in [PAGE, "null", "chrome-extension://abc"] {
            says(json, page, &init("GET"), "permit");
        }
    }
}

#[test]
fn credentials_must_be_wished_for() {
    let without = r#"{"origins": ["https://app.example"]}"#;
    let with = r#"{"origins": ["https://app.example"], "credentials": true}"#;
    for mode in [Omit, SameOrigin] {
        says(without, PAGE, &get(mode), "permit");
        says(with, PAGE, &get(mode), "permit");
    }
    says(without, PAGE, &get(Include), "credentials");
    says(with, PAGE, &get(Include), "permit");
}

#[test]
fn any_origin_never_includes_credentials() {
    says(r#"{"origins": "any", "credentials": true}"#, PAGE, &get(Include), "credentials");
    says(r#"{"origins": "any", "credentials": true}"#, PAGE, &get(Omit), "permit");
}

#[test]
fn a_mirrored_origin_includes_credentials() {
    says(r#"{"origins": "mirror", "credentials": true}"#, PAGE, &get(Include), "permit");
    says(r#"{"origins": "mirror", "credentials": true}"#, "null", &get(Include), "permit");
}

#[test]
fn a_method_must_be_listed_byte_for_byte() {
    let json = r#"{"origins": "any", "methods": ["PUT", "patch"]}"#;
    for (method, expected) in
        [("PUT", "permit"), ("put", "permit"), ("patch", "permit"), ("PATCH", "method"), ("DELETE", "method")]
    {
        says(json, PAGE, &init(method), expected);
    }
}

#[test]
fn safelisted_methods_need_no_listing() {
    for json in [r#"{"origins": "any"}"#, r#"{"origins": "any", "methods": ["GET", "HEAD", "POST"]}"#] {
        for method in ["GET", "HEAD", "POST"] {
            says(json, PAGE, &init(method), "permit");
        }
        says(json, PAGE, &init("PUT"), "method");
    }
}

#[test]
fn any_method_is_open_where_credentials_are_included() {
    let json = r#"{"origins": ["https://app.example"], "credentials": true, "methods": "any"}"#;
    says(json, PAGE, &with(Omit, "CHICKEN", ""), "permit");
    says(json, PAGE, &with(Include, "PUT", ""), "unspecified");
    says(json, PAGE, &with(Include, "POST", ""), "permit");
}

#[test]
fn a_mirrored_method_is_permitted_to_credentials_too() {
    let json = r#"{"origins": "mirror", "credentials": true, "methods": "mirror"}"#;
    says(json, PAGE, &with(Include, "PUT", ""), "permit");
}

#[test]
fn a_request_header_must_be_listed_in_any_case() {
    let json = r#"{"origins": "any", "request_headers": ["X-A", "authorization"]}"#;
    says(json, PAGE, &with(Omit, "GET", "x-a Authorization"), "permit");
    says(json, PAGE, &with(Omit, "GET", "x-a X-B"), "x-b");
}

#[test]
fn safelisted_request_headers_need_no_listing() {
    says(r#"{"origins": "any"}"#, PAGE, &with(Omit, "GET", "Accept Content-Language"), "permit");
    let json = RequestInit { headers: headers(&[("Content-Type", "application/json")]), ..init("POST") };
    says(r#"{"origins": "any"}"#, PAGE, &json, "content-type");
}

#[test]
fn any_request_header_is_never_authorization() {
    let json = r#"{"origins": "any", "request_headers": "any"}"#;
    says(json, PAGE, &with(Omit, "GET", "x-a"), "permit");
    says(json, PAGE, &with(Omit, "GET", "x-a Authorization"), "authorization");
}

#[test]
fn any_request_header_is_open_where_credentials_are_included() {
    let json = r#"{"origins": ["https://app.example"], "credentials": true, "request_headers": "any"}"#;
    says(json, PAGE, &with(Include, "GET", "x-a"), "unspecified");
    says(json, PAGE, &with(Include, "GET", "Authorization"), "authorization");
    says(json, PAGE, &with(Include, "GET", "Accept"), "permit");
}

#[test]
fn a_mirrored_request_header_may_be_authorization() {
    let json = r#"{"origins": "mirror", "credentials": true, "request_headers": "mirror"}"#;
    says(json, PAGE, &with(Include, "GET", "Authorization x-a"), "permit");
}

#[test]
fn what_is_denied_wins_over_what_is_open() {
    let json = r#"{"origins": ["https://app.example"], "credentials": true, "methods": "any"}"#;
    says(json, PAGE, &with(Include, "PUT", "x-a"), "x-a");
}

#[test]
fn the_first_denial_is_the_one_that_is_named() {
    let all = with(Include, "PUT", "x-b x-a");
    says("{}", PAGE, &all, "origin");
    says(r#"{"origins": "mirror"}"#, PAGE, &all, "credentials");
    says(r#"{"origins": "mirror", "credentials": true}"#, PAGE, &all, "method");
    says(r#"{"origins": "mirror", "credentials": true, "methods": ["PUT"]}"#, PAGE, &all, "x-a");
}

#[test]
fn what_is_no_cors_fetch_is_left_open() {
    for mode in [Mode::NoCors, Mode::SameOrigin] {
        says(r#"{"origins": "any"}"#, PAGE, &RequestInit { mode, ..init("GET") }, "unspecified");
    }
}

#[test]
fn the_other_fields_change_no_intent() {
    let json = r#"{"max_age": 600, "private_network": true, "production": true, "exposed_headers": "any"}"#;
    says(json, PAGE, &init("GET"), "origin");
    let json = json.replacen('{', r#"{"origins": "any", "#, 1);
    says(&json, PAGE, &init("GET"), "permit");
    says(&json, PAGE, &init("PUT"), "method");
}

#[track_caller]
fn exposes(json: &str, page: &str, credentials: CredentialsMode, names: &str, expected: Exposure) {
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
    exposes(json, PAGE, Include, "x-a Content-Type pragma", Exposure::Readable);
    exposes(json, PAGE, Omit, "X-B ETag Set-Cookie", Exposure::Hidden);
}

#[test]
fn any_response_header_is_open_where_credentials_are_included() {
    let json = r#"{"exposed_headers": "any"}"#;
    exposes(json, PAGE, Omit, "x-a ETag", Exposure::Readable);
    exposes(json, PAGE, Include, "x-a ETag", Exposure::Unspecified(""));
    exposes(json, PAGE, Include, "Expires", Exposure::Readable);
}

#[test]
fn set_cookie_is_hidden_from_all() {
    for json in [r#"{"exposed_headers": "any"}"#, r#"{"exposed_headers": ["Set-Cookie", "set-cookie2"]}"#] {
        exposes(json, PAGE, Omit, "Set-Cookie set-cookie2", Exposure::Hidden);
        exposes(json, "https://api.example", Omit, "Set-Cookie set-cookie2", Exposure::Hidden);
    }
}

#[test]
fn within_the_origin_all_other_response_headers_are_readable() {
    exposes("{}", "https://api.example", Include, "X-A ETag Server", Exposure::Readable);
}
