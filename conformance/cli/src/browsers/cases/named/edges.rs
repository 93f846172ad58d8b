//! Edges where browsers are known, or likely, to part from the text and from one another.

use cors_reference::request::{CredentialsMode, Mode, RedirectMode};

use super::{
    super::{
        World,
        draft::{ACAC, ACAH, ACAM, ACAO, ACEH, Draft, Place},
    },
    Named,
};

pub(super) fn cases(world: World) -> Vec<Named> {
    [
        safelisted,
        empty_lines,
        locations_not_followed,
        statuses,
        redirected_from_own,
        redirected_home,
        redirected_methods,
        no_cors,
    ]
    .into_iter()
    .flat_map(|of| of(world))
    .collect()
}

/// Makes a request of a draft.
type Make = fn(Draft) -> Draft;

fn allow(origin: &str) -> Vec<(&'static str, String)> {
    vec![(ACAO, origin.to_owned()), (ACAC, "true".to_owned())]
}

fn to(origin: &str, location: &str) -> Vec<(&'static str, String)> {
    [&allow(origin)[..], &[("Location", location.to_owned())]].concat()
}

/// Numbers at the ends of 63 and 64 bits, client hints, commas.
fn safelisted(world: World) -> Vec<Named> {
    let mut cases = Vec::new();
    let mut push = |group, name: String, header: &str, value: &str| {
        cases.push(Named::one(group, name, Draft::granted(world, CredentialsMode::Omit).header(header, value)));
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
    cases
}

/// Header lines without a value, alone and beside others.
fn empty_lines(world: World) -> Vec<Named> {
    let page = world.page_origin();
    let page = page.as_str();
    let mut cases = Vec::new();
    let answer =
        |headers: &[(&str, &str)]| Draft::new(world).credentials(CredentialsMode::Include).answer(200, headers);
    let mut push = |group, name: &str, draft| cases.push(Named::one(group, name, draft));
    push("acao", "empty-line-first", answer(&[(ACAO, ""), (ACAO, page), (ACAC, "true")]));
    push("acao", "empty-line-last", answer(&[(ACAO, page), (ACAO, ""), (ACAC, "true")]));
    push("acao", "empty-line-alone", answer(&[(ACAO, ""), (ACAC, "true")]));
    push("acao", "blank-line-first", answer(&[(ACAO, " \t"), (ACAO, page), (ACAC, "true")]));
    push("acac", "spaces-alone-first", answer(&[(ACAO, page), (ACAC, "  "), (ACAC, "true")]));
    push("acac", "two-empty-lines", answer(&[(ACAO, page), (ACAC, ""), (ACAC, ""), (ACAC, "true")]));
    push("acac", "empty-line-between", answer(&[(ACAO, page), (ACAC, "true"), (ACAC, ""), (ACAC, "true")]));
    let exposed = |headers: &[(&str, &str)]| answer(&[&[(ACAO, page), (ACAC, "true")], headers].concat());
    push("expose", "header-without-value", exposed(&[(ACEH, "X-A, X-B"), ("X-A", ""), ("X-B", "b")]));
    push("expose", "header-without-value-twice", exposed(&[(ACEH, "X-A"), ("X-A", ""), ("X-A", "")]));
    push("expose", "empty-line-first", exposed(&[(ACEH, ""), (ACEH, "X-A"), ("X-A", "a")]));
    push("expose", "safelisted-without-value", exposed(&[("Cache-Control", ""), ("Pragma", ""), ("Expires", "")]));
    push("expose", "own-origin-without-value", answer(&[("X-A", ""), ("X-B", "b")]).to(Place::Own));
    push("expose", "wildcard-without-value", {
        Draft::new(world).answer(200, &[(ACAO, page), (ACEH, "*"), ("X-A", ""), ("X-B", "b")])
    });
    let granted = |headers: &[(&str, &str)]| {
        let preflight = [&[(ACAO, page), (ACAC, "true")], headers].concat();
        answer(&[(ACAO, page), (ACAC, "true")]).method("PUT").header("X-A", "1").preflight(200, &preflight)
    };
    push("acam", "empty-line-first", granted(&[(ACAM, ""), (ACAM, "PUT"), (ACAH, "x-a")]));
    push("acah", "empty-line-between", granted(&[(ACAM, "PUT"), (ACAH, "x-b"), (ACAH, ""), (ACAH, "x-a")]));
    cases
}

/// Locations under the redirect modes that do not follow them.
fn locations_not_followed(world: World) -> Vec<Named> {
    let page = world.page_origin();
    let mut cases = Vec::new();
    for (mode_name, mode) in [("manual", RedirectMode::Manual), ("error", RedirectMode::Error)] {
        for (name, locations) in [
            ("empty", vec![""]),
            ("ftp", vec!["ftp://127.0.0.1/"]),
            ("data", vec!["data:text/plain,x"]),
            ("javascript", vec!["javascript:1"]),
            ("credentials", vec!["{target@}/c/{id}/1"]),
            ("own-credentials", vec!["{own@}/c/{id}/1"]),
            ("bad-port", vec!["http://127.0.0.1:25/"]),
            ("no-host", vec!["http://"]),
            ("equal-twice", vec!["/c/{id}/1", "/c/{id}/1"]),
            ("different-twice", vec!["/c/{id}/1", "/c/{id}/2"]),
            ("unknown-scheme", vec!["x-a:b"]),
        ] {
            for (from, place) in [("target", Place::Target), ("own", Place::Own)] {
                let lines = locations.iter().map(|location| ("Location", (*location).to_owned()));
                let headers: Vec<_> = allow(&page).into_iter().chain(lines).collect();
                let draft = Draft::new(world).to(place).redirect(mode).answer(302, &headers);
                cases.push(Named::one("redirect", format!("{mode_name}-{name}-from-{from}"), draft));
            }
        }
    }
    for status in [200, 201, 302, 404] {
        let lines = [("Location", "/c/{id}/1".to_owned()), ("Location", "/c/{id}/2".to_owned())];
        let draft = Draft::new(world).answer(status, &[&allow(&page)[..], &lines].concat());
        cases.push(Named::one("redirect", format!("different-locations-{status}"), draft));
        let preflight = [&allow(&page)[..], &lines, &[(ACAM, "PUT".to_owned())]].concat();
        let draft = Draft::new(world).method("PUT").preflight(status, &preflight).answer(200, &allow(&page));
        cases.push(Named::one("preflight_status", format!("different-locations-{status}"), draft));
    }
    for (name, location) in [("empty", ""), ("blank", " \t"), ("fragment", "#f"), ("query", "?q")] {
        for (from, place) in [("target", Place::Target), ("own", Place::Own)] {
            let draft = Draft::new(world).to(place).answer(302, &to(&page, location)).hop(&[], 200, &allow(&page));
            cases.push(Named::one("redirect", format!("location-{name}-from-{from}"), draft));
        }
    }
    for (name, method, place) in [("get-own", "GET", Place::Own), ("put-target", "PUT", Place::Target)] {
        for (from, next) in [("own", "{own@}"), ("target", "{target@}"), ("third", "{third@}")] {
            for (mode_name, mode) in [("cors", Mode::Cors), ("no-cors", Mode::NoCors)] {
                if mode == Mode::NoCors && method == "PUT" {
                    continue;
                }
                let preflight = [&allow("*")[..], &[(ACAM, "PUT".to_owned())]].concat();
                let draft = Draft::new(world).to(place).mode(mode).method(method).preflight(200, &preflight);
                let draft =
                    draft.answer(307, &to("*", &format!("{next}/c/{{id}}/1"))).hop(&preflight, 200, &allow("*"));
                cases.push(Named::one("redirect", format!("credentials-{name}-to-{from}-{mode_name}"), draft));
            }
        }
    }
    cases
}

/// Every kind of 3xx, with a location.
fn statuses(world: World) -> Vec<Named> {
    let page = world.page_origin();
    let mut cases = Vec::new();
    for status in [300, 304, 305, 306, 309, 310, 320, 350, 398, 399] {
        for (from, place) in [("target", Place::Target), ("own", Place::Own)] {
            for method in ["GET", "POST"] {
                let draft = Draft::new(world).to(place).method(method).answer(status, &to(&page, "/c/{id}/1"));
                let name = format!("{status}-{}-from-{from}", method.to_lowercase());
                cases.push(Named::one("redirect", name, draft.hop(&[], 200, &allow(&page))));
            }
        }
        let put = Draft::new(world).method("PUT").answer(200, &allow(&page));
        let preflight = [&to(&page, "/c/{id}/1")[..], &[(ACAM, "PUT".to_owned())]].concat();
        cases.push(Named::one(
            "preflight_status",
            format!("{status}-with-location"),
            put.preflight(status, &preflight),
        ));
        if status != 304 {
            let manual = Draft::new(world).redirect(RedirectMode::Manual).answer(status, &to(&page, "/c/{id}/1"));
            cases.push(Named::one("redirect", format!("{status}-manual"), manual));
            let error = Draft::new(world).redirect(RedirectMode::Error).answer(status, &to(&page, "/c/{id}/1"));
            cases.push(Named::one("redirect", format!("{status}-error"), error));
        }
    }
    cases
}

/// A fetch of the page's own origin that a redirect leads away: what asks for a preflight then?
fn redirected_from_own(world: World) -> Vec<Named> {
    let page = &world.page_origin();
    let mut cases = Vec::new();
    let requests: [(&str, Make); 8] = [
        ("get", |draft| draft),
        ("put", |draft| draft.method("PUT").body("x")),
        ("delete", |draft| draft.method("DELETE")),
        ("json", |draft| draft.method("POST").header("Content-Type", "application/json").body("{}")),
        ("named", |draft| draft.header("X-A", "1")),
        ("authorized", |draft| draft.header("Authorization", "t")),
        ("authorized-and-named", |draft| draft.header("Authorization", "t").header("X-A", "1")),
        ("language", |draft| draft.method("POST").header("Content-Language", "_").body("x")),
    ];
    for (name, of) in requests {
        for status in [301, 303, 307] {
            for (grants, headers) in
                [("all", "x-a, authorization, content-type, content-language"), ("names", "x-a"), ("none", "")]
            {
                let mut preflight = allow(page);
                if grants != "none" {
                    preflight.extend([(ACAM, "PUT, DELETE".to_owned()), (ACAH, headers.to_owned())]);
                }
                let draft = of(Draft::new(world).to(Place::Own)).answer(status, &to("*", "{target}/c/{id}/1"));
                let draft = draft.hop(&preflight, 200, &allow(page));
                cases.push(Named::one("redirect", format!("own-{name}-{status}-granting-{grants}"), draft));
                let mut first = allow(page);
                first.extend([(ACAM, "PUT, DELETE".to_owned())]);
                first.extend([(ACAH, "x-a, authorization, content-type, content-language".to_owned())]);
                let draft = of(Draft::new(world)).preflight(200, &first).answer(status, &to(page, "{third}/c/{id}/1"));
                let tainted = preflight.into_iter().map(|(name, value)| match name {
                    ACAO => (name, "null".to_owned()),
                    _ => (name, value),
                });
                let draft = draft.hop(&tainted.collect::<Vec<_>>(), 200, &allow("null"));
                cases.push(Named::one("redirect", format!("target-{name}-{status}-granting-{grants}"), draft));
            }
        }
    }
    // What a first redirect removed, before a second one.
    for (name, of) in requests {
        for (grants, headers) in [("all", "x-a, authorization, content-type, content-language"), ("names", "x-a")] {
            for (second, next) in [("target", "{target}"), ("own", "{own}")] {
                let preflight =
                    [&allow("*")[..], &[(ACAM, "PUT, DELETE".to_owned()), (ACAH, headers.to_owned())]].concat();
                let draft = of(Draft::new(world).to(Place::Own)).answer(302, &to("*", "{target}/c/{id}/1"));
                let draft = draft.hop(&preflight, 307, &to("*", &format!("{next}/c/{{id}}/2")));
                let name = format!("own-{name}-target-{second}-granting-{grants}");
                cases.push(Named::one("redirect", name, draft.hop(&preflight, 200, &allow("*"))));
            }
        }
    }
    cases
}

/// Back to the page's own origin by another one, and on within it.
fn redirected_home(world: World) -> Vec<Named> {
    let page = &world.page_origin();
    let mut cases = Vec::new();
    let grant = |origin: &str| [&allow(origin)[..], &[(ACAM, "PUT".to_owned())]].concat();
    for (first, origin) in [("page", page.as_str()), ("null", "null"), ("wildcard", "*")] {
        for (second, last) in [("page", page.as_str()), ("null", "null"), ("wildcard", "*")] {
            let draft = Draft::new(world).method("PUT").preflight(200, &grant(page));
            let draft = draft.answer(307, &to(page, "{own}/c/{id}/1"));
            let draft = draft.hop(&grant(origin), 307, &to("*", "{own}/c/{id}/2")).hop(&grant(last), 200, &allow("*"));
            cases.push(Named::one("redirect", format!("home-{first}-then-own-{second}"), draft));
            let draft = Draft::new(world).method("PUT").preflight(200, &grant(page));
            let draft = draft.answer(307, &to(page, "{own}/c/{id}/1"));
            let draft = draft.hop(&grant(origin), 307, &to("*", "{third}/c/{id}/2"));
            cases.push(Named::one(
                "redirect",
                format!("home-{first}-then-third-{second}"),
                draft.hop(&grant(last), 200, &allow("*")),
            ));
        }
    }
    cases
}

/// What a redirect to another origin makes of each method.
fn redirected_methods(world: World) -> Vec<Named> {
    let page = &world.page_origin();
    let mut cases = Vec::new();
    for method in ["DELETE", "PUT", "PATCH", "OPTIONS"] {
        for status in [301, 302, 303, 307, 308] {
            let grant =
                |origin: &str| [&allow(origin)[..], &[(ACAM, "PUT, DELETE, PATCH, OPTIONS".to_owned())]].concat();
            let draft = Draft::new(world).method(method).preflight(200, &grant(page));
            let draft = draft.answer(status, &to(page, "{third}/c/{id}/1"));
            let name = format!("{}-{status}-to-third", method.to_lowercase());
            cases.push(Named::one(
                "redirect",
                format!("{name}-granted"),
                draft.clone().hop(&grant("null"), 200, &allow("null")),
            ));
            cases.push(Named::one(
                "redirect",
                format!("{name}-wildcard"),
                draft.clone().hop(&grant("*"), 200, &allow("*")),
            ));
            cases.push(Named::one(
                "redirect",
                format!("{name}-refused"),
                draft.hop(&allow("null"), 200, &allow("null")),
            ));
        }
    }
    cases
}

/// Whose origin a request without CORS carries on its way.
fn no_cors(world: World) -> Vec<Named> {
    let mut cases = Vec::new();
    let places = [("own", Place::Own), ("target", Place::Target), ("third", Place::Third)];
    for (first, place) in places {
        for (second, _) in places {
            for (third, _) in places {
                for status in [302, 307] {
                    let at = |next: &str, hop: usize| [("Location", format!("{{{next}}}/c/{{id}}/{hop}"))];
                    let draft = Draft::new(world).to(place).mode(Mode::NoCors).method("POST").body("x");
                    let draft = draft.answer(status, &at(second, 1)).hop(&[], status, &at(third, 2));
                    let name = format!("no-cors-{status}-{first}-{second}-{third}");
                    cases.push(Named::one("mode", name, draft.hop::<String>(&[], 200, &[])));
                }
            }
        }
    }
    cases
}
