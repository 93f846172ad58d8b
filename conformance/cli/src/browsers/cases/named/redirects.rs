//! Redirects that the table does not contain: other statuses, failing hops, unusual locations.

use cors_reference::request::{CredentialsMode, RedirectMode};

use super::super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, ACEH, BOTH, Place, VisitBuilder},
};

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

pub(super) fn add(cases: &mut Cases) {
    followed(cases);
    not_followed(cases);
    locations(cases);
}

/// Returns headers that permit an origin with credentials.
fn allow(origin: &str) -> Vec<(&'static str, String)> {
    vec![(ACAO, origin.to_owned()), (ACAC, "true".to_owned())]
}

/// Returns headers that permit an origin and redirect.
fn to(origin: &str, location: &str) -> Vec<(&'static str, String)> {
    [&allow(origin)[..], &[("Location", location.to_owned())]].concat()
}

/// Returns the headers of a successful preflight response.
fn grant(origin: &str) -> Vec<(&'static str, String)> {
    let mut grant = allow(origin);
    grant.extend([(ACAM, "PUT, DELETE, OPTIONS, CHICKEN".to_owned())]);
    grant.extend([(ACAH, "x-a, content-type, authorization".to_owned())]);
    grant
}

/// Redirects that are followed.
fn followed(cases: &mut Cases) {
    let world = cases.world();
    let page = &world.page_origin();
    for status in REDIRECTS {
        for method in ["DELETE", "OPTIONS", "CHICKEN", "put"] {
            let visit = VisitBuilder::new(world).method(method).preflight(200, &grant(page));
            let visit = visit.answer(status, &to(page, "{target}/c/{id}/1"));
            let name = format!("{status}-{}", method.to_lowercase());
            cases.push_named("redirect", name.clone(), visit.clone().hop(&grant(page), 200, &allow(page)));
            // The next server refuses the preflight, which a request that became GET does not need.
            cases.push_named("redirect", format!("{name}-then-refused"), visit.hop(&allow(page), 200, &allow(page)));
        }
        // A redirect that changes the method removes the body and its type.
        let post = VisitBuilder::new(world).method("POST").header("Content-Type", "application/json").body("{}");
        let post = post.preflight(200, &grant(page)).answer(status, &to(page, "{target}/c/{id}/1"));
        cases.push_named("redirect", format!("{status}-json-then-no-grant"), post.hop(&allow(page), 200, &allow(page)));
    }
    for (name, header) in [("named", "X-A"), ("authorized", "Authorization")] {
        for (from, place, next, origin) in [
            ("own-to-own", Place::Own, "own", page.as_str()),
            ("own-to-target", Place::Own, "target", page),
            ("target-to-target", Place::Target, "target", page),
            ("target-to-third", Place::Target, "third", "null"),
        ] {
            for (grants, preflight) in [("granted", grant(origin)), ("refused", allow(origin)), ("bare", vec![])] {
                let visit = VisitBuilder::new(world).to(place).header(header, "t").preflight(200, &grant(page));
                let visit = visit.answer(302, &to(page, &format!("{{{next}}}/c/{{id}}/1")));
                cases.push_named(
                    "redirect",
                    format!("{name}-{from}-{grants}"),
                    visit.hop(&preflight, 200, &allow(origin)),
                );
            }
        }
    }
    // A redirect back to the first origin does not restore Authorization.
    let visit = VisitBuilder::new(world).to(Place::Own).header("Authorization", "t");
    let visit = visit.answer(302, &to("*", "{target}/c/{id}/1")).hop(&[], 302, &to("*", "{own}/c/{id}/2"));
    cases.push_named("redirect", "authorized-own-to-target-to-own", visit.hop(&[], 200, &allow("null")));
    // The CORS check fails at each hop of a chain.
    for credentials in BOTH {
        let mode = if credentials == CredentialsMode::Include { "include" } else { "omit" };
        for (failing, allowed) in [
            ("none", [page.as_str(), page, page]),
            ("first", ["null", page, page]),
            ("second", [page, "null", page]),
            ("third", [page, page, "null"]),
        ] {
            let visit = VisitBuilder::new(world).credentials(credentials).answer(301, &to(allowed[0], "/c/{id}/1"));
            let visit = visit.hop(&[], 308, &to(allowed[1], "/c/{id}/2")).hop(&[], 200, &allow(allowed[2]));
            cases.push_named("redirect", format!("chain-failing-{failing}-{mode}"), visit);
        }
        for (name, last) in [("exact", vec![(ACAO, page.clone())]), ("wildcard", allow("*")), ("missing", vec![])] {
            let visit = VisitBuilder::new(world)
                .to(Place::Own)
                .credentials(credentials)
                .answer(302, &to("", "{target}/c/{id}/1"));
            cases.push_named("redirect", format!("own-to-target-{name}-{mode}"), visit.hop(&[], 200, &last));
        }
        let exposing = [&to(page, "/c/{id}/1")[..], &[(ACEH, "X-A, X-B".to_owned()), ("X-A", "a".to_owned())]].concat();
        let last = [&allow(page)[..], &[(ACEH, "X-B".to_owned()), ("X-B", "b".to_owned())]].concat();
        let visit = VisitBuilder::new(world).credentials(credentials).answer(302, &exposing).hop(&[], 200, &last);
        cases.push_named("redirect", format!("last-answer-exposes-{mode}"), visit);
    }
    // The limit of 20 redirects, within the page's origin and between two others.
    for count in [19, 20, 21] {
        let at = |hop: usize, places: [&str; 2]| format!("{{{}}}/c/{{id}}/{hop}", places[hop % 2]);
        for (name, place, places) in
            [("own", Place::Own, ["own"; 2]), ("two-others", Place::Target, ["target", "third"])]
        {
            let visit = VisitBuilder::new(world).to(place).answer(302, &to("*", &at(1, places)));
            let visit = (2..=count).fold(visit, |visit, hop| visit.hop::<String>(&[], 302, &to("*", &at(hop, places))));
            cases.push_named("redirect", format!("{count}-redirects-{name}"), visit.hop(&[], 200, &allow("*")));
        }
    }
}

