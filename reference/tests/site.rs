//! Sites: origins of one registrable domain.

mod common;

use common::origin;

#[test]
fn a_site_is_the_scheme_and_the_registrable_domain() {
    for (text, site) in [
        ("https://example.com", "https://example.com"),
        ("https://a.b.example.com:8443", "https://example.com"),
        ("http://shop.example.co.uk", "http://example.co.uk"),
        ("https://me.github.io", "https://me.github.io"),
        ("https://co.uk", "https://co.uk"),
        ("http://localhost:3000", "http://localhost"),
        ("http://127.0.0.1:3000", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]"),
        ("http://[::1]", "http://[::1]"),
        ("https://a.example.com.", "https://example.com."),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ] {
        assert_eq!(origin(text).site().as_deref(), Some(site), "{text}");
    }
}

#[test]
fn an_opaque_origin_has_none_and_shares_none() {
    assert_eq!(origin("null").site(), None);
    assert!(!origin("null").is_schemelessly_same_site(&origin("null")));
    assert!(!origin("null").is_schemelessly_same_site(&origin("https://a.example")));
}

#[test]
fn scheme_and_port_are_no_part_of_it_where_they_are_left_out() {
    let same = |one: &str, other: &str| origin(one).is_schemelessly_same_site(&origin(other));
    assert!(same("http://a.example.com", "https://b.example.com:8443"));
    assert!(!same("https://a.example.com", "https://a.example.org"));
    assert!(!same("https://a.example.com.", "https://a.example.com"));
    assert!(!same("chrome-extension://abcdef.x", "chrome-extension://ghijkl.x"));
    assert!(!same("http://127.0.0.1", "http://127.0.0.2"));
    assert!(!same("http://1.2.0.1", "http://9.2.0.1"));
    assert!(same("http://127.0.0.1", "https://127.0.0.1:8443"));
}
