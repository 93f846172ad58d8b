//! Requests: edge cases of headers, methods and modes.

use cors_reference::request::{CredentialsMode, Mode};

use super::super::{
    collection::Cases,
    visit_builder::{ACAM, ACAO, BOTH, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    safelisted(cases);
    requested_headers(cases);
    methods_and_modes(cases);
}

/// Values at the limits of the safelist.
fn safelisted(cases: &mut Cases) {
    let world = cases.world();
    let plain = || VisitBuilder::granted(world, CredentialsMode::Omit);
    let mut push = |name: String, visit| cases.push_named("req_safelist", name, visit);
    // Every byte that a header value can contain, except letters and digits, in a parameter of a Content-Type.
    let may_be_sent = |byte: &u8| !matches!(byte, b'\n' | b'\r') && !byte.is_ascii_alphanumeric();
    for byte in (0x01..=0x7F).filter(may_be_sent).chain([0x80, 0xA0, 0xC3, 0xE9, 0xFF]) {
        let value = format!("text/plain;a={}b", char::from(byte));
        push(format!("content-type-byte-{byte:02x}"), plain().header("Content-Type", &value));
    }
    // The control characters that the table does not contain.
    for byte in [0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0F, 0x10, 0x15, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E] {
        push(format!("accept-byte-{byte:02x}"), plain().header("Accept", &format!("a{}b", char::from(byte))));
    }
    for length in [127usize, 128, 129] {
        let content_type = format!("text/plain;a={}", "a".repeat(length - 13));
        push(format!("content-type-of-{length}"), plain().header("Content-Type", &content_type));
        let range = format!("bytes={}-", "0".repeat(length - 7));
        push(format!("range-of-{length}"), plain().header("Range", &range));
        push(format!("accept-of-{length}-high-bytes"), plain().header("Accept", &"\u{e9}".repeat(length)));
    }
    // A total of 1024 bytes needs repeated headers, because there are five names with at most 128 bytes each.
    for last in [119, 120, 121] {
        let visit = (0..7).fold(plain(), |visit, _| visit.header("Accept", &"a".repeat(128)));
        let visit = visit.header("Content-Language", &"a".repeat(last)).header("Range", "bytes=0-");
        push(format!("total-of-{}", 7 * 128 + last + 8), visit);
    }
    let eight = || (0..8).fold(plain(), |visit, _| visit.header("Accept", &"a".repeat(128)));
    push("total-of-1024-by-one-name".to_owned(), eight());
    push("total-of-1025-by-one-byte-more".to_owned(), eight().header("Accept-Language", "a"));
    push("total-of-1024-and-unsafe".to_owned(), eight().header("X-A", &"a".repeat(200)));
    let five = ["Accept", "Accept-Language", "Content-Language"]
        .into_iter()
        .fold(plain(), |visit, name| visit.header(name, &"a".repeat(128)))
        .header("Content-Type", &format!("text/plain;a={}", "a".repeat(115)));
    push("total-of-640-by-five-names".to_owned(), five.header("Range", &format!("bytes={}-", "0".repeat(121))));
    for name in ["Accept", "Accept-Language", "Content-Language", "Content-Type", "Range"] {
        let lower = name.to_lowercase();
        push(format!("{lower}-empty"), plain().header(name, ""));
        push(format!("{lower}-nul"), plain().header(name, "a\0b"));
        let value = match name {
            "Content-Type" => "text/plain",
            "Range" => "bytes=0-",
            _ => "en",
        };
        push(format!("{lower}-twice"), plain().header(name, value).header(name, value));
        push(format!("{lower}-upper-case"), plain().header(&name.to_uppercase(), value));
        push(format!("{lower}-then-unsafe"), plain().header(name, value).header(name, "a(b"));
    }
    for name in ["Accepts", "Accept-Charsets", "Content-Languages", "Content_Type", "Ranges", "If-Range"] {
        push(format!("similar-{}", name.to_lowercase()), plain().header(name, "en"));
    }
}

/// Lists of `Access-Control-Request-Headers`.
fn requested_headers(cases: &mut Cases) {
    let world = cases.world();
    let long = "a".repeat(129);
    let long = long.as_str();
    let lists: [(&str, &[(&str, &str)]); 14] = [
        ("upper-and-lower", &[("Z", "1"), ("a", "1"), ("M", "1")]),
        ("prefixes", &[("x-aa", "1"), ("x-a", "1"), ("x", "1")]),
        ("punctuation", &[("x_a", "1"), ("x-a", "1"), ("x.a", "1"), ("x~a", "1"), ("xa", "1")]),
        ("digits", &[("x-10", "1"), ("x-9", "1"), ("x-1", "1")]),
        ("symbols-alone", &[("~", "1"), ("!", "1"), ("^", "1")]),
        ("repeated-in-three-cases", &[("X-A", "1"), ("x-a", "2"), ("x-A", "3")]),
        ("forbidden-left-out", &[("Cookie", "1"), ("X-A", "1"), ("Sec-X", "1"), ("Proxy-X", "1")]),
        ("forbidden-alone", &[("Cookie", "1"), ("Host", "1")]),
        ("safelisted-left-out", &[("Accept", "a"), ("X-A", "1"), ("Content-Language", "en")]),
        ("safelisted-too-long", &[("Accept", long), ("X-A", "1")]),
        ("safelisted-unsafe-by-second-line", &[("Accept", "a"), ("Accept", "a:b")]),
        (
            "all-five-unsafe",
            &[
                ("Range", "x"),
                ("Content-Type", "x"),
                ("Content-Language", "_"),
                ("Accept-Language", "_"),
                ("Accept", ":"),
            ],
        ),
        ("authorization-in-order", &[("X-A", "1"), ("Authorization", "t"), ("B", "1")]),
        ("empty-values", &[("X-B", ""), ("X-A", "")]),
    ];
    for (name, headers) in lists {
        for method in ["GET", "PUT"] {
            let visit = VisitBuilder::granted(world, CredentialsMode::Omit).method(method);
            let visit = headers.iter().fold(visit, |visit, (name, value)| visit.header(name, value));
            cases.push_named("acrh", format!("{name}-{}", method.to_lowercase()), visit);
        }
    }
    let many = (0..60u8).rev().fold(VisitBuilder::granted(world, CredentialsMode::Omit), |visit, number| {
        visit.header(&format!("X-{number:02}"), "1")
    });
    cases.push_named("acrh", "sixty-names-in-reverse", many);
    let long_name = format!("X-{}", "a".repeat(200));
    cases.push_named("acrh", "long-name", VisitBuilder::granted(world, CredentialsMode::Omit).header(&long_name, "1"));
    for (name, value) in [
        ("quoted-comma", r#""a,TRACE,b""#),
        ("escaped-quote", r#""\",TRACE,""#),
        ("backslash-outside", r#"\",TRACE,""#),
        ("after-quoted", r#""\"",TRACE"#),
        ("unclosed-quote", r#""a,TRACE"#),
        ("last-of-three", "GET, PUT, track"),
        ("empty-items", ",,CONNECT,,"),
    ] {
        let visit = VisitBuilder::granted(world, CredentialsMode::Omit).header("X-HTTP-Method-Override", value);
        cases.push_named("forbidden_req", format!("override-{name}"), visit);
    }
    for name in ["Cookie", "Sec-X", "X-A", "Authorization"] {
        let lower = name.to_lowercase();
        let own = VisitBuilder::granted(world, CredentialsMode::Include).to(Place::Own).header(name, "1");
        cases.push_named("forbidden_req", format!("{lower}-own-origin"), own);
        let no_cors = VisitBuilder::granted(world, CredentialsMode::Omit).mode(Mode::NoCors).header(name, "1");
        cases.push_named("forbidden_req", format!("{lower}-no-cors"), no_cors);
    }
}

/// Unusual methods and modes.
fn methods_and_modes(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    for (name, method) in
        [("link", "LINK"), ("propfind", "propfind"), ("get1", "get1"), ("msearch", "M-SEARCH"), ("exclamation", "!")]
    {
        for credentials in BOTH {
            let mode = if credentials == CredentialsMode::Include { "include" } else { "omit" };
            let visit = VisitBuilder::granted(world, credentials).method(method);
            let grant = [&visit.allow()[..], &[(ACAM, method.to_owned())]].concat();
            cases.push_named("method", format!("{name}-granted-{mode}"), visit.preflight(200, &grant));
        }
        let own = VisitBuilder::new(world).to(Place::Own).method(method).answer::<&str>(200, &[]);
        cases.push_named("method", format!("{name}-own-origin"), own);
    }
    for (name, method) in [("connect", "Connect"), ("trace", "trace"), ("space", "P UT"), ("empty", "")] {
        let own = VisitBuilder::new(world).to(Place::Own).method(method).answer::<&str>(200, &[]);
        cases.push_named("method", format!("refused-{name}-own-origin"), own);
    }
    // Redirects in the modes without CORS.
    let places = [("own", Place::Own), ("target", Place::Target), ("third", Place::Third)];
    for (mode_name, mode) in [("no-cors", Mode::NoCors), ("same-origin", Mode::SameOrigin)] {
        for (first, place) in places {
            for (second, _) in places {
                for method in ["GET", "POST"] {
                    let location = [(ACAO, page.clone()), ("Location", format!("{{{second}}}/c/{{id}}/1"))];
                    let visit = VisitBuilder::new(world).to(place).mode(mode).method(method);
                    let visit = visit.answer(307, &location).hop::<&str>(&[], 200, &[]);
                    let name = format!("{mode_name}-{}-{first}-to-{second}", method.to_lowercase());
                    cases.push_named("mode", name, visit);
                }
            }
        }
    }
}
