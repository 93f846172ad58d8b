//! Requests: methods and headers that need a preflight, and those that a script may not set.

use cors_reference::request::{CredentialsMode, Mode, RedirectMode};

use super::{
    collection::Cases,
    visit_builder::{ACAO, BOTH, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let granted = |credentials| VisitBuilder::granted(world, credentials);
    let plain = || granted(CredentialsMode::Omit);
    for name in ["Accept", "Accept-Language", "Content-Language", "Range"] {
        for byte in interesting_bytes() {
            cases.push("req_safelist", plain().header(name, &format!("a{byte}b")));
        }
        for length in [127, 128, 129] {
            cases.push("req_safelist", plain().header(name, &"a".repeat(length)));
        }
    }
    for value in content_types() {
        cases.push("req_safelist", plain().method("POST").header("Content-Type", value).body("x"));
    }
    for value in ranges() {
        cases.push("req_safelist", plain().header("Range", value));
    }
    for name in [
        "X-A",
        "Save-Data",
        "DPR",
        "Viewport-Width",
        "Downlink",
        "Cache-Control",
        "If-None-Match",
        "ETag",
        "User-Agent",
    ] {
        cases.push("req_safelist", plain().header(name, "1"));
    }
    for last in [126, 127, 128] {
        let visit = (0..7).fold(plain(), |visit, _| visit.header("Accept", &"a".repeat(128)));
        cases.push("req_safelist", visit.header("Content-Language", &"a".repeat(last)).header("Range", "bytes=0-"));
    }
    for names in [
        &["X-B", "X-A"][..],
        &["x-a", "X-A"],
        &["X-B", "Accept", "x-a"],
        &["Content-Type", "X-A"],
        &["X-A", "authorization"],
        &["X_A", "X-A"],
        &["x-1", "X-A", "x!"],
    ] {
        for credentials in BOTH {
            let visit = names.iter().fold(granted(credentials), |visit, name| visit.header(name, "a/b"));
            cases.push("acrh", visit);
        }
    }
    for (name, value) in forbidden() {
        cases.push("forbidden_req", plain().header(name, value));
    }
    for method in METHODS {
        for credentials in BOTH {
            cases.push("method", granted(credentials).method(method));
        }
    }
    cases.push("method", plain().method("GET").body("x"));
    cases.push("method", plain().method("HEAD").body("x"));
    cases.push("method", plain().method("POST").body("x"));
    cases.push("method", plain().method("PUT").body("x"));
    modes(cases);
}

/// Returns the characters that the safelist distinguishes.
fn interesting_bytes() -> Vec<char> {
    let controls = [1u8, 8, 9, 11, 12, 14, 31, 127].map(char::from);
    let high = [0x80u8, 0xA0, 0xC3, 0xE9, 0xFF].map(char::from);
    controls
        .into_iter()
        .chain((0x20u8..0x7F).filter(|byte| !byte.is_ascii_alphanumeric()).map(char::from))
        .chain(high)
        .collect()
}

/// Returns values of `Content-Type`.
fn content_types() -> [&'static str; 38] {
    [
        "text/plain",
        "TEXT/PLAIN",
        "text/plain;charset=utf-8",
        "text/plain; charset=utf-8",
        " text/plain ",
        "text/plain;",
        "text/plain;a",
        "text/plain;a=",
        "text/plain;=b",
        "text/plain;a=b;c=d",
        "text/plain ;a=b",
        "text/plain, text/plain",
        "text/plain,",
        "text/",
        "/plain",
        "text",
        "",
        "text/html",
        "text/plainx",
        "xtext/plain",
        "text /plain",
        "text/ plain",
        "text/pla in",
        "application/json",
        "application/json; a=text/plain",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "APPLICATION/X-WWW-FORM-URLENCODED",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/mixed",
        "application/octet-stream",
        "text/*",
        "*/*",
        "text/plain\u{e9}",
        "text/plain;a=\u{e9}",
        "text/plain;a=b,c",
        "text/plain'",
    ]
}

/// Returns values of `Range`.
fn ranges() -> [&'static str; 32] {
    [
        "bytes=0-",
        "bytes=0-5",
        "bytes=5-5",
        "bytes=5-4",
        "bytes=10-9",
        "bytes=9-10",
        "bytes=09-10",
        "bytes=-500",
        "bytes=-",
        "bytes=",
        "bytes",
        "bytes=0",
        "bytes =0-",
        "bytes= 0-",
        "bytes=0 -",
        "bytes=0- ",
        "bytes=0- 5",
        "bytes=0-5,6-7",
        "bytes=0-,",
        "Bytes=0-",
        "BYTES=0-5",
        "items=0-5",
        "bytes=a-",
        "bytes=0-b",
        "bytes=0--1",
        "bytes=+0-",
        "bytes=0x0-",
        "bytes=1.5-2",
        "bytes=0-18446744073709551615",
        "bytes=9223372036854775807-",
        "bytes=00000000000000000000001-2",
        "bytes=0-5;",
    ]
}

/// Returns request headers that a script may not set, and similar ones.
fn forbidden() -> Vec<(&'static str, &'static str)> {
    let names = [
        "Accept-Charset",
        "Accept-Encoding",
        "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Connection",
        "Content-Length",
        "Cookie",
        "Cookie2",
        "Date",
        "DNT",
        "Expect",
        "Host",
        "Keep-Alive",
        "Origin",
        "Referer",
        "Set-Cookie",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
        "Proxy-",
        "Proxy-Authorization",
        "proxy-x",
        "Sec-",
        "sec-x",
        "Sec-Fetch-Site",
        "SEC-A",
        "Proxy",
        "Sec",
        "xSec-A",
        "Origins",
        "Hosts",
        "Cookies",
        "Access-Control-Request-Private-Network",
        "X-Forwarded-For",
    ];
    let overrides = [
        "TRACE",
        "trace",
        "CONNECT",
        "TRACK",
        "GET",
        "PUT",
        "GET, TRACE",
        "TRACE,GET",
        "GET,\tTrack ",
        "\"TRACE\"",
        "TRACE TRACK",
        "XTRACE",
        "",
    ];
    let override_names = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "x-http-method-override"];
    let of_override = override_names.into_iter().flat_map(|name| overrides.map(|value| (name, value)));
    names.into_iter().map(|name| (name, "1")).chain(of_override).collect()
}

