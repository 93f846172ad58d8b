//! Redirects, where the table has none: other statuses, failing hops, odd locations.

use cors_reference::request::{CredentialsMode, RedirectMode};

use super::{
    super::{
        World,
        draft::{ACAC, ACAH, ACAM, ACAO, ACEH, BOTH, Draft, Place},
    },
    Named,
};

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

pub(super) fn cases(world: World) -> Vec<Named> {
    let mut cases = followed(world);
    cases.extend(not_followed(world));
    cases.extend(locations(world));
    cases.into_iter().map(|(name, draft)| Named::one("redirect", name, draft)).collect()
}

fn allow(origin: &str) -> Vec<(&'static str, String)> {
    vec![(ACAO, origin.to_owned()), (ACAC, "true".to_owned())]
}

fn to(origin: &str, location: &str) -> Vec<(&'static str, String)> {
    [&allow(origin)[..], &[("Location", location.to_owned())]].concat()
}

fn grant(origin: &str) -> Vec<(&'static str, String)> {
    let mut grant = allow(origin);
    grant.extend([(ACAM, "PUT, DELETE, OPTIONS, CHICKEN".to_owned())]);
    grant.extend([(ACAH, "x-a, content-type, authorization".to_owned())]);
    grant
}

fn followed(world: World) -> Vec<(String, Draft)> {
    let page = &world.page_origin();
    let mut cases = Vec::new();
    for status in REDIRECTS {
        for method in ["DELETE", "OPTIONS", "CHICKEN", "put"] {
            let draft = Draft::new(world).method(method).preflight(200, &grant(page));
            let draft = draft.answer(status, &to(page, "{target}/c/{id}/1"));
            let name = format!("{status}-{}", method.to_lowercase());
            cases.push((name.clone(), draft.clone().hop(&grant(page), 200, &allow(page))));
            // The request after it is not granted: one that became GET asks no more.
            cases.push((format!("{name}-then-refused"), draft.hop(&allow(page), 200, &allow(page))));
        }
        // A JSON body goes with the method, and its type with it.
        let post = Draft::new(world).method("POST").header("Content-Type", "application/json").body("{}");
        let post = post.preflight(200, &grant(page)).answer(status, &to(page, "{target}/c/{id}/1"));
        cases.push((format!("{status}-json-then-no-grant"), post.hop(&allow(page), 200, &allow(page))));
    }
    for (name, header) in [("named", "X-A"), ("authorized", "Authorization")] {
        for (from, place, next, origin) in [
            ("own-to-own", Place::Own, "own", page.as_str()),
            ("own-to-target", Place::Own, "target", page),
            ("target-to-target", Place::Target, "target", page),
            ("target-to-third", Place::Target, "third", "null"),
        ] {
            for (grants, preflight) in [("granted", grant(origin)), ("refused", allow(origin)), ("bare", vec![])] {
                let draft = Draft::new(world).to(place).header(header, "t").preflight(200, &grant(page));
                let draft = draft.answer(302, &to(page, &format!("{{{next}}}/c/{{id}}/1")));
                cases.push((format!("{name}-{from}-{grants}"), draft.hop(&preflight, 200, &allow(origin))));
            }
        }
    }
    // Authorization there and back again: once dropped, it stays so.
    let draft = Draft::new(world).to(Place::Own).header("Authorization", "t");
    let draft = draft.answer(302, &to("*", "{target}/c/{id}/1")).hop(&[], 302, &to("*", "{own}/c/{id}/2"));
    cases.push(("authorized-own-to-target-to-own".to_owned(), draft.hop(&[], 200, &allow("null"))));
    // The check fails at each place of a chain.
    for credentials in BOTH {
        let mode = if credentials == CredentialsMode::Include { "include" } else { "omit" };
        for (failing, allowed) in [
            ("none", [page.as_str(), page, page]),
            ("first", ["null", page, page]),
            ("second", [page, "null", page]),
            ("third", [page, page, "null"]),
        ] {
            let draft = Draft::new(world).credentials(credentials).answer(301, &to(allowed[0], "/c/{id}/1"));
            let draft = draft.hop(&[], 308, &to(allowed[1], "/c/{id}/2")).hop(&[], 200, &allow(allowed[2]));
            cases.push((format!("chain-failing-{failing}-{mode}"), draft));
        }
        for (name, last) in [("exact", vec![(ACAO, page.clone())]), ("wildcard", allow("*")), ("missing", vec![])] {
            let draft =
                Draft::new(world).to(Place::Own).credentials(credentials).answer(302, &to("", "{target}/c/{id}/1"));
            cases.push((format!("own-to-target-{name}-{mode}"), draft.hop(&[], 200, &last)));
        }
        let exposing = [&to(page, "/c/{id}/1")[..], &[(ACEH, "X-A, X-B".to_owned()), ("X-A", "a".to_owned())]].concat();
        let last = [&allow(page)[..], &[(ACEH, "X-B".to_owned()), ("X-B", "b".to_owned())]].concat();
        let draft = Draft::new(world).credentials(credentials).answer(302, &exposing).hop(&[], 200, &last);
        cases.push((format!("last-answer-exposes-{mode}"), draft));
    }
    // The limit of 20, within the page's origin and between two others.
    for count in [19, 20, 21] {
        let at = |hop: usize, places: [&str; 2]| format!("{{{}}}/c/{{id}}/{hop}", places[hop % 2]);
        for (name, place, places) in
            [("own", Place::Own, ["own"; 2]), ("two-others", Place::Target, ["target", "third"])]
        {
            let draft = Draft::new(world).to(place).answer(302, &to("*", &at(1, places)));
            let draft = (2..=count).fold(draft, |draft, hop| draft.hop::<String>(&[], 302, &to("*", &at(hop, places))));
            cases.push((format!("{count}-redirects-{name}"), draft.hop(&[], 200, &allow("*"))));
        }
    }
    cases
}

