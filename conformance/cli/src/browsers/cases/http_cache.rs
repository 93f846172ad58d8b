//! The HTTP cache: which responses it stores, and which later visits it serves.

use cors_reference::request::{CredentialsMode, Mode};

use super::{
    collection::Cases,
    visit_builder::{ACAC, ACAM, ACAO, VisitBuilder},
    world::World,
};

pub(super) fn add(cases: &mut Cases) {
    for add in [stored, varied, shared_between_modes, validated, invalidated, redirected] {
        add(cases);
    }
}

/// Returns a GET whose response permits `origin`. The response has a length, because a cache stores only complete bodies.
fn get(world: World, origin: &str, headers: &[(&str, &str)]) -> VisitBuilder {
    let shared = [(ACAO, origin), ("Content-Length", "1")];
    VisitBuilder::new(world).answer(200, &[&shared[..], headers].concat())
}

/// Returns the origins of two pages of one site, which differ in their port.
fn pages(world: World) -> [String; 2] {
    [world.page, world.third].map(|port| format!("http://localhost:{port}"))
}

/// Responses with different freshness and statuses.
fn stored(cases: &mut Cases) {
    let world = cases.world();
    for (name, headers) in [
        ("without-a-word", &[][..]),
        ("max-age", &[("Cache-Control", "max-age=600")]),
        ("max-age-zero", &[("Cache-Control", "max-age=0")]),
        ("max-age-in-capitals", &[("Cache-Control", "MAX-AGE=600")]),
        ("max-age-among-others", &[("Cache-Control", "public, max-age=600, immutable")]),
        ("max-age-in-a-second-line", &[("Cache-Control", "public"), ("Cache-Control", "max-age=600")]),
        ("private", &[("Cache-Control", "private, max-age=600")]),
        ("shared-age-alone", &[("Cache-Control", "s-maxage=600")]),
        ("no-store", &[("Cache-Control", "no-store, max-age=600")]),
        ("no-cache", &[("Cache-Control", "no-cache, max-age=600")]),
        ("must-revalidate", &[("Cache-Control", "must-revalidate, max-age=600")]),
        ("older-than-its-max-age", &[("Cache-Control", "max-age=600"), ("Age", "601")]),
        ("younger-than-its-max-age", &[("Cache-Control", "max-age=600"), ("Age", "500")]),
        ("expired", &[("Expires", "Thu, 01 Jan 1970 00:00:00 GMT")]),
        ("expires-zero", &[("Expires", "0")]),
        ("vary-star", &[("Cache-Control", "max-age=600"), ("Vary", "*")]),
    ] {
        let visit = || get(world, "*", headers);
        cases.push_named_visits("http_cache", name, vec![visit(), visit()]);
    }
    let aged = || get(world, "*", &[("Cache-Control", "max-age=1")]);
    cases.push_named_visits("http_cache", "one-second", vec![aged(), aged(), aged().after(2300)]);
    let fresh = [("Cache-Control", "max-age=600")];
    for status in [201, 202, 203, 300, 400, 401, 403, 404, 405, 410, 414, 451, 500, 501, 503] {
        for (name, cached) in [("fresh", &fresh[..]), ("plain", &[])] {
            let answer = [&[(ACAO, "*"), ("Content-Length", "1")], cached].concat();
            let visit = || VisitBuilder::new(world).answer(status, &answer);
            cases.push_named_visits("http_cache", format!("status-{status}-{name}"), vec![visit(), visit()]);
        }
    }
    for (name, of) in [("another-query", "0?other"), ("another-fragment", "0#other")] {
        let visit = || get(world, "*", &fresh);
        cases.push_named_visits("http_cache", name, vec![visit(), visit().path(of)]);
    }
}

/// Visits from two pages, with and without `Vary`.
fn varied(cases: &mut Cases) {
    let world = cases.world();
    let [first, second] = pages(world);
    for (name, vary) in [
        ("no-vary", vec![]),
        ("vary-origin", vec!["Origin"]),
        ("vary-origin-in-small-letters", vec!["origin"]),
        ("vary-origin-among-others", vec!["Accept-Encoding, Origin"]),
        ("vary-in-two-lines", vec!["Accept-Encoding", "Origin"]),
        ("vary-another", vec!["X-Other"]),
    ] {
        for (answer, of) in [("own", [first.as_str(), second.as_str()]), ("any", ["*", "*"])] {
            let visit = |page: usize| {
                let vary = vary.iter().map(|vary| ("Vary", *vary));
                let headers: Vec<_> = [("Cache-Control", "max-age=600")].into_iter().chain(vary).collect();
                get(world, of[page], &headers).page(if page == 0 { &first } else { &second })
            };
            cases.push_named_visits(
                "http_cache",
                format!("{name}-shared-with-{answer}"),
                vec![visit(0), visit(1), visit(1), visit(0)],
            );
        }
    }
    let language = |language: &str| {
        get(world, "*", &[("Cache-Control", "max-age=600"), ("Vary", "Accept-Language")])
            .header("Accept-Language", language)
    };
    cases.push_named_visits(
        "http_cache",
        "vary-language",
        vec![language("en"), language("de"), language("en"), language("de")],
    );
}

