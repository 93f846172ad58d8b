//! Client hints that need no preflight.

mod common;

use common::agents::{assert_effect, assert_effect_on_standard, with_deviations};
use cors_reference::agent::{Agent, Deviation::*};

/// Returns true if a header needs no preflight.
fn safelists<'a>(name: &'a str, value: &'a [u8]) -> impl Fn(Agent) -> bool + 'a {
    move |agent| agent.is_cors_safelisted_request_header(name, value)
}

#[test]
fn a_client_hint_with_a_value_of_its_type_is_safelisted() {
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
            assert_effect(SafelistsClientHints, safelists(name, value.as_bytes()), false, true);
        }
    }
}

#[test]
fn a_client_hint_with_another_value_is_not_safelisted() {
    let not_numbers = &["", ".", "..", "1..5", "1.2.3", "-1", "+1", "1e3", "1 ", " 1", "x", "1,5", "1x"][..];
    let not_integers = &["", "1.5", ".", "1.", "-1", "+1", "0x1", "1 ", "x", "1,5"][..];
    for (name, values) in [
        ("dpr", not_numbers),
        ("device-memory", not_numbers),
        ("downlink", not_numbers),
        ("width", not_integers),
        ("viewport-width", not_integers),
        ("rtt", not_integers),
        ("save-data", &["", "off", "o", "onn", "on ", "1"]),
        ("ect", &["4g", "1", "on"]),
        ("x-a", &["1", "on"]),
    ] {
        for value in values {
            assert_effect_on_standard(SafelistsClientHints, safelists(name, value.as_bytes()), false, false);
        }
    }
}

#[test]
fn a_client_hint_of_more_than_128_bytes_is_not_safelisted() {
    for (name, byte) in [("user-agent", "a"), ("dpr", "1"), ("width", "1")] {
        let [longest, too_long] = [128, 129].map(|length| byte.repeat(length));
        assert_effect_on_standard(SafelistsClientHints, safelists(name, longest.as_bytes()), false, true);
        assert_effect_on_standard(SafelistsClientHints, safelists(name, too_long.as_bytes()), false, false);
    }
}

#[test]
fn safelisted_client_hints_do_not_change_other_headers() {
    let agent = with_deviations(&[SafelistsClientHints]);
    assert!(agent.is_cors_safelisted_request_header("Accept", b"text/html"));
    assert!(agent.is_cors_safelisted_request_header("Range", b"bytes=0-"));
    assert!(!agent.is_cors_safelisted_request_header("Accept", b"("));
}