fn not_followed(world: World) -> Vec<(String, Draft)> {
    let page = &world.page_origin();
    let mut cases = Vec::new();
    for status in [201, 300, 304, 305, 306, 399] {
        let draft = Draft::new(world).answer(status, &to(page, "/c/{id}/1"));
        cases.push((format!("{status}-is-none"), draft.hop(&[], 200, &allow(page))));
    }
    for (name, mode) in [("error", RedirectMode::Error), ("manual", RedirectMode::Manual)] {
        for status in REDIRECTS {
            let draft = Draft::new(world).redirect(mode).answer(status, &to(page, "{third}/c/{id}/1"));
            cases.push((format!("{name}-{status}"), draft));
        }
        let draft = || Draft::new(world).redirect(mode);
        cases.push((format!("{name}-not-redirected"), draft().answer(200, &allow(page))));
        cases.push((format!("{name}-300"), draft().answer(300, &to(page, "/c/{id}/1"))));
        cases.push((format!("{name}-without-location"), draft().answer(302, &allow(page))));
        cases.push((format!("{name}-bad-location"), draft().answer(302, &to(page, "http://["))));
        cases.push((format!("{name}-without-cors"), draft().answer(302, &[("Location", "/c/{id}/1")])));
        cases.push((format!("{name}-own-origin"), draft().to(Place::Own).answer(302, &[("Location", "/c/{id}/1")])));
        let put = draft().method("PUT").preflight(200, &grant(page)).answer(307, &to(page, "/c/{id}/1"));
        cases.push((format!("{name}-preflighted"), put));
        let preflight = [&grant(page)[..], &[("Location", "/c/{id}/1".to_owned())]].concat();
        let put = draft().method("PUT").preflight(307, &preflight).answer(200, &allow(page));
        cases.push((format!("{name}-of-preflight"), put));
    }
    cases
}

fn locations(world: World) -> Vec<(String, Draft)> {
    let page = &world.page_origin();
    let mut cases = Vec::new();
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
            let draft = Draft::new(world).to(place).answer(302, &to(page, location));
            cases.push((format!("location-{name}-from-{from}"), draft.hop(&[], 200, &allow(page))));
        }
    }
    for (name, first, second) in [("different", "/c/{id}/1", "/c/{id}/2"), ("empty-first", "", "/c/{id}/1")] {
        let headers = [&to(page, first)[..], &[("Location", second.to_owned())]].concat();
        let draft = Draft::new(world).answer(302, &headers).hop(&[], 200, &allow(page)).hop(&[], 200, &allow(page));
        cases.push((format!("two-locations-{name}"), draft));
    }
    let lower = [&allow(page)[..], &[("location", "/c/{id}/1".to_owned())]].concat();
    cases.push((
        "location-name-lower-case".to_owned(),
        Draft::new(world).answer(302, &lower).hop(&[], 200, &allow(page)),
    ));
    cases
}