/// Visits in different modes, which differ in `Origin` and credentials.
fn shared_between_modes(cases: &mut Cases) {
    let world = cases.world();
    let [page, _] = pages(world);
    for (name, vary) in [("no-vary", &[][..]), ("vary-origin", &[("Vary", "Origin")])] {
        let headers = [&[("Cache-Control", "max-age=600")], vary].concat();
        let embedded = VisitBuilder::new(world)
            .mode(Mode::NoCors)
            .answer(200, &[&[("Content-Length", "1")], &headers[..]].concat());
        let fetched = get(world, &page, &headers);
        cases.push_named_visits(
            "http_cache",
            format!("no-cors-then-cors-{name}"),
            vec![embedded.clone(), fetched.clone(), fetched.clone()],
        );
        cases.push_named_visits("http_cache", format!("cors-then-no-cors-{name}"), vec![fetched.clone(), embedded]);
        let authorized = get(world, &page, &headers).header("X-A", "1");
        let preflight = [(ACAO, page.as_str()), ("Access-Control-Allow-Headers", "x-a")];
        cases.push_named_visits(
            "http_cache",
            format!("preflighted-{name}"),
            vec![fetched, authorized.preflight(200, &preflight)],
        );
    }
    let credentialed =
        |credentials| get(world, &page, &[(ACAC, "true"), ("Cache-Control", "max-age=600")]).credentials(credentials);
    let [omit, include] = [CredentialsMode::Omit, CredentialsMode::Include];
    cases.push_named_visits("http_cache", "include-twice", vec![credentialed(include), credentialed(include)]);
    cases.push_named_visits("http_cache", "omit-then-include", vec![credentialed(omit), credentialed(include)]);
    cases.push_named_visits("http_cache", "include-then-omit", vec![credentialed(include), credentialed(omit)]);
}

/// Stored responses that must be validated.
fn validated(cases: &mut Cases) {
    let world = cases.world();
    let [first, second] = pages(world);
    let tagged = [("Cache-Control", "max-age=0"), ("ETag", "\"1\""), ("X-A", "a")];
    let visit = |page: &str| get(world, page, &tagged).page(page);
    for (name, headers) in [
        ("bare", &[("ETag", "\"1\"")][..]),
        ("with-origin", &[("ETag", "\"1\""), (ACAO, second.as_str())]),
        ("with-any", &[("ETag", "\"1\""), (ACAO, "*")]),
    ] {
        let again = |page: &str| visit(page).answer_without_type(304, headers);
        cases.push_named_visits("http_cache", format!("not-modified-{name}"), vec![visit(&first), again(&first)]);
        cases.push_named_visits(
            "http_cache",
            format!("not-modified-{name}-for-another"),
            vec![visit(&first), again(&second)],
        );
    }
    cases.push_named_visits("http_cache", "modified", vec![visit(&first), visit(&first)]);
}

/// Unsafe methods between two reads of the same URL.
fn invalidated(cases: &mut Cases) {
    let world = cases.world();
    let [page, _] = pages(world);
    for (mode, credentials) in [("omit", CredentialsMode::Omit), ("include", CredentialsMode::Include)] {
        let shared = [(ACAO, page.as_str()), (ACAC, "true"), ("Content-Length", "1")];
        let cached = [&shared[..], &[("Cache-Control", "max-age=600")]].concat();
        let read = || VisitBuilder::new(world).credentials(credentials).answer(200, &cached);
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            for (body_name, body) in [("", None), ("-with-body", Some("x"))] {
                for status in [200, 404] {
                    let write =
                        VisitBuilder::new(world).credentials(credentials).method(method).answer(status, &shared);
                    let write = write.preflight(200, &[&shared[..2], &[(ACAM, "PUT, DELETE, PATCH")]].concat());
                    let write = body.into_iter().fold(write, VisitBuilder::body);
                    let name = format!("after-{}-{status}-{mode}{body_name}", method.to_lowercase());
                    cases.push_named_visits("http_cache", name, vec![read(), write, read()]);
                }
            }
        }
    }
}

/// Redirects that a cache can store.
fn redirected(cases: &mut Cases) {
    let world = cases.world();
    for status in [301, 302, 303, 307, 308] {
        for (name, cached) in [("fresh", Some(("Cache-Control", "max-age=600"))), ("plain", None)] {
            let headers = [(ACAO, "*"), ("Location", "/c/{id}/1"), ("Content-Length", "1")];
            let headers: Vec<_> = headers.into_iter().chain(cached).collect();
            let visit = || {
                VisitBuilder::new(world).answer(status, &headers).hop(&[], 200, &[(ACAO, "*"), ("Content-Length", "1")])
            };
            cases.push_named_visits("http_cache", format!("redirect-{status}-{name}"), vec![visit(), visit()]);
        }
    }
}