const METHODS: [&str; 36] = [
    "GET", "get", "Get", "HEAD", "head", "POST", "post", "PUT", "put", "DELETE", "delete", "DeLeTe", "OPTIONS",
    "options", "PATCH", "patch", "Patch", "CHICKEN", "chicken", "CONNECT", "connect", "TRACE", "TRACK", "track", "",
    " GET", "GET ", "G ET", "GET,PUT", "PUT:", "PÜT", "!", "*", "get1", "LINK", "propfind",
];

/// Fetches in each mode.
fn modes(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    for place in [Place::Own, Place::Target] {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            for method in ["GET", "HEAD", "POST", "PUT"] {
                for credentials in [CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include] {
                    let visit = VisitBuilder::granted(world, credentials).to(place).mode(mode).method(method);
                    cases.push("mode", visit);
                }
            }
            for (name, value) in
                [("X-A", "1"), ("Content-Type", "application/json"), ("Range", "bytes=0-5"), ("Accept", "a/b")]
            {
                let visit =
                    VisitBuilder::granted(world, CredentialsMode::Omit).to(place).mode(mode).header(name, value);
                cases.push("mode", visit.answer(200, &[("X-A", "a"), ("Set-Cookie", "n=1; Path=/nowhere")]));
            }
            for redirect in [RedirectMode::Error, RedirectMode::Manual] {
                let visit = VisitBuilder::granted(world, CredentialsMode::Omit).to(place).mode(mode).redirect(redirect);
                cases.push("mode", visit.clone());
                cases.push("mode", visit.answer(302, &[(ACAO, page.as_str()), ("Location", "/c/{id}/1")]));
            }
        }
    }
}
