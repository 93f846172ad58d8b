//! Responses: which pages can read them, and which headers.

use cors_reference::request::{CredentialsMode, Mode};

use super::super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, ACEH, BOTH, Place, VisitBuilder},
};

const MODES: [(&str, CredentialsMode); 3] = [
    ("omit", CredentialsMode::Omit),
    ("same-origin", CredentialsMode::SameOrigin),
    ("include", CredentialsMode::Include),
];

pub(super) fn add(cases: &mut Cases) {
    shared(cases);
    exposed(cases);
    other_pages(cases);
}

/// The CORS check.
fn shared(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    let page = page.as_str();
    let nul = [format!("{page}\0"), format!("\0{page}"), "*\0".to_owned()];
    for (mode, credentials) in MODES {
        let mut push = |name: &str, headers: &[(&str, &str)]| {
            let visit = VisitBuilder::new(world).credentials(credentials).answer(200, headers);
            cases.push_named("acao", format!("{name}-{mode}"), visit);
        };
        push("missing", &[(ACAC, "true")]);
        push("name-lower-case", &[("access-control-allow-origin", page), (ACAC, "true")]);
        push("name-upper-case", &[("ACCESS-CONTROL-ALLOW-ORIGIN", page), (ACAC, "true")]);
        push("names-in-two-cases", &[(ACAO, page), ("access-control-allow-origin", page), (ACAC, "true")]);
        push("three-equal-lines", &[(ACAO, "*"), (ACAO, "*"), (ACAO, "*"), (ACAC, "true")]);
        push("last-of-all-headers", &[("X-A", "a"), (ACAC, "true"), ("Vary", "Origin"), (ACAO, page)]);
        for (place, value) in ["after", "before", "after-wildcard"].into_iter().zip(&nul) {
            push(&format!("nul-{place}"), &[(ACAO, value), (ACAC, "true")]);
        }
        push("nul-in-another-header", &[(ACAO, page), (ACAC, "true"), ("X-A", "a\0b")]);
    }
    let same_origin = VisitBuilder::new(world).credentials(CredentialsMode::SameOrigin);
    for (name, value) in [("wildcard", "*"), ("null", "null")] {
        cases.push_named("acao", format!("{name}-same-origin"), same_origin.clone().answer(200, &[(ACAO, value)]));
    }
    let include = VisitBuilder::new(world).credentials(CredentialsMode::Include);
    for method in ["HEAD", "POST"] {
        let lower = method.to_lowercase();
        for (name, headers) in [
            ("exact", &[(ACAO, page), (ACAC, "true")][..]),
            ("without-credentials", &[(ACAO, page)]),
            ("wildcard", &[(ACAO, "*"), (ACAC, "true")]),
            ("missing", &[]),
        ] {
            let visit = include.clone().method(method).answer(200, headers);
            cases.push_named("acac", format!("{lower}-{name}"), visit);
        }
    }
    for (name, header, value) in [
        ("name-lower-case", "access-control-allow-credentials", "true"),
        ("name-upper-case", "ACCESS-CONTROL-ALLOW-CREDENTIALS", "true"),
        ("nul-after", ACAC, "true\0"),
        ("similar-name", "Access-Control-Allow-Credential", "true"),
    ] {
        cases.push_named("acac", name, include.clone().answer(200, &[(ACAO, page), (header, value)]));
    }
}

