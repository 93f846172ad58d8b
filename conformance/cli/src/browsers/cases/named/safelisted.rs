//! Request headers at the limits of the safelist: large numbers, client hints, commas.

use cors_reference::request::CredentialsMode;

use super::super::{collection::Cases, visit_builder::VisitBuilder};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let mut push = |group, name: String, header: &str, value: &str| {
        cases.push_named(group, name, VisitBuilder::granted(world, CredentialsMode::Omit).header(header, value));
    };
    let numbers = [
        ("below-63-bits", "9223372036854775806"),
        ("63-bits", "9223372036854775807"),
        ("above-63-bits", "9223372036854775808"),
        ("64-bits", "18446744073709551615"),
        ("above-64-bits", "18446744073709551616"),
        ("thirty-digits", "100000000000000000000000000000"),
    ];
    for (name, number) in numbers {
        push("req_safelist", format!("range-from-{name}"), "Range", &format!("bytes={number}-"));
        push("req_safelist", format!("range-to-{name}"), "Range", &format!("bytes=0-{number}"));
        push("req_safelist", format!("range-from-and-to-{name}"), "Range", &format!("bytes={number}-{number}"));
    }
    for (name, value) in [
        ("space-after-unit", "bytes =0-"),
        ("space-after-equals", "bytes= 0-"),
        ("space-before-dash", "bytes=0 -5"),
        ("space-after-dash", "bytes=0- 5"),
        ("tabs-everywhere", "bytes\t=\t0\t-\t5"),
        ("space-in-number", "bytes=0-1 5"),
        ("space-and-no-end", "bytes=0 - "),
        ("two-with-space", "bytes=0-5, 6-7"),
        ("plus-to", "bytes=0-+5"),
        ("plus-twice", "bytes=++0-"),
        ("minus-from", "bytes=-0-"),
        ("unit-in-mixed-case", "bYtEs=0-5"),
    ] {
        push("req_safelist", format!("range-{name}"), "Range", value);
    }
    for hint in [
        "DPR",
        "Width",
        "Viewport-Width",
        "Device-Memory",
        "RTT",
        "Downlink",
        "ECT",
        "Save-Data",
        "User-Agent",
        "X-Client-Data",
        "Purpose",
        "Intervention",
        "Last-Event-ID",
        "If-Modified-Since",
        "DNT2",
        "Upgrade-Insecure-Requests",
        "Priority",
        "Early-Data",
        "Pragma",
        "Content-Encoding",
        "Content-Location",
        "Lang",
    ] {
        for (name, value) in [("one", "1"), ("decimal", "1.5"), ("word", "on"), ("quoted", "\"x\""), ("empty", "")] {
            push("req_safelist", format!("{}-{name}", hint.to_lowercase()), hint, value);
        }
    }
    for (name, value) in [
        ("comma-last", "text/plain,"),
        ("comma-first", ",text/plain"),
        ("two-plain", "text/plain, text/plain"),
        ("comma-in-parameter", "text/plain;charset=a,b"),
        ("comma-in-unknown-parameter", "text/plain;a=b,c"),
        ("comma-and-html", "text/plain;a=b, text/html"),
        ("semicolon", "text/plain;"),
        ("two-semicolons", "text/plain;;"),
        ("three-semicolons", "text/plain;;;"),
        ("semicolon-after-parameter", "text/plain;a=b;"),
        ("empty-parameter-first", "text/plain;;a=b"),
        ("empty-parameter-between", "text/plain;a=b;;c=d"),
        ("blank-parameter-last", "text/plain;a=b; "),
        ("space-before-semicolon", "text/plain ;a=b"),
        ("tab-after-semicolon", "text/plain;\ta=b"),
        ("star", "*/*"),
        ("half-star", "text/*"),
        ("charset-comma-free", "text/plain;charset='utf-8'"),
        ("space-first-in-essence", "text / plain"),
        ("vertical-tab", "text/plain\u{b}"),
        ("form-feed", "text/plain;\u{c}a=b"),
        ("no-essence", ";charset=utf-8"),
        ("slash-twice", "text/plain/x"),
        ("upper-form", "MULTIPART/FORM-DATA; boundary=x"),
        ("form-with-charset", "application/x-www-form-urlencoded;charset=UTF-8"),
        ("percent", "text/plain;a=%22"),
        ("apostrophe", "text/plain;a='b'"),
        ("parameter-without-name", "text/plain;=b"),
    ] {
        push("req_safelist", format!("content-type-{name}"), "Content-Type", value);
    }
    for header in ["X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"] {
        for (name, value) in [
            ("semicolon", "GET;TRACE"),
            ("comma-last", "TRACE,"),
            ("quoted", "\"TRACE\""),
            ("tab", "\tTRACE\t,PUT"),
            ("quote-unclosed-after", "TRACE,\"a"),
            ("form-feed", "\u{c}TRACE"),
            ("high-byte", "TRACE\u{e9}"),
        ] {
            push("forbidden_req", format!("{}-{name}", header.to_lowercase()), header, value);
        }
    }
}
