//! The CORS-preflight cache: edge cases of its key and of its ages.

use cors_reference::request::CredentialsMode;

use super::super::{
    collection::Cases,
    visit_builder::{ACAH, ACAM, ACAO, ACMA, BOTH, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let [omit, include] = BOTH;
    let visit = |page: &str, credentials: CredentialsMode, grants: &[(&'static str, &str)]| {
        let visit = VisitBuilder::new(world).page(page).credentials(credentials);
        let allow = visit.allow();
        let grants = grants.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let preflight: Vec<_> = allow.iter().cloned().chain(grants).collect();
        visit.preflight(200, &preflight).answer(200, &allow)
    };
    let usual = world.page_origin();
    let grants = [(ACAM, "PUT"), (ACAH, "x-a, accept, authorization"), (ACMA, "600")];
    let start = || visit(&usual, omit, &grants);
    let put = || start().method("PUT");
    let named = || start().header("X-A", "1");
    let literal = || visit(&usual, include, &[(ACAM, "PUT, *"), (ACAH, "x-a, *"), (ACMA, "600")]);
    let opaque = || visit("null", omit, &grants).method("PUT");
    let same_origin = || visit(&usual, CredentialsMode::SameOrigin, &grants).method("PUT");
    let refused = || put().preflight(403, &[(ACAO, "*"), (ACAM, "PUT"), (ACMA, "600")]);
    let ages = |first: &'static str, second: &'static str| {
        vec![
            visit(&usual, omit, &[(ACAM, "PUT"), (ACMA, first)]).method("PUT"),
            visit(&usual, omit, &[(ACAM, "PUT"), (ACAH, "x-a"), (ACMA, second)]).method("PUT").header("X-A", "1"),
            visit(&usual, omit, &[(ACAM, "PUT"), (ACMA, first)]).method("PUT").after(1200),
        ]
    };
    let lines = |ages: &[&'static str], after| {
        let grants: Vec<_> = [(ACAM, "PUT")].into_iter().chain(ages.iter().map(|age| (ACMA, *age))).collect();
        let put = |after| visit(&usual, omit, &grants).method("PUT").after(after);
        vec![put(0), put(0), put(after)]
    };
    let redirected = || {
        let allow = start().allow();
        let location = [&allow[..], &[("Location", "/c/{id}/1".to_owned())]].concat();
        let grant = [&allow[..], &[(ACAM, "PUT".to_owned()), (ACMA, "600".to_owned())]].concat();
        put().answer(307, &location).hop(&grant, 200, &allow)
    };
    let key: [(&str, Vec<VisitBuilder>); 14] = [
        ("header-name-in-another-case", vec![named(), start().header("x-A", "1")]),
        ("method-in-another-case", vec![put(), start().method("put")]),
        ("unsafe-accept", vec![start().header("Accept", "a:b"), start().header("Accept", "c:d")]),
        ("accept-becomes-safe", vec![start().header("Accept", "a:b"), start().header("Accept", "a")]),
        ("authorization-listed", vec![start().header("Authorization", "t"), start().header("Authorization", "u")]),
        ("head-after-get", vec![named(), named().method("HEAD"), named().method("POST")]),
        ("same-origin-after-omit", vec![put(), same_origin(), put()]),
        (
            "wildcard-granted-with-credentials",
            vec![
                literal().method("PUT"),
                literal().method("PUT").header("X-A", "1"),
                visit(&usual, include, &grants).header("X-B", "1"),
            ],
        ),
        ("opaque-after-opaque", vec![opaque(), opaque()]),
        ("opaque-after-usual-page", vec![put(), opaque(), put()]),
        ("another-host", vec![put(), put().to(Place::Third), put()]),
        ("another-fragment", vec![put(), put().path("0#f"), put()]),
        ("refused-after-granted", vec![refused(), put(), put()]),
        ("after-each-redirect", vec![redirected(), redirected()]),
    ];
    let two_seconds = || visit(&usual, omit, &[(ACAM, "PUT"), (ACAH, "x-a"), (ACMA, "2")]).method("PUT");
    let age: [(&str, Vec<VisitBuilder>); 12] = [
        (
            "restarted-by-a-later-grant",
            vec![
                visit(&usual, omit, &[(ACAM, "PUT"), (ACMA, "2")]).method("PUT"),
                two_seconds().header("X-A", "1").after(1200),
                two_seconds().after(1300),
            ],
        ),
        ("empty-line-then-600", lines(&["", "600"], 7000)),
        ("600-then-empty-line", lines(&["600", ""], 7000)),
        ("above-63-bits", lines(&["9223372036854775808"], 7000)),
        ("plus-and-letter", lines(&["+6a"], 7000)),
        ("shortened-by-a-later-grant", ages("600", "0")),
        ("lengthened-by-a-later-grant", ages("1", "600")),
        ("zero-then-600-in-two-lines", lines(&["0", "600"], 1200)),
        ("600-then-zero-in-two-lines", lines(&["600", "0"], 1200)),
        ("empty-line-first", lines(&["", "600"], 1200)),
        ("one-twice", lines(&["1", "1"], 1200)),
        ("default-of-5-for-unparsable", lines(&["abc"], 5400)),
    ];
    let groups =
        key.into_iter().map(|case| ("cache_key", case)).chain(age.into_iter().map(|case| ("cache_maxage", case)));
    for (group, (name, visits)) in groups {
        cases.push_named_visits(group, name, visits);
    }
}
