//! The errors for invalid origin patterns: the fault and the suggested pattern.

use cors_policy::{
    Policy,
    origin_set::{EntryError, Fault, OriginPattern, OriginSet},
    review::review,
};

/// Each text, its fault, and the suggested pattern, which is empty if there is none.
const FAULTS: &[(&str, Fault, &str)] = &[
    ("*", Fault::EveryOrigin, ""),
    ("", Fault::NoScheme, ""),
    ("a.example", Fault::NoScheme, ""),
    ("*.a.example", Fault::NoScheme, ""),
    ("//a.example", Fault::NoScheme, ""),
    ("Null", Fault::UpperCase, ""),
    ("https://b\u{fc}cher.example", Fault::NotAscii, "https://xn--bcher-kva.example"),
    ("https://*.b\u{fc}cher.example", Fault::NotAscii, "https://*.xn--bcher-kva.example"),
    (" https://a.example", Fault::WhiteSpace, "https://a.example"),
    ("https://a.example\n", Fault::WhiteSpace, "https://a.example"),
    ("https://a.example https://b.example", Fault::WhiteSpace, ""),
    ("https://A.example", Fault::UpperCase, "https://a.example"),
    ("HTTPS://*.a.example:*", Fault::UpperCase, "https://*.a.example:*"),
    ("file://a.example", Fault::Scheme, ""),
    ("ht_tp://a.example", Fault::Scheme, ""),
    ("https://a.example/", Fault::TrailingSlash, "https://a.example"),
    ("https://*.a.example/", Fault::TrailingSlash, "https://*.a.example"),
    ("https://a.example/x", Fault::Path, "https://a.example"),
    ("https://a.example?x", Fault::Path, "https://a.example"),
    ("https://a.example#x", Fault::Path, "https://a.example"),
    ("https://a.example\\x", Fault::Path, "https://a.example"),
    ("https://u@a.example", Fault::UserInfo, "https://a.example"),
    ("https://u:p@a.example", Fault::UserInfo, "https://a.example"),
    ("https://*", Fault::Wildcard, ""),
    ("https://*:*", Fault::Wildcard, ""),
    ("https://a.*", Fault::Wildcard, ""),
    ("https://a.*.example", Fault::Wildcard, ""),
    ("https://a*.example", Fault::Wildcard, ""),
    ("https://*a.example", Fault::Wildcard, ""),
    ("https://*.*.example", Fault::Wildcard, ""),
    ("https://a.example:80*", Fault::Wildcard, ""),
    ("https://a.example:*:1", Fault::Wildcard, ""),
    ("https://", Fault::NoHost, ""),
    ("https://*.", Fault::NoHost, ""),
    ("https://:8443", Fault::NoHost, ""),
    ("https://a.example:8443:*", Fault::PortAndAnyPort, ""),
    ("https://a.example:80:*", Fault::PortAndAnyPort, ""),
    ("https://a.example:", Fault::Port, "https://a.example"),
    ("https://a.example:x", Fault::Port, ""),
    ("https://a.example:-1", Fault::Port, ""),
    ("https://a.example:08443", Fault::Port, "https://a.example:8443"),
    ("https://a.example:65536", Fault::Port, ""),
    ("https://a.example:443", Fault::DefaultPort, "https://a.example"),
    ("http://*.a.example:80", Fault::DefaultPort, "http://*.a.example"),
    ("https://*.127.0.0.1", Fault::SubdomainsOfAddress, ""),
    ("https://*.[::1]", Fault::SubdomainsOfAddress, ""),
    ("https://*.a.example.", Fault::TrailingDot, ""),
    ("https://a..example", Fault::EmptyLabel, ""),
    ("https://.a.example", Fault::EmptyLabel, ""),
    ("https://*..a.example", Fault::EmptyLabel, ""),
    ("app://a..x:*", Fault::EmptyLabel, ""),
    ("https://127.1", Fault::Spelling, "https://127.0.0.1"),
    ("https://010.0.0.1", Fault::Spelling, "https://8.0.0.1"),
    ("https://2130706433", Fault::Spelling, "https://127.0.0.1"),
    ("https://[0:0::1]", Fault::Spelling, "https://[::1]"),
    ("https://[::ffff:1.2.3.4]", Fault::Spelling, "https://[::ffff:102:304]"),
    ("https://[fe80::1%eth0]", Fault::Host, ""),
    ("https://[::1", Fault::Host, ""),
    ("https://1.2.3.256", Fault::Host, ""),
    ("https://a^b.example", Fault::Host, ""),
    ("https://xn--.example", Fault::Host, ""),
];

#[test]
fn an_invalid_pattern_has_its_fault_and_suggestion() {
    let parsed = |text: &str| text.parse::<OriginPattern>().map_err(|error| (error.found, error.fault, error.wanted));
    let expected = |fault: &Fault, wanted: &str| (*fault, (!wanted.is_empty()).then(|| wanted.to_owned()));
    let expected = FAULTS.iter().map(|(text, fault, wanted)| (*text, expected(fault, wanted)));
    let others = expected.filter_map(|(text, (fault, wanted))| {
        let parsed = parsed(text);
        (parsed != Err((text.to_owned(), fault, wanted.clone()))).then_some((text, fault, wanted, parsed))
    });
    let others: Vec<_> = others.collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn a_label_or_host_over_the_length_limit_is_an_error() {
    let label = "a".repeat(63);
    let host = [&*label; 4].join(".");
    for (host, fault) in [
        (format!("{label}.example"), None),
        (format!("a{label}.example"), Some(Fault::LongLabel)),
        (host[..253].to_owned(), None),
        (format!("{}.", &host[..253]), None),
        (host[..254].to_owned(), Some(Fault::LongHost)),
    ] {
        let parsed = format!("https://{host}").parse::<OriginPattern>();
        assert_eq!(parsed.err().map(|error| error.fault), fault, "{} bytes", host.len());
    }
}

#[test]
fn a_message_states_the_fault_and_the_suggestion() {
    let message = |text: &str| text.parse::<OriginPattern>().expect_err(text).to_string();
    assert_eq!(
        message("https://a.example/"),
        "`https://a.example/` is not an origin pattern: an origin does not end in a slash; write `https://a.example`"
    );
    assert_eq!(message("*"), "`*` is not an origin pattern: to allow every origin, write \"any\" instead of the list");
}

#[test]
fn a_list_has_an_error_for_each_invalid_entry() {
    let texts = ["https://a.example", "https://B.example", "null", "https://a.example", "*"];
    let errors = OriginSet::parse(texts).expect_err("three faults");
    let found = |error: &EntryError| (error.index, error.error.fault);
    let faults: Vec<_> = errors.iter().map(found).collect();
    assert_eq!(faults, [(1, Fault::UpperCase), (3, Fault::Duplicate(0)), (4, Fault::EveryOrigin)]);
    assert_eq!(
        errors[1].to_string(),
        "entry 3: `https://a.example` is not an origin pattern: the text repeats entry 0"
    );
}

#[test]
fn a_dangerous_pattern_has_a_remark_and_is_accepted() {
    for (text, remark) in [("https://*.github.io", "public-suffix"), ("null", "null-origin")] {
        assert!(OriginSet::parse([text]).is_ok(), "{text}");
        let policy: Policy = serde_json::from_value(serde_json::json!({"origins": [text]})).expect("a policy");
        assert!(review(&policy).iter().any(|found| found.id == remark), "{text}");
    }
}
