//! What needs no preflight, what a script may never set, and what it may always read.

use cors_reference::{
    header::HeaderName,
    header_list::HeaderList,
    safelist::{
        cors_unsafe_request_header_names, is_cors_safelisted_request_header, is_cors_safelisted_response_header_name,
        is_forbidden_request_header, normalize_method,
    },
};

fn is_safe(name: &str, value: &str) -> bool {
    is_cors_safelisted_request_header(name, value.as_bytes())
}

#[test]
fn six_methods_are_normalized_and_no_other() {
    assert_eq!(normalize_method("delete"), "DELETE");
    assert_eq!(normalize_method("pOsT"), "POST");
    assert_eq!(normalize_method("patch"), "patch");
    assert_eq!(normalize_method("Egg"), "Egg");
}

#[test]
fn a_value_is_safe_up_to_128_bytes() {
    assert!(is_safe("Accept", &"a".repeat(128)));
    assert!(!is_safe("Accept", &"a".repeat(129)));
}

#[test]
fn accept_forbids_some_bytes_and_allows_the_rest() {
    assert!(is_safe("ACCEPT", "text/html;q=0.5,\t*/* ~é"));
    for byte in "\"():<>?@[\\]{}\u{7f}\u{1}\u{b}".chars() {
        assert!(!is_safe("Accept", &format!("a{byte}b")), "{byte:?}");
    }
}

#[test]
fn languages_allow_some_bytes_and_forbid_the_rest() {
    for name in ["Accept-Language", "Content-Language"] {
        assert!(is_safe(name, "en-GB, *;q=0.5 a.b"));
        for byte in "_\t/é'!".chars() {
            assert!(!is_safe(name, &format!("a{byte}b")), "{name} {byte:?}");
        }
    }
}

#[test]
fn a_content_type_is_judged_by_its_essence() {
    for safe in ["text/plain", "TEXT/Plain ; charset=utf-8", "multipart/form-data", "text/plain;a=", "text/plain;"] {
        assert!(is_safe("Content-Type", safe), "{safe}");
    }
    for unsafe_ in
        ["application/json", "text/", "text", "", "text/plain, text/plain", "text/plain;a=\"b\"", "text /plain"]
    {
        assert!(!is_safe("Content-Type", unsafe_), "{unsafe_}");
    }
}

#[test]
fn a_range_needs_a_start_not_after_its_end() {
    for safe in ["bytes=0-", "bytes=0-5", "bytes=5-5", "bytes=09-10", "bytes=99999999999999999999-"] {
        assert!(is_safe("Range", safe), "{safe}");
    }
    for unsafe_ in [
        "bytes=-500",
        "bytes=-",
        "bytes=5-4",
        "bytes=10-9",
        "bytes= 0-5",
        "bytes =0-",
        "bytes=0-5,6-7",
        "bytes=0",
        "Bytes=0-5",
        "items=0-5",
        "bytes=a-",
        "bytes=0--1",
        "",
    ] {
        assert!(!is_safe("Range", unsafe_), "{unsafe_}");
    }
}

#[test]
fn over_1024_bytes_in_all_every_safelisted_name_becomes_unsafe() {
    let of = |last: usize| {
        let mut headers: HeaderList =
            (0..7).map(|_| ("Accept".parse().unwrap(), "a".repeat(128).as_str().into())).collect();
        headers.append("content-language".parse().unwrap(), "a".repeat(last).as_str().into());
        headers
    };
    assert!(cors_unsafe_request_header_names(&of(128)).is_empty());
    let mut headers = of(128);
    headers.append("Range".parse().unwrap(), "bytes=0-".into());
    assert_eq!(cors_unsafe_request_header_names(&headers), ["accept", "content-language", "range"]);
}

#[test]
fn unsafe_names_are_lower_case_sorted_and_unique() {
    let headers: HeaderList = [("X-B", "1"), ("x-a", "1"), ("Accept", "x"), ("X-b", "2"), ("Content-Type", "a/b")]
        .map(|(name, value)| (name.parse().unwrap(), value.into()))
        .into_iter()
        .collect();
    assert_eq!(cors_unsafe_request_header_names(&headers), ["content-type", "x-a", "x-b"]);
}

#[test]
fn a_method_override_is_forbidden_by_its_value() {
    let forbidden = |value: &str| is_forbidden_request_header("X-HTTP-Method-Override", value.as_bytes());
    assert!(forbidden("trace"));
    assert!(forbidden("GET, CONNECT"));
    assert!(!forbidden("GET, PUT"));
    // A comma in a quoted string separates nothing; a backslash escapes only there.
    for quoted in [r#""a,TRACE,b""#, r#""\",TRACE,""#, r#"\",TRACE,""#] {
        assert!(!forbidden(quoted), "{quoted}");
    }
    assert!(forbidden(r#""\"",TRACE"#));
}

#[test]
fn names_that_start_with_sec_or_proxy_are_forbidden() {
    assert!(is_forbidden_request_header("SEC-Fetch-Site", b"1"));
    assert!(is_forbidden_request_header("proxy-", b""));
    assert!(!is_forbidden_request_header("second", b""));
    assert!(!is_forbidden_request_header("Access-Control-Request-Private-Network", b"1"));
}

#[test]
fn set_cookie_is_never_exposed() {
    let name: HeaderName = "set-cookie".parse().unwrap();
    assert!(!is_cors_safelisted_response_header_name(&name, &["Set-Cookie"]));
}
