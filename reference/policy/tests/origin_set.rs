//! An origin set contains exactly the origins that its patterns cover.

mod common;

use common::config;
use cors_policy::origin_set::{OriginPattern, OriginSet};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

fn patterns(texts: &[&str]) -> Vec<OriginPattern> {
    texts.iter().map(|text| text.parse().expect(text)).collect()
}

/// Asserts which origins a set contains, and that the single patterns give the same answers.
#[track_caller]
fn check(texts: &[&str], covered: &[&str], not_covered: &[&str]) {
    let patterns = patterns(texts);
    let set = OriginSet::new(&patterns);
    let covers = |origin: &str| patterns.iter().any(|pattern| pattern.matches(origin.as_bytes()));
    for origin in covered {
        assert!(set.contains(origin.as_bytes()), "{texts:?} does not contain {origin}");
        assert!(covers(origin), "none of {texts:?} covers {origin}");
    }
    for origin in not_covered {
        assert!(!set.contains(origin.as_bytes()), "{texts:?} contains {origin}");
        assert!(!covers(origin), "one of {texts:?} covers {origin}");
    }
}

#[test]
fn a_set_without_patterns_contains_nothing() {
    check(&[], &[], &["", "null", "*", "https://a.example"]);
    assert!(!OriginSet::default().contains(b"null"));
}

#[test]
fn an_exact_origin_covers_only_itself() {
    let near = [
        "http://a.example",
        "https://a.example:8443",
        "https://a.example:443",
        "https://b.a.example",
        "https://xa.example",
        "https://a.exampl",
        "https://a.examplf",
        "null",
        "",
        "https://a.example.evil.example",
        "https://a.example.",
        "https://a.example/",
        "https://a.example\0",
        "HTTPS://A.EXAMPLE",
        "https://a.example, https://b.example",
    ];
    check(&["https://a.example"], &["https://a.example"], &near);
    let others = ["https://1.example", "https://2.example", "https://3.example", "https://4.example"];
    check(&[&others[..], &["https://a.example"]].concat(), &["https://a.example"], &near);
}

#[test]
fn only_null_covers_null() {
    check(&["null"], &["null"], &["Null", "NULL", "nul", "null ", "", "https://null"]);
    check(&["https://*.a.example:*"], &[], &["null"]);
}

#[test]
fn a_subdomain_wildcard_covers_one_or_more_labels() {
    check(
        &["https://*.a.example"],
        &["https://b.a.example", "https://c.b.a.example", "https://a_b.a.example", "https://a.a.example"],
        &[
            "https://a.example",
            "https://.a.example",
            "https://xa.example",
            "https://b.a.example:8443",
            "https://b.a.example:",
            "http://b.a.example",
            "httpss://b.a.example",
            "https:/b.a.example",
            "https//b.a.example",
            "b.a.example",
            "https://b..a.example",
            "https://.b.a.example",
            "https://B.a.example",
            "https://b%2e.a.example",
            "https://\u{e9}.a.example",
            "https://evil.example/b.a.example",
            "https://evil.example@b.a.example",
            "https://evil.example?b.a.example",
            "https://evil.example#b.a.example",
            "https://evil.example\\b.a.example",
            "https://evil.example:80.a.example",
            "https://[::1].a.example",
            "https://b.a.example.evil.example",
            "https://b.a.example.",
            "https://b.a.example ",
        ],
    );
}

#[test]
fn a_port_wildcard_covers_the_default_port() {
    check(
        &["http://a.example:*"],
        &["http://a.example", "http://a.example:0", "http://a.example:1", "http://a.example:65535"],
        &[
            "http://a.example:",
            "http://a.example:x",
            "http://a.example:08",
            "http://a.example:00",
            "http://a.example:+8",
            "http://a.example:65536",
            "http://a.example:123456",
            "http://a.example:8080:1",
            "http://a.example::1",
            "http://b.a.example",
            "https://a.example",
        ],
    );
}

#[test]
fn a_pattern_can_have_both_wildcards() {
    let not_covered = ["http://localhost:3000", "http://localhost", "http://a.localhost:", "http://a.localhost:03"];
    check(&["http://*.localhost:*"], &["http://a.localhost:3000", "http://b.a.localhost"], &not_covered);
}

#[test]
fn a_subdomain_wildcard_can_have_a_port() {
    let not_covered = ["https://b.a.example", "https://b.a.example:8444", "https://b.a.example:84430"];
    check(&["https://*.a.example:8443"], &["https://b.a.example:8443"], &not_covered);
}

#[test]
fn an_address_accepts_a_port_wildcard_but_no_subdomains() {
    check(&["http://[::1]:*"], &["http://[::1]", "http://[::1]:3000"], &["http://[::1]:", "http://[::1", "http://::1"]);
    check(&["http://127.0.0.1:*"], &["http://127.0.0.1:3000"], &["http://1.127.0.0.1", "http://127.0.0.1.1"]);
}

#[test]
fn other_schemes_accept_wildcards() {
    check(&["app://*.x:*"], &["app://a.x:80", "app://b.a.x"], &["app://x", "ap://a.x", "apps://a.x", "https://a.x"]);
}

// Known faults of other matchers: joining the end of one host with the start of another, losing siblings in a tree, and
// applying the ports or the wildcard of one pattern to another.

