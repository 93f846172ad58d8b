//! Preflight responses: edge cases of lists, statuses and credentials.

use cors_reference::request::CredentialsMode;

use super::super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, BOTH, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    let page = page.as_str();
    credentials(cases, page);
    for credentials in BOTH {
        let mode = if credentials == CredentialsMode::Include { "include" } else { "omit" };
        let of = |visit: VisitBuilder, grants: &[(&str, &str)]| {
            let preflight = [&[(ACAO, page), (ACAC, "true")], grants].concat();
            let visit = visit.credentials(credentials);
            let allow = visit.allow();
            visit.preflight(200, &preflight).answer(200, &allow)
        };
        let mut push = |group, name: &str, visit| cases.push_named(group, format!("{name}-{mode}"), visit);
        let named = || VisitBuilder::new(world).header("X-A", "1");
        // GET, HEAD and POST need no listing, but a list that does not parse fails them too.
        for method in ["GET", "HEAD", "POST"] {
            for (name, methods) in
                [("other-listed", "PUT"), ("empty", ""), ("unparsable", "GET, @"), ("spaced", "G ET")]
            {
                let visit = of(named().method(method), &[(ACAM, methods), (ACAH, "x-a")]);
                push("acam", &format!("{}-{name}", method.to_lowercase()), visit);
            }
        }
        for (name, method, methods) in [
            ("normalized-and-listed-as-typed", "put", "put"),
            ("normalized-and-listed-normalized", "put", "PUT"),
            ("options-listed", "OPTIONS", "OPTIONS"),
            ("options-unlisted", "OPTIONS", "PUT"),
            ("asterisk-method-listed", "*", "*"),
            ("asterisk-method-unlisted", "*", "PUT"),
            ("prefix-of-listed", "PU", "PUT"),
            ("longer-than-listed", "PUTS", "PUT"),
            ("symbols-listed", "!#$%&'*+-.^_`|~", "!#$%&'*+-.^_`|~"),
            ("last-of-many", "PUT", "GET, HEAD, POST, DELETE, PATCH, OPTIONS, LINK, UNLINK, PURGE, PUT"),
            ("nul-in-list", "PUT", "PUT, \0"),
        ] {
            push("acam", name, of(VisitBuilder::new(world).method(method), &[(ACAM, methods)]));
        }
        let put = || VisitBuilder::new(world).method("PUT");
        push("acam", "name-lower-case", of(put(), &[("access-control-allow-methods", "PUT")]));
        push("acam", "similar-name", of(put(), &[("Access-Control-Allow-Method", "PUT")]));
        // The list of headers must parse, even if the request needs none of them.
        push("acah", "unparsable-and-not-needed", of(put(), &[(ACAM, "PUT"), (ACAH, "@")]));
        push("acah", "name-lower-case", of(named(), &[("access-control-allow-headers", "x-a")]));
        push("acah", "similar-name", of(named(), &[("Access-Control-Allow-Header", "x-a")]));
        push("acah", "nul-in-list", of(named(), &[(ACAH, "x-a, \0")]));
        let many = (0..200).map(|number| format!("x-{number}")).collect::<Vec<_>>().join(",");
        push("acah", "last-of-200", of(named(), &[(ACAH, &format!("{many},x-a"))]));
        push("acah", "none-of-200", of(named(), &[(ACAH, &many)]));
        push("acah", "one-line-each", of(named().header("X-B", "1"), &[(ACAH, "x-b"), (ACAH, "*"), (ACAH, "x-a")]));
        // Safelisted names with values off the safelist: listed, covered by `*`, or neither.
        for (header, value) in [
            ("Accept", "a:b"),
            ("Accept-Language", "en_GB"),
            ("Content-Language", "en_GB"),
            ("Content-Type", "application/json"),
            ("Range", "bytes=-5"),
        ] {
            let lower = header.to_lowercase();
            for (name, listed) in [("listed", header), ("covered", "*"), ("unlisted", "x-a")] {
                let visit = of(VisitBuilder::new(world).header(header, value), &[(ACAH, listed)]);
                push("acah", &format!("unsafe-{lower}-{name}"), visit);
            }
        }
    }
    for status in [200, 204, 299, 300, 404] {
        let bare = VisitBuilder::new(world).method("PUT").answer(200, &[(ACAO, page)]);
        cases.push_named("preflight_status", format!("{status}-bare"), bare.preflight::<&str>(status, &[]));
        let visit = VisitBuilder::new(world).credentials(CredentialsMode::Include).method("PUT");
        let allow = visit.allow();
        let grant = [&allow[..], &[(ACAM, "PUT".to_owned())]].concat();
        let visit = visit.preflight(status, &grant).answer(200, &allow);
        if status != 200 {
            cases.push_named("preflight_status", format!("{status}-include"), visit);
        }
        let grant = [(ACAO, page), (ACAH, "x-a")];
        let visit = VisitBuilder::new(world).header("X-A", "1").preflight(status, &grant).answer(200, &[(ACAO, page)]);
        cases.push_named("preflight_status", format!("{status}-header-alone"), visit);
    }
}

/// The CORS check on a preflight uses the credentials mode of the request, although the preflight has no credentials.
fn credentials(cases: &mut Cases, page: &str) {
    let world = cases.world();
    let values = [
        ("true", "true"),
        ("capital", "True"),
        ("upper-case", "TRUE"),
        ("false", "false"),
        ("empty", ""),
        ("one", "1"),
        ("wildcard", "*"),
        ("null", "null"),
        ("spaces-around", " true "),
        ("tabs-around", "\ttrue\t"),
        ("vertical-tab-after", "true\u{b}"),
        ("no-break-space-after", "true\u{a0}"),
        ("comma-after", "true,"),
        ("twice-in-one-line", "true, true"),
        ("quoted", "\"true\""),
        ("parameter", "true;x"),
        ("nul-after", "true\0"),
    ];
    let lines: [(&str, &[&str]); 5] = [
        ("missing", &[]),
        ("two-lines", &["true", "true"]),
        ("empty-line-first", &["", "true"]),
        ("empty-line-last", &["true", ""]),
        ("true-then-false", &["true", "false"]),
    ];
    let values = values.into_iter().map(|(name, value)| (name, vec![value]));
    let all = values.chain(lines.into_iter().map(|(name, lines)| (name, lines.to_vec())));
    for (name, lines) in all {
        for (mode, credentials) in [("same-origin", CredentialsMode::SameOrigin), ("include", CredentialsMode::Include)]
        {
            let mut grant = vec![(ACAO, page), (ACAM, "PUT")];
            grant.extend(lines.iter().map(|line| (ACAC, *line)));
            let visit = VisitBuilder::new(world).credentials(credentials).method("PUT");
            let allow = visit.allow();
            let visit = visit.preflight(200, &grant).answer(200, &allow);
            cases.push_named("preflight_acac", format!("{name}-{mode}"), visit);
        }
    }
    // The preflight response permits the request, but the final response does not.
    for (name, headers) in [
        ("then-missing", &[(ACAO, page)][..]),
        ("then-wildcard", &[(ACAO, "*"), (ACAC, "true")]),
        ("then-false", &[(ACAO, page), (ACAC, "false")]),
    ] {
        let visit = VisitBuilder::new(world).credentials(CredentialsMode::Include).method("PUT");
        let grant = [(ACAO, page), (ACAC, "true"), (ACAM, "PUT")];
        cases.push_named("preflight_acac", name, visit.preflight(200, &grant).answer(200, headers));
    }
}
