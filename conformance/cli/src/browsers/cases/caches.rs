//! The CORS-preflight cache: which later visits need no preflight, and for how long.

use cors_reference::request::CredentialsMode;

use super::{
    collection::Cases,
    random::Random,
    visit_builder::{ACAH, ACAM, ACMA, BOTH, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let visit = |credentials: CredentialsMode, grants: &[(&'static str, &str)]| {
        let visit = VisitBuilder::new(world).credentials(credentials);
        let allow = visit.allow();
        let grants = grants.iter().map(|(name, value)| (*name, (*value).to_owned()));
        let preflight: Vec<_> = allow.iter().cloned().chain(grants).collect();
        visit.preflight(200, &preflight).answer(200, &allow)
    };
    let [omit, include] = BOTH;
    for age in [
        "0",
        "1",
        "600",
        "5",
        "-1",
        "",
        "abc",
        "600.5",
        "1e3",
        " 600 ",
        "\"600\"",
        "600, 600",
        "600;x",
        "0600",
        "+600",
        "86401",
        "4294967296",
        "18446744073709551616",
    ] {
        let put = |after| visit(omit, &[(ACAM, "PUT"), (ACMA, age)]).method("PUT").after(after);
        cases.push_visits("cache_maxage", vec![put(0), put(0), put(1300), put(5700)]);
    }
    let none = |after| visit(omit, &[(ACAM, "PUT")]).method("PUT").after(after);
    cases.push_visits("cache_maxage", vec![none(0), none(0), none(1300), none(5700)]);
    let twice = |after| visit(omit, &[(ACAM, "PUT"), (ACMA, "600"), (ACMA, "600")]).method("PUT").after(after);
    cases.push_visits("cache_maxage", vec![twice(0), twice(0), twice(1300), twice(5700)]);
    let grants = [(ACAM, "PUT, PATCH"), (ACAH, "x-a, x-b"), (ACMA, "600")];
    let any = [(ACAM, "*"), (ACAH, "*"), (ACMA, "600")];
    for (first, second) in [(omit, omit), (omit, include), (include, omit), (include, include)] {
        let start = || visit(first, &grants).method("PUT").header("X-A", "1");
        let next = || visit(second, &grants);
        cases.push_visits("cache_key", vec![start(), next().method("PUT").header("X-A", "1")]);
        cases.push_visits("cache_key", vec![start(), next().method("PUT")]);
        cases.push_visits("cache_key", vec![start(), next().method("PATCH")]);
        cases.push_visits("cache_key", vec![start(), next().method("DELETE")]);
        cases.push_visits("cache_key", vec![start(), next().header("X-B", "1")]);
        cases.push_visits("cache_key", vec![start(), next().header("X-C", "1")]);
        cases.push_visits("cache_key", vec![start(), next().method("PUT").path("0?other")]);
        cases.push_visits(
            "cache_key",
            vec![start(), next().method("PUT").page(&format!("http://app.localhost:{}", world.page))],
        );
        let start = || visit(first, &any).method("PUT").header("X-A", "1");
        let next = || visit(second, &any);
        cases.push_visits("cache_key", vec![start(), next().method("PATCH").header("X-B", "1")]);
        cases.push_visits("cache_key", vec![start(), next().header("Authorization", "t")]);
        cases.push_visits("cache_key", vec![start(), next().method("PUT")]);
    }
    // A second preflight response adds to the cache. A refusal removes from it.
    let put = || visit(omit, &[(ACAM, "PUT"), (ACMA, "600")]).method("PUT");
    let named = || visit(omit, &[(ACAH, "x-a"), (ACMA, "600")]).header("X-A", "1");
    let refused = || visit(omit, &[(ACMA, "600")]).method("DELETE");
    cases.push_visits("cache_key", vec![put(), named(), put(), named(), put().header("X-A", "1")]);
    cases.push_visits("cache_key", vec![put(), refused(), put()]);
    cases.push_visits("cache_key", vec![put(), put().answer::<&str>(200, &[]), put()]);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..200 {
        let visits = (0..4).map(|_| {
            let methods = random.pick(&["*", "PUT", "PUT, PATCH", "GET", "PATCH"]);
            let names = random.pick(&["*", "x-a", "x-a, x-b", "authorization, x-a", ""]);
            let age = random.pick(&["600", "600", "600", "0", "60"]);
            let visit = visit(random.pick(&BOTH), &[(ACAM, methods), (ACAH, names), (ACMA, age)]);
            let visit = visit.method(random.pick(&["GET", "HEAD", "PUT", "PUT", "PATCH"]));
            let visit = match random.pick(&[200, 200, 200, 403, 0]) {
                403 => visit.preflight::<&str>(403, &[]),
                0 => visit.answer::<&str>(200, &[]),
                _ => visit,
            };
            match random.pick(&["", "X-A", "X-B", "Authorization"]) {
                "" => visit,
                name => visit.header(name, "1"),
            }
        });
        cases.push_visits("cache_random", visits.collect());
    }
}