#[test]
fn two_joined_hosts_are_not_covered() {
    let joined = ["https://barfoo.com", "https://foobar.com", "https://foo.combar.com", "https://bar.com.foo.com"];
    check(&["https://foo.com", "https://bar.com"], &["https://foo.com", "https://bar.com"], &joined);
    check(&["https://foo.com:*", "https://bar.com:*"], &["https://foo.com:1"], &joined);
    let not_below = ["https://barfoo.com", "https://foo.com", "https://bar.com", "https://xbar.com"];
    check(&["https://*.foo.com", "https://*.bar.com"], &["https://bar.foo.com", "https://foo.bar.com"], &not_below);
}

#[test]
fn every_one_of_many_siblings_is_contained() {
    for size in [1, 2, 3, 4, 5, 9, 10, 26, 100, 1000] {
        let set_of = |before: &str| {
            let texts: Vec<_> = (0..size).map(|n| format!("https://{before}s{n}.a.example")).collect();
            OriginSet::parse(texts.iter().map(String::as_str)).expect("patterns")
        };
        let (exact, below) = (set_of(""), set_of("*."));
        for n in 0..size {
            let (itself, subdomain) = (format!("https://s{n}.a.example"), format!("https://x.s{n}.a.example"));
            assert!(exact.contains(itself.as_bytes()) && !exact.contains(subdomain.as_bytes()), "{n} of {size}");
            assert!(below.contains(subdomain.as_bytes()) && !below.contains(itself.as_bytes()), "{n} of {size}");
        }
        let another = format!("https://s{size}.a.example");
        assert!(!exact.contains(another.as_bytes()) && !below.contains(another.as_bytes()), "{size}");
    }
}

#[test]
fn patterns_of_one_host_do_not_share_ports_or_wildcards() {
    check(
        &["https://a.example", "https://a.example:8443", "https://*.a.example:9443", "http://*.a.example:*"],
        &["https://a.example", "https://a.example:8443", "https://b.a.example:9443", "http://b.a.example:1"],
        &["https://a.example:9443", "https://b.a.example", "https://b.a.example:8443", "http://a.example:1"],
    );
    check(
        &["https://*.a.example:1", "https://*.a.example:2", "https://*.a.example"],
        &["https://b.a.example", "https://b.a.example:1", "https://b.a.example:2"],
        &["https://b.a.example:3", "https://b.a.example:12"],
    );
}

#[test]
fn a_wider_pattern_is_found_if_a_narrower_one_has_another_port() {
    check(
        &["https://*.a.example", "https://*.b.a.example:8443", "https://c.b.a.example:*"],
        &["https://x.b.a.example", "https://x.b.a.example:8443", "https://c.b.a.example:1", "https://b.a.example"],
        &["https://x.b.a.example:1", "https://b.a.example:8443", "https://x.c.b.a.example:1"],
    );
}

#[test]
fn a_repeated_pattern_counts_once() {
    let twice = patterns(&["https://a.example", "https://a.example", "https://*.a.example:1", "https://*.a.example:1"]);
    let set = OriginSet::new(&twice);
    assert!(set.contains(b"https://a.example") && set.contains(b"https://b.a.example:1"));
    assert_eq!(set.longest_probe(), 1);
}

const LABELS: [&str; 6] = ["a", "b", "ab", "example", "localhost", "xn--a"];
const PORTS: [&str; 7] = ["", ":1", ":0", ":8443", ":65535", ":443", ":*"];

/// A text that is mostly a valid pattern.
fn pattern() -> impl Strategy<Value = String> {
    let host = vec(select(&LABELS[..]), 1..4).prop_map(|labels| labels.join("."));
    let host = prop_oneof![8 => host, 1 => Just("[::1]".to_owned()), 1 => Just("127.0.0.1".to_owned())];
    (select(vec!["https://", "http://", "app://"]), select(vec!["", "*."]), host, select(&PORTS[..]))
        .prop_map(|(scheme, labels, host, port)| format!("{scheme}{labels}{host}{port}"))
}

/// An origin that a pattern covers or almost covers: with more or fewer labels, another port, or a changed byte.
fn origin_near(texts: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let before = prop_oneof![vec(select(&LABELS[..]), 0..3).prop_map(|labels| labels.join(".")), "[a-zA-Z.:@/]{0,4}"];
    let change = prop::option::weighted(0.3, (any::<Index>(), any::<u8>()));
    (select(texts), before, select(&PORTS[..6]), change).prop_map(|(text, before, port, change)| {
        let text = text.replace("*.", &format!("{before}.")).replace(":*", port);
        let mut bytes = text.into_bytes();
        if let Some((index, byte)) = change {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        bytes
    })
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_set_contains_an_origin_if_and_only_if_a_pattern_covers_it(
        (texts, origins) in vec(pattern(), 1..12).prop_flat_map(|texts| (Just(texts.clone()), vec(origin_near(texts), 1..20))),
    ) {
        let patterns: Vec<OriginPattern> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        let set = OriginSet::new(&patterns);
        for origin in origins {
            let covered = patterns.iter().any(|pattern| pattern.matches(&origin));
            prop_assert_eq!(set.contains(&origin), covered, "{:?}", String::from_utf8_lossy(&origin));
        }
    }

    #[test]
    fn a_query_accepts_arbitrary_bytes(origin in vec(any::<u8>(), 0..64)) {
        let patterns = patterns(&["https://a.example", "https://*.a.example:*", "null"]);
        let covered = patterns.iter().any(|pattern| pattern.matches(&origin));
        prop_assert_eq!(OriginSet::new(&patterns).contains(&origin), covered);
    }
}
