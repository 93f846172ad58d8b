//! Does an origin set contain what its patterns cover, and nothing else, whatever bytes are asked?

use cors_policy::origin_set::{OriginPattern, OriginSet};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

fn patterns(texts: &[&str]) -> Vec<OriginPattern> {
    texts.iter().map(|text| text.parse().expect(text)).collect()
}

/// Asserts what a set says, and that its patterns one by one say the same.
#[track_caller]
fn check(texts: &[&str], covered: &[&str], not_covered: &[&str]) {
    let patterns = patterns(texts);
    let set = OriginSet::new(&patterns);
    let one_by_one = |origin: &str| patterns.iter().any(|pattern| pattern.matches(origin.as_bytes()));
    for origin in covered {
        assert!(set.contains(origin.as_bytes()), "{texts:?} does not contain {origin}");
        assert!(one_by_one(origin), "none of {texts:?} covers {origin}");
    }
    for origin in not_covered {
        assert!(!set.contains(origin.as_bytes()), "{texts:?} contains {origin}");
        assert!(!one_by_one(origin), "one of {texts:?} covers {origin}");
    }
}

#[test]
fn a_set_without_patterns_contains_nothing() {
    check(&[], &[], &["", "null", "*", "https://a.example"]);
    assert!(!OriginSet::default().contains(b"null"));
}

#[test]
fn an_exact_origin_covers_itself_alone() {
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
fn null_is_covered_by_itself_alone() {
    check(&["null"], &["null"], &["Null", "NULL", "nul", "null ", "", "https://null"]);
    check(&["https://*.a.example:*"], &[], &["null"]);
}

#[test]
fn subdomains_are_one_or_more_whole_labels() {
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
fn any_port_includes_the_default_one() {
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
fn the_two_wildcards_combine() {
    let not_covered = ["http://localhost:3000", "http://localhost", "http://a.localhost:", "http://a.localhost:03"];
    check(&["http://*.localhost:*"], &["http://a.localhost:3000", "http://b.a.localhost"], &not_covered);
}

#[test]
fn subdomains_may_have_a_port() {
    let not_covered = ["https://b.a.example", "https://b.a.example:8444", "https://b.a.example:84430"];
    check(&["https://*.a.example:8443"], &["https://b.a.example:8443"], &not_covered);
}

#[test]
fn an_address_takes_any_port_but_no_labels() {
    check(&["http://[::1]:*"], &["http://[::1]", "http://[::1]:3000"], &["http://[::1]:", "http://[::1", "http://::1"]);
    check(&["http://127.0.0.1:*"], &["http://127.0.0.1:3000"], &["http://1.127.0.0.1", "http://127.0.0.1.1"]);
}

#[test]
fn schemes_of_applications_take_wildcards_too() {
    check(&["app://*.x:*"], &["app://a.x:80", "app://b.a.x"], &["app://x", "ap://a.x", "apps://a.x", "https://a.x"]);
}

// What matchers have got wrong: an end of one host and the begin of another joined, siblings lost in a tree, one
// pattern's ports or wildcard taken for another's.

#[test]
fn two_hosts_joined_are_neither_of_them() {
    let joined = ["https://barfoo.com", "https://foobar.com", "https://foo.combar.com", "https://bar.com.foo.com"];
    check(&["https://foo.com", "https://bar.com"], &["https://foo.com", "https://bar.com"], &joined);
    check(&["https://foo.com:*", "https://bar.com:*"], &["https://foo.com:1"], &joined);
    let not_below = ["https://barfoo.com", "https://foo.com", "https://bar.com", "https://xbar.com"];
    check(&["https://*.foo.com", "https://*.bar.com"], &["https://bar.foo.com", "https://foo.bar.com"], &not_below);
}

#[test]
fn many_siblings_are_all_contained() {
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
fn ports_and_wildcards_of_one_host_stay_apart() {
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
fn a_wider_pattern_covers_what_a_narrower_one_of_another_port_does_not() {
    check(
        &["https://*.a.example", "https://*.b.a.example:8443", "https://c.b.a.example:*"],
        &["https://x.b.a.example", "https://x.b.a.example:8443", "https://c.b.a.example:1", "https://b.a.example"],
        &["https://x.b.a.example:1", "https://b.a.example:8443", "https://x.c.b.a.example:1"],
    );
}

#[test]
fn a_pattern_that_is_there_twice_counts_once() {
    let twice = patterns(&["https://a.example", "https://a.example", "https://*.a.example:1", "https://*.a.example:1"]);
    let set = OriginSet::new(&twice);
    assert!(set.contains(b"https://a.example") && set.contains(b"https://b.a.example:1"));
    assert_eq!(set.longest_probe(), 1);
}

const LABELS: [&str; 6] = ["a", "b", "ab", "example", "localhost", "xn--a"];
const PORTS: [&str; 7] = ["", ":1", ":0", ":8443", ":65535", ":443", ":*"];

/// A text near a pattern: most are one.
fn pattern() -> impl Strategy<Value = String> {
    let host = vec(select(&LABELS[..]), 1..4).prop_map(|labels| labels.join("."));
    let host = prop_oneof![8 => host, 1 => Just("[::1]".to_owned()), 1 => Just("127.0.0.1".to_owned())];
    (select(vec!["https://", "http://", "app://"]), select(vec!["", "*."]), host, select(&PORTS[..]))
        .prop_map(|(scheme, labels, host, port)| format!("{scheme}{labels}{host}{port}"))
}

/// An origin that a pattern covers, or nearly: labels put before it or left out, another port, or a byte changed.
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

fn config() -> ProptestConfig {
    ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_set_contains_what_some_pattern_covers(
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
    fn no_bytes_are_too_strange_to_ask(origin in vec(any::<u8>(), 0..64)) {
        let patterns = patterns(&["https://a.example", "https://*.a.example:*", "null"]);
        let covered = patterns.iter().any(|pattern| pattern.matches(&origin));
        prop_assert_eq!(OriginSet::new(&patterns).contains(&origin), covered);
    }
}