/// Responses that are not followed.
fn not_followed(cases: &mut Cases) {
    let world = cases.world();
    let page = &world.page_origin();
    for status in [201, 300, 304, 305, 306, 399] {
        let visit = VisitBuilder::new(world).answer(status, &to(page, "/c/{id}/1"));
        cases.push_named("redirect", format!("{status}-is-none"), visit.hop(&[], 200, &allow(page)));
    }
    for (name, mode) in [("error", RedirectMode::Error), ("manual", RedirectMode::Manual)] {
        for status in REDIRECTS {
            let visit = VisitBuilder::new(world).redirect(mode).answer(status, &to(page, "{third}/c/{id}/1"));
            cases.push_named("redirect", format!("{name}-{status}"), visit);
        }
        let visit = || VisitBuilder::new(world).redirect(mode);
        cases.push_named("redirect", format!("{name}-not-redirected"), visit().answer(200, &allow(page)));
        cases.push_named("redirect", format!("{name}-300"), visit().answer(300, &to(page, "/c/{id}/1")));
        cases.push_named("redirect", format!("{name}-without-location"), visit().answer(302, &allow(page)));
        cases.push_named("redirect", format!("{name}-bad-location"), visit().answer(302, &to(page, "http://[")));
        cases.push_named("redirect", format!("{name}-without-cors"), visit().answer(302, &[("Location", "/c/{id}/1")]));
        cases.push_named(
            "redirect",
            format!("{name}-own-origin"),
            visit().to(Place::Own).answer(302, &[("Location", "/c/{id}/1")]),
        );
        let put = visit().method("PUT").preflight(200, &grant(page)).answer(307, &to(page, "/c/{id}/1"));
        cases.push_named("redirect", format!("{name}-preflighted"), put);
        let preflight = [&grant(page)[..], &[("Location", "/c/{id}/1".to_owned())]].concat();
        let put = visit().method("PUT").preflight(307, &preflight).answer(200, &allow(page));
        cases.push_named("redirect", format!("{name}-of-preflight"), put);
    }
}

/// Different values of `Location`.
fn locations(cases: &mut Cases) {
    let world = cases.world();
    let page = &world.page_origin();
    let (target, host) = (world.target, format!("//127.0.0.1:{}/c/{{id}}/1", world.target));
    let (upper, short) = (format!("HTTP:{host}"), format!("http://127.1:{target}/c/{{id}}/1"));
    let (hex, slashes) = (format!("http://0x7f.0.0.1:{target}/c/{{id}}/1"), host.replace('/', "\\"));
    let (at, colon) = (host.replace("//", "http://@"), host.replace("//", "http://:@"));
    let (user, password) = (host.replace("//", "http://user@"), host.replace("//", "http://:secret@"));
    for (name, location) in [
        ("without-scheme", host.as_str()),
        ("scheme-in-upper-case", &upper),
        ("short-ipv4", &short),
        ("hexadecimal-ipv4", &hex),
        ("backslashes", &slashes),
        ("empty-user", &at),
        ("empty-user-and-password", &colon),
        ("user-alone", &user),
        ("password-alone", &password),
        ("scheme-and-path", "http:/c/{id}/1"),
        ("scheme-and-relative", "http:1"),
        ("space-around", " /c/{id}/1\t"),
        ("tab-inside", "/c/{id}/\t1"),
        ("encoded-dots", "/c/{id}/x/%2e%2e/1"),
        ("query-high-byte", "/c/{id}/1?q=\u{e9}"),
        ("query-utf-8", "/c/{id}/1?q=\u{c3}\u{a9}"),
        ("query-space", "/c/{id}/1?q=a b"),
        ("with-fragment", "{target}/c/{id}/1#f"),
        ("https-bad-port", "https://127.0.0.1:25/"),
        ("port-too-large", "http://127.0.0.1:65536/"),
        ("bad-ipv4", "http://256.0.0.1/"),
        ("forbidden-host-character", "http://a^b/"),
        ("websocket", "ws://127.0.0.1/"),
        ("blob", "blob:x"),
        ("file", "file:///"),
        ("unknown-scheme", "x-a:b"),
        ("nul", "/c/{id}/1\0"),
    ] {
        for (from, place) in [("target", Place::Target), ("own", Place::Own)] {
            let visit = VisitBuilder::new(world).to(place).answer(302, &to(page, location));
            cases.push_named("redirect", format!("location-{name}-from-{from}"), visit.hop(&[], 200, &allow(page)));
        }
    }
    for (name, first, second) in [("different", "/c/{id}/1", "/c/{id}/2"), ("empty-first", "", "/c/{id}/1")] {
        let headers = [&to(page, first)[..], &[("Location", second.to_owned())]].concat();
        let visit =
            VisitBuilder::new(world).answer(302, &headers).hop(&[], 200, &allow(page)).hop(&[], 200, &allow(page));
        cases.push_named("redirect", format!("two-locations-{name}"), visit);
    }
    let lower = [&allow(page)[..], &[("location", "/c/{id}/1".to_owned())]].concat();
    cases.push_named(
        "redirect",
        "location-name-lower-case",
        VisitBuilder::new(world).answer(302, &lower).hop(&[], 200, &allow(page)),
    );
}
