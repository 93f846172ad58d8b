//! Which client hints need no preflight, by each agent?

mod common;

use common::agents::{alone, decides, only};
use cors_reference::agent::{Agent, Deviation::*};

/// Whether a header needs no preflight.
fn safelists<'a>(name: &'a str, value: &'a [u8]) -> impl Fn(Agent) -> bool + 'a {
    move |agent| agent.is_cors_safelisted_request_header(name, value)
}

#[test]
fn client_hints_with_a_value_of_their_kind_are_safe() {
    let numbers = &["0", "1", "1.5", ".5", "1.", "007", "99999999999999999999"][..];
    let integers = &["0", "1", "640", "99999999999999999999"][..];
    let on = &["on", "ON", "On"][..];
    let any = &["", "x", "\"", "\u{e9}"][..];
    for (name, values) in [
        ("DPR", numbers),
        ("Device-Memory", numbers),
        ("downlink", numbers),
        ("Width", integers),
        ("Viewport-Width", integers),
        ("RTT", integers),
        ("save-data", on),
        ("User-Agent", any),
        ("Intervention", any),
    ] {
        for value in values {
            decides(SafelistsClientHints, safelists(name, value.as_bytes()), false, true);
        }
    }
}

#[test]
fn client_hints_with_another_value_are_not() {
    let no_numbers = &["", ".", "..", "1..5", "1.2.3", "-1", "+1", "1e3", "1 ", " 1", "x", "1,5", "1x"][..];
    let no_integers = &["", "1.5", ".", "1.", "-1", "+1", "0x1", "1 ", "x", "1,5"][..];
    for (name, values) in [
        ("dpr", no_numbers),
        ("device-memory", no_numbers),
        ("downlink", no_numbers),
        ("width", no_integers),
        ("viewport-width", no_integers),
        ("rtt", no_integers),
        ("save-data", &["", "off", "o", "onn", "on ", "1"]),
        ("ect", &["4g", "1", "on"]),
        ("x-a", &["1", "on"]),
    ] {
        for value in values {
            alone(SafelistsClientHints, safelists(name, value.as_bytes()), false, false);
        }
    }
}

#[test]
fn a_client_hint_has_128_bytes_at_most() {
    for (name, byte) in [("user-agent", "a"), ("dpr", "1"), ("width", "1")] {
        let [longest, too_long] = [128, 129].map(|length| byte.repeat(length));
        alone(SafelistsClientHints, safelists(name, longest.as_bytes()), false, true);
        alone(SafelistsClientHints, safelists(name, too_long.as_bytes()), false, false);
    }
}

#[test]
fn who_safelists_client_hints_judges_other_headers_as_before() {
    let agent = only(&[SafelistsClientHints]);
    assert!(agent.is_cors_safelisted_request_header("Accept", b"text/html"));
    assert!(agent.is_cors_safelisted_request_header("Range", b"bytes=0-"));
    assert!(!agent.is_cors_safelisted_request_header("Accept", b"("));
}
