//! What an answer shares, and with whom.

use cors_reference::request::{CredentialsMode, Mode};

use super::{
    super::{
        World,
        draft::{ACAC, ACAH, ACAM, ACAO, ACEH, BOTH, Draft, Place},
    },
    Named,
};

const MODES: [(&str, CredentialsMode); 3] = [
    ("omit", CredentialsMode::Omit),
    ("same-origin", CredentialsMode::SameOrigin),
    ("include", CredentialsMode::Include),
];

pub(super) fn cases(world: World) -> Vec<Named> {
    let mut cases = shared(world);
    cases.extend(exposed(world));
    cases.extend(other_pages(world));
    cases
}

fn shared(world: World) -> Vec<Named> {
    let page = world.page_origin();
    let page = page.as_str();
    let mut cases = Vec::new();
    let nul = [format!("{page}\0"), format!("\0{page}"), "*\0".to_owned()];
    for (mode, credentials) in MODES {
        let mut push = |name: &str, headers: &[(&str, &str)]| {
            let draft = Draft::new(world).credentials(credentials).answer(200, headers);
            cases.push(Named::one("acao", format!("{name}-{mode}"), draft));
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
    let same_origin = Draft::new(world).credentials(CredentialsMode::SameOrigin);
    for (name, value) in [("wildcard", "*"), ("null", "null")] {
        cases.push(Named::one(
            "acao",
            format!("{name}-same-origin"),
            same_origin.clone().answer(200, &[(ACAO, value)]),
        ));
    }
    let include = Draft::new(world).credentials(CredentialsMode::Include);
    for method in ["HEAD", "POST"] {
        let lower = method.to_lowercase();
        for (name, headers) in [
            ("exact", &[(ACAO, page), (ACAC, "true")][..]),
            ("without-credentials", &[(ACAO, page)]),
            ("wildcard", &[(ACAO, "*"), (ACAC, "true")]),
            ("missing", &[]),
        ] {
            let draft = include.clone().method(method).answer(200, headers);
            cases.push(Named::one("acac", format!("{lower}-{name}"), draft));
        }
    }
    for (name, header, value) in [
        ("name-lower-case", "access-control-allow-credentials", "true"),
        ("name-upper-case", "ACCESS-CONTROL-ALLOW-CREDENTIALS", "true"),
        ("nul-after", ACAC, "true\0"),
        ("similar-name", "Access-Control-Allow-Credential", "true"),
    ] {
        cases.push(Named::one("acac", name, include.clone().answer(200, &[(ACAO, page), (header, value)])));
    }
    cases
}

fn exposed(world: World) -> Vec<Named> {
    let page = world.page_origin();
    let page = page.as_str();
    let mut cases = Vec::new();
    let sent = [("X-A", "a"), ("X-B", "b"), ("ETag", "\"e\""), ("Set-Cookie", "e=1; Path=/nowhere")];
    let allow = [(ACAO, page), (ACAC, "true")];
    let with = |lines: &[&'static str]| {
        let lines = lines.iter().map(|line| (ACEH, *line));
        allow.into_iter().chain(lines).chain(sent).collect::<Vec<_>>()
    };
    for (mode, credentials) in MODES {
        let draft = || Draft::new(world).credentials(credentials);
        for (name, lines) in [("nothing", &[][..]), ("one", &["X-B"]), ("wildcard", &["*"])] {
            let own = draft().to(Place::Own).answer(200, &with(lines));
            cases.push(Named::one("expose", format!("own-origin-{name}-{mode}"), own));
        }
        for status in [404, 500] {
            let error = draft().answer(status, &with(&["*", "X-A"]));
            cases.push(Named::one("expose", format!("wildcard-on-{status}-{mode}"), error));
        }
        cases.push(Named::one("expose", format!("head-{mode}"), draft().method("HEAD").answer(200, &with(&["*"]))));
        for (name, line) in [
            ("safelisted-too", "Content-Type, X-A"),
            ("itself", "Access-Control-Expose-Headers, Access-Control-Allow-Origin"),
            ("absent-name", "X-Absent, X-A"),
            ("set-cookie-and-wildcard", "Set-Cookie, *"),
        ] {
            cases.push(Named::one("expose", format!("{name}-{mode}"), draft().answer(200, &with(&[line]))));
        }
    }
    let twice = [&allow[..], &[("access-control-expose-headers", "x-a"), ("X-A", "1"), ("x-a", "2")]].concat();
    cases.push(Named::one("expose", "name-lower-case-of-repeated", Draft::new(world).answer(200, &twice)));
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
        let draft = || Draft::new(world).credentials(credentials);
        for (name, exposed) in [("nothing", ""), ("everything", "*"), ("cookies", "Set-Cookie, set-cookie2, Pragma")] {
            let headers = [&allow[..], &[(ACEH, exposed)], &many].concat();
            cases.push(Named::one(
                "resp_safelist",
                format!("all-at-once-exposing-{name}-{mode}"),
                draft().answer(200, &headers),
            ));
        }
        let own = draft().to(Place::Own).answer(200, &many);
        cases.push(Named::one("resp_safelist", format!("all-at-once-own-origin-{mode}"), own));
    }
    cases
}

fn other_pages(world: World) -> Vec<Named> {
    let mut cases = Vec::new();
    let usual = world.page_origin();
    let hosts = ["127.0.0.1", "[::1]", "app.localhost", "xn--bcher-kva.localhost"];
    let tuples = ["ipv4", "ipv6", "subdomain", "punycode"]
        .into_iter()
        .zip(hosts.map(|host| format!("http://{host}:{}", world.page)))
        .map(|(name, origin)| ("tuple_origin", format!("{name}-"), origin));
    for (group, prefix, origin) in tuples.chain([("opaque", String::new(), "null".to_owned())]) {
        let mut push = |name: &str, draft| cases.push(Named::one(group, format!("{prefix}{name}"), draft));
        for credentials in BOTH {
            let mode = if credentials == CredentialsMode::Include { "include" } else { "omit" };
            let draft = || Draft::new(world).page(&origin).credentials(credentials);
            for (name, allowed) in [("exact", origin.as_str()), ("wildcard", "*"), ("of-usual-page", &usual)] {
                let grant = [(ACAO, allowed), (ACAC, "true"), (ACAM, "PUT"), (ACAH, "X-A")];
                let put = draft().method("PUT").header("X-A", "1").preflight(200, &grant).answer(200, &draft().allow());
                push(&format!("preflight-{name}-{mode}"), put);
                // To the usual page's own server, which is another origin to this page.
                let own = draft().to(Place::Own).answer(200, &[(ACAO, allowed), (ACAC, "true")]);
                push(&format!("to-usual-page-{name}-{mode}"), own);
            }
            push(&format!("post-{mode}"), draft().method("POST").body("x").answer(200, &draft().allow()));
        }
        let draft = || Draft::new(world).page(&origin);
        for (place, to) in [("usual-page", Place::Own), ("target", Place::Target)] {
            for (name, mode) in [("same-origin", Mode::SameOrigin), ("no-cors", Mode::NoCors)] {
                push(&format!("{name}-mode-to-{place}"), draft().to(to).mode(mode).answer(200, &draft().allow()));
            }
        }
        for (name, allowed) in [("exact", origin.as_str()), ("null", "null")] {
            let location = [&draft().allow()[..], &[("Location", "{third}/c/{id}/1".to_owned())]].concat();
            let redirected = draft().answer(302, &location).hop(&[(ACAO, allowed)], 200, &[(ACAO, allowed)]);
            push(&format!("redirected-to-third-{name}"), redirected);
        }
    }
    // An opaque page's own serialization is `null`, so that both are one case.
    cases.retain(|case| case.group != "opaque" || case.name != "redirected-to-third-exact");
    cases
}
