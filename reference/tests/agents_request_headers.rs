//! Headers that a script may set, and headers that a preflight lists.

mod common;

use common::agents::{
    assert_effect, assert_effect_on_standard, fetch_trace, grant, init_with, last_is_preflighted, with_deviations,
};
use cors_reference::{
    agent::{Agent, Deviation::*, FIREFOX},
    request::{Mode, Request, RequestInit},
};

/// Returns true if a header needs no preflight.
fn safelists<'a>(name: &'a str, value: &'a [u8]) -> impl Fn(Agent) -> bool + 'a {
    move |agent| agent.is_cors_safelisted_request_header(name, value)
}

/// Returns the headers of a request as the agent sends them.
fn sent(agent: Agent, init: &RequestInit) -> Vec<(String, String)> {
    let request = Request::by(&agent, &common::origin(common::PAGE), common::API, init).unwrap();
    request.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.isomorphic_decode())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_values_of_a_repeated_header_are_combined() {
    let init = init_with("GET", &[("X-A", "1"), ("Accept", "text/html"), ("x-a", "2")]);
    let standard = pairs(&[("X-A", "1"), ("Accept", "text/html"), ("X-A", "2")]);
    let deviating = pairs(&[("X-A", "1, 2"), ("Accept", "text/html")]);
    assert_effect(CombinesRepeatedHeaders, |agent| sent(agent, &init), standard, deviating);
}

#[test]
fn two_safe_values_of_more_than_128_bytes_are_unsafe_when_combined() {
    let [short, long] = ["a".repeat(63), "a".repeat(64)];
    for (second, deviating) in [(&short, false), (&long, true)] {
        let init = init_with("GET", &[("Accept", &short), ("Accept", second)]);
        let is_preflighted = |agent| last_is_preflighted(agent, common::PAGE, &[(0, &init, &grant("", "accept", "0"))]);
        // The limit is 128 bytes: 63 + 2 + 63.
        assert_effect(CombinesRepeatedHeaders, is_preflighted, false, deviating);
    }
}

#[test]
fn a_preflight_lists_a_name_once_or_once_per_unsafe_value() {
    let preflight = |agent| {
        let init = init_with("GET", &[("X-B", "1"), ("X-A", "1"), ("x-a", "2"), ("Accept", "a"), ("X-a", "3")]);
        fetch_trace(agent, "b/1", &init, &[])[0].clone()
    };
    let line = |names: &str| format!("OPTIONS b/1 from own for GET with {names}");
    assert_effect(RepeatsUnsafeNames, preflight, line("x-a,x-b"), line("x-a,x-a,x-a,x-b"));
}

#[test]
fn safe_values_of_more_than_1024_bytes_in_total_are_unsafe() {
    let half = "a".repeat(128);
    for (last, standard) in [("", false), ("a", true)] {
        let headers = [&[("Accept", half.as_str()); 8][..], &[("Accept-Language", last)]].concat();
        let init = init_with("GET", &headers);
        let is_preflighted =
            |agent| last_is_preflighted(agent, common::PAGE, &[(0, &init, &grant("", "accept, accept-language", "0"))]);
        assert_effect(SafelistHasNoTotal, is_preflighted, standard, false);
    }
}

#[test]
fn bytes_above_0x7f_are_unsafe() {
    for name in ["Accept", "Content-Type"] {
        for (byte, standard, deviating) in
            [(0x7E, true, true), (0x7F, false, false), (0x80, true, false), (0xFF, true, false)]
        {
            let value = [b"text/plain;a=", &[byte][..]].concat();
            assert_effect_on_standard(HighBytesAreUnsafe, safelists(name, &value), standard, deviating);
            assert_eq!(FIREFOX.is_cors_safelisted_request_header(name, &value), deviating);
        }
    }
    assert_effect(HighBytesAreUnsafe, safelists("accept", b"\x80"), true, false);
    // The standard already treats this byte as unsafe in `Accept-Language`.
    assert_effect_on_standard(HighBytesAreUnsafe, safelists("accept-language", b"\x80"), false, false);
}

#[test]
fn a_high_byte_in_a_safelisted_client_hint_is_safe() {
    let agent = with_deviations(&[HighBytesAreUnsafe, SafelistsClientHints]);
    assert!(agent.is_cors_safelisted_request_header("User-Agent", b"\x80"));
}

#[test]
fn a_content_type_with_a_comma_or_an_empty_last_parameter_is_unsafe() {
    let table = [
        ("text/plain", true, true),
        ("text/plain;", true, true),
        ("text/plain;;", true, false),
        ("text/plain;a=b", true, true),
        ("text/plain;a=b;", true, false),
        ("text/plain;;a=b", true, true),
        ("text/plain;a=b,c", true, false),
        ("text/plain;a=,", true, false),
        ("text/plain,text/plain", false, false),
        ("text/html", false, false),
    ];
    for (value, standard, deviating) in table {
        assert_effect_on_standard(
            ContentTypeParsesStrictly,
            safelists("Content-Type", value.as_bytes()),
            standard,
            deviating,
        );
        assert_eq!(FIREFOX.is_cors_safelisted_request_header("content-type", value.as_bytes()), deviating, "{value}");
    }
    assert_effect(ContentTypeParsesStrictly, safelists("content-type", b"text/plain;a=b;"), true, false);
    for value in [&b"a,b"[..], b"a;b;"] {
        assert_effect_on_standard(ContentTypeParsesStrictly, safelists("accept", value), true, true);
    }
}

#[test]
fn no_cors_mode_drops_headers_that_are_unsafe_for_the_agent() {
    let init =
        RequestInit { mode: Mode::NoCors, ..init_with("GET", &[("Content-Type", "text/plain;a=b;"), ("Accept", "a")]) };
    assert_effect(ContentTypeParsesStrictly, |agent| sent(agent, &init).len(), 2, 1);
}
