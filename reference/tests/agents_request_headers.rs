//! Which headers may a script set, and which of them does a preflight ask for, by each agent?

mod common;

use common::agents::{alone, asks, decides, fetch, grant, only, walk};
use cors_reference::{
    agent::{Agent, Deviation::*, FIREFOX},
    request::{Mode, Request, RequestInit},
};

/// Whether a header needs no preflight.
fn safelists<'a>(name: &'a str, value: &'a [u8]) -> impl Fn(Agent) -> bool + 'a {
    move |agent| agent.is_cors_safelisted_request_header(name, value)
}

/// The headers of a request, as they are sent.
fn sent(agent: Agent, init: &RequestInit) -> Vec<(String, String)> {
    let request = Request::by(&agent, &common::origin(common::PAGE), common::API, init).unwrap();
    request.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.isomorphic_decode())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_header_that_is_set_twice_is_combined_into_one() {
    let init = fetch("GET", &[("X-A", "1"), ("Accept", "text/html"), ("x-a", "2")]);
    let standard = pairs(&[("X-A", "1"), ("Accept", "text/html"), ("X-A", "2")]);
    let deviating = pairs(&[("X-A", "1, 2"), ("Accept", "text/html")]);
    decides(CombinesRepeatedHeaders, |agent| sent(agent, &init), standard, deviating);
}

#[test]
fn two_safe_values_may_be_unsafe_once_combined() {
    let [short, long] = ["a".repeat(63), "a".repeat(64)];
    for (second, deviating) in [(&short, false), (&long, true)] {
        let init = fetch("GET", &[("Accept", &short), ("Accept", second)]);
        let asks = |agent| asks(agent, common::PAGE, &[(0, &init, &grant("", "accept", "0"))]);
        // 63 + 2 + 63 is 128, and that is the most.
        decides(CombinesRepeatedHeaders, asks, false, deviating);
    }
}

#[test]
fn a_name_is_asked_for_once_or_for_each_unsafe_value() {
    let asked = |agent| {
        let init = fetch("GET", &[("X-B", "1"), ("X-A", "1"), ("x-a", "2"), ("Accept", "a"), ("X-a", "3")]);
        walk(agent, "b/1", &init, &[])[0].clone()
    };
    let line = |names: &str| format!("OPTIONS b/1 from own for GET with {names}");
    decides(RepeatsUnsafeNames, asked, line("x-a,x-b"), line("x-a,x-a,x-a,x-b"));
}

#[test]
fn safe_values_of_1024_bytes_are_safe_and_one_more_is_too_much() {
    let half = "a".repeat(128);
    for (last, standard) in [("", false), ("a", true)] {
        let headers = [&[("Accept", half.as_str()); 8][..], &[("Accept-Language", last)]].concat();
        let init = fetch("GET", &headers);
        let asks = |agent| asks(agent, common::PAGE, &[(0, &init, &grant("", "accept, accept-language", "0"))]);
        decides(SafelistHasNoTotal, asks, standard, false);
    }
}

#[test]
fn bytes_above_0x7f_are_unsafe() {
    for name in ["Accept", "Content-Type"] {
        for (byte, standard, deviating) in
            [(0x7E, true, true), (0x7F, false, false), (0x80, true, false), (0xFF, true, false)]
        {
            let value = [b"text/plain;a=", &[byte][..]].concat();
            alone(HighBytesAreUnsafe, safelists(name, &value), standard, deviating);
            assert_eq!(FIREFOX.is_cors_safelisted_request_header(name, &value), deviating);
        }
    }
    decides(HighBytesAreUnsafe, safelists("accept", b"\x80"), true, false);
    // A language has no such byte in any case.
    alone(HighBytesAreUnsafe, safelists("accept-language", b"\x80"), false, false);
}

#[test]
fn a_high_byte_is_no_matter_to_a_header_that_may_have_any() {
    let agent = only(&[HighBytesAreUnsafe, SafelistsClientHints]);
    assert!(agent.is_cors_safelisted_request_header("User-Agent", b"\x80"));
}

#[test]
fn a_content_type_stands_alone_and_ends_in_no_empty_parameter() {
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
        alone(ContentTypeParsesStrictly, safelists("Content-Type", value.as_bytes()), standard, deviating);
        assert_eq!(FIREFOX.is_cors_safelisted_request_header("content-type", value.as_bytes()), deviating, "{value}");
    }
    decides(ContentTypeParsesStrictly, safelists("content-type", b"text/plain;a=b;"), true, false);
    for value in [&b"a,b"[..], b"a;b;"] {
        alone(ContentTypeParsesStrictly, safelists("accept", value), true, true);
    }
}

#[test]
fn no_cors_mode_drops_what_the_agent_finds_unsafe() {
    let init =
        RequestInit { mode: Mode::NoCors, ..fetch("GET", &[("Content-Type", "text/plain;a=b;"), ("Accept", "a")]) };
    decides(ContentTypeParsesStrictly, |agent| sent(agent, &init).len(), 2, 1);
}