/// Exposed response headers.
fn exposed(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    let page = page.as_str();
    let sent = [("X-A", "a"), ("X-B", "b"), ("ETag", "\"e\""), ("Set-Cookie", "e=1; Path=/nowhere")];
    let allow = [(ACAO, page), (ACAC, "true")];
    let with = |lines: &[&'static str]| {
        let lines = lines.iter().map(|line| (ACEH, *line));
        allow.into_iter().chain(lines).chain(sent).collect::<Vec<_>>()
    };
    for (mode, credentials) in MODES {
        let visit = || VisitBuilder::new(world).credentials(credentials);
        for (name, lines) in [("nothing", &[][..]), ("one", &["X-B"]), ("wildcard", &["*"])] {
            let own = visit().to(Place::Own).answer(200, &with(lines));
            cases.push_named("expose", format!("own-origin-{name}-{mode}"), own);
        }
        for status in [404, 500] {
            let error = visit().answer(status, &with(&["*", "X-A"]));
            cases.push_named("expose", format!("wildcard-on-{status}-{mode}"), error);
        }
        cases.push_named("expose", format!("head-{mode}"), visit().method("HEAD").answer(200, &with(&["*"])));
        for (name, line) in [
            ("safelisted-too", "Content-Type, X-A"),
            ("itself", "Access-Control-Expose-Headers, Access-Control-Allow-Origin"),
            ("absent-name", "X-Absent, X-A"),
            ("set-cookie-and-wildcard", "Set-Cookie, *"),
        ] {
            cases.push_named("expose", format!("{name}-{mode}"), visit().answer(200, &with(&[line])));
        }
    }
    let twice = [&allow[..], &[("access-control-expose-headers", "x-a"), ("X-A", "1"), ("x-a", "2")]].concat();
    cases.push_named("expose", "name-lower-case-of-repeated", VisitBuilder::new(world).answer(200, &twice));
    let many = [
        ("Cache-Control", "no-store"),
        ("Content-Language", "en"),
        ("Expires", "0"),
        ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
        ("Pragma", "no-cache"),
        ("Set-Cookie", "q=1; Path=/nowhere"),
        ("Set-Cookie2", "q=1"),
        ("ETag", "\"e\""),
        ("Cache-Control", "private"),
        ("X-A", ""),
    ];
    for (mode, credentials) in MODES {
        let visit = || VisitBuilder::new(world).credentials(credentials);
        for (name, exposed) in [("nothing", ""), ("everything", "*"), ("cookies", "Set-Cookie, set-cookie2, Pragma")] {
            let headers = [&allow[..], &[(ACEH, exposed)], &many].concat();
            cases.push_named(
                "resp_safelist",
                format!("all-at-once-exposing-{name}-{mode}"),
                visit().answer(200, &headers),
            );
        }
        let own = visit().to(Place::Own).answer(200, &many);
        cases.push_named("resp_safelist", format!("all-at-once-own-origin-{mode}"), own);
    }
}

/// Pages with other origins.
fn other_pages(cases: &mut Cases) {
    let world = cases.world();
    let usual = world.page_origin();
    let hosts = ["127.0.0.1", "[::1]", "app.localhost", "xn--bcher-kva.localhost"];
    let tuples = ["ipv4", "ipv6", "subdomain", "punycode"]
        .into_iter()
        .zip(hosts.map(|host| format!("http://{host}:{}", world.page)))
        .map(|(name, origin)| ("tuple_origin", format!("{name}-"), origin));
    for (group, prefix, origin) in tuples.chain([("opaque", String::new(), "null".to_owned())]) {
        let mut push = |name: &str, visit| cases.push_named(group, format!("{prefix}{name}"), visit);
        for credentials in BOTH {
            let mode = if credentials == CredentialsMode::Include { "include" } else { "omit" };
            let visit = || VisitBuilder::new(world).page(&origin).credentials(credentials);
            for (name, allowed) in [("exact", origin.as_str()), ("wildcard", "*"), ("of-usual-page", &usual)] {
                let grant = [(ACAO, allowed), (ACAC, "true"), (ACAM, "PUT"), (ACAH, "X-A")];
                let put = visit().method("PUT").header("X-A", "1").preflight(200, &grant).answer(200, &visit().allow());
                push(&format!("preflight-{name}-{mode}"), put);
                // The server of the usual page has a different origin from this page.
                let own = visit().to(Place::Own).answer(200, &[(ACAO, allowed), (ACAC, "true")]);
                push(&format!("to-usual-page-{name}-{mode}"), own);
            }
            push(&format!("post-{mode}"), visit().method("POST").body("x").answer(200, &visit().allow()));
        }
        let visit = || VisitBuilder::new(world).page(&origin);
        for (place, to) in [("usual-page", Place::Own), ("target", Place::Target)] {
            for (name, mode) in [("same-origin", Mode::SameOrigin), ("no-cors", Mode::NoCors)] {
                push(&format!("{name}-mode-to-{place}"), visit().to(to).mode(mode).answer(200, &visit().allow()));
            }
        }
        for (name, allowed) in [("exact", origin.as_str()), ("null", "null")] {
            // The origin of an opaque page is serialized as `null`, so both would be the same case.
            if group == "opaque" && name == "exact" {
                continue;
            }
            let location = [&visit().allow()[..], &[("Location", "{third}/c/{id}/1".to_owned())]].concat();
            let redirected = visit().answer(302, &location).hop(&[(ACAO, allowed)], 200, &[(ACAO, allowed)]);
            push(&format!("redirected-to-third-{name}"), redirected);
        }
    }
}
