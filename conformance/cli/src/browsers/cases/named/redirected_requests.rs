//! Requests that a redirect changes: their method, headers, origin and preflight.

use cors_reference::request::Mode;

use super::super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    redirected_from_own(cases);
    redirected_home(cases);
    redirected_methods(cases);
    no_cors(cases);
}

/// Sets the request of a visit.
type Make = fn(VisitBuilder) -> VisitBuilder;

/// Redirects to another origin, of requests that need a preflight there.
fn redirected_from_own(cases: &mut Cases) {
    let world = cases.world();
    let page = &world.page_origin();
    let requests: [(&str, Make); 8] = [
        ("get", |visit| visit),
        ("put", |visit| visit.method("PUT").body("x")),
        ("delete", |visit| visit.method("DELETE")),
        ("json", |visit| visit.method("POST").header("Content-Type", "application/json").body("{}")),
        ("named", |visit| visit.header("X-A", "1")),
        ("authorized", |visit| visit.header("Authorization", "t")),
        ("authorized-and-named", |visit| visit.header("Authorization", "t").header("X-A", "1")),
        ("language", |visit| visit.method("POST").header("Content-Language", "_").body("x")),
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
                let visit = of(VisitBuilder::new(world).to(Place::Own)).answer(status, &to("*", "{target}/c/{id}/1"));
                let visit = visit.hop(&preflight, 200, &allow(page));
                cases.push_named("redirect", format!("own-{name}-{status}-granting-{grants}"), visit);
                let mut first = allow(page);
                first.extend([(ACAM, "PUT, DELETE".to_owned())]);
                first.extend([(ACAH, "x-a, authorization, content-type, content-language".to_owned())]);
                let visit =
                    of(VisitBuilder::new(world)).preflight(200, &first).answer(status, &to(page, "{third}/c/{id}/1"));
                let tainted = preflight.into_iter().map(|(name, value)| match name {
                    ACAO => (name, "null".to_owned()),
                    _ => (name, value),
                });
                let visit = visit.hop(&tainted.collect::<Vec<_>>(), 200, &allow("null"));
                cases.push_named("redirect", format!("target-{name}-{status}-granting-{grants}"), visit);
            }
        }
    }
    // A second redirect, after the first one has removed headers.
    for (name, of) in requests {
        for (grants, headers) in [("all", "x-a, authorization, content-type, content-language"), ("names", "x-a")] {
            for (second, next) in [("target", "{target}"), ("own", "{own}")] {
                let preflight =
                    [&allow("*")[..], &[(ACAM, "PUT, DELETE".to_owned()), (ACAH, headers.to_owned())]].concat();
                let visit = of(VisitBuilder::new(world).to(Place::Own)).answer(302, &to("*", "{target}/c/{id}/1"));
                let visit = visit.hop(&preflight, 307, &to("*", &format!("{next}/c/{{id}}/2")));
                let name = format!("own-{name}-target-{second}-granting-{grants}");
                cases.push_named("redirect", name, visit.hop(&preflight, 200, &allow("*")));
            }
        }
    }
}

/// Redirects from another origin back to the page's own, and from there to a third.
fn redirected_home(cases: &mut Cases) {
    let world = cases.world();
    let page = &world.page_origin();
    let grant = |origin: &str| [&allow(origin)[..], &[(ACAM, "PUT".to_owned())]].concat();
    for (first, origin) in [("page", page.as_str()), ("null", "null"), ("wildcard", "*")] {
        for (second, last) in [("page", page.as_str()), ("null", "null"), ("wildcard", "*")] {
            let visit = VisitBuilder::new(world).method("PUT").preflight(200, &grant(page));
            let visit = visit.answer(307, &to(page, "{own}/c/{id}/1"));
            let visit = visit.hop(&grant(origin), 307, &to("*", "{own}/c/{id}/2")).hop(&grant(last), 200, &allow("*"));
            cases.push_named("redirect", format!("home-{first}-then-own-{second}"), visit);
            let visit = VisitBuilder::new(world).method("PUT").preflight(200, &grant(page));
            let visit = visit.answer(307, &to(page, "{own}/c/{id}/1"));
            let visit = visit.hop(&grant(origin), 307, &to("*", "{third}/c/{id}/2"));
            cases.push_named(
                "redirect",
                format!("home-{first}-then-third-{second}"),
                visit.hop(&grant(last), 200, &allow("*")),
            );
        }
    }
}

/// Redirects of each method to another origin.
fn redirected_methods(cases: &mut Cases) {
    let world = cases.world();
    let page = &world.page_origin();
    for method in ["DELETE", "PUT", "PATCH", "OPTIONS"] {
        for status in [301, 302, 303, 307, 308] {
            let grant =
                |origin: &str| [&allow(origin)[..], &[(ACAM, "PUT, DELETE, PATCH, OPTIONS".to_owned())]].concat();
            let visit = VisitBuilder::new(world).method(method).preflight(200, &grant(page));
            let visit = visit.answer(status, &to(page, "{third}/c/{id}/1"));
            let name = format!("{}-{status}-to-third", method.to_lowercase());
            cases.push_named(
                "redirect",
                format!("{name}-granted"),
                visit.clone().hop(&grant("null"), 200, &allow("null")),
            );
            cases.push_named("redirect", format!("{name}-wildcard"), visit.clone().hop(&grant("*"), 200, &allow("*")));
            cases.push_named("redirect", format!("{name}-refused"), visit.hop(&allow("null"), 200, &allow("null")));
        }
    }
}

/// Redirects of requests without CORS, for their `Origin`.
fn no_cors(cases: &mut Cases) {
    let world = cases.world();
    let places = [("own", Place::Own), ("target", Place::Target), ("third", Place::Third)];
    for (first, place) in places {
        for (second, _) in places {
            for (third, _) in places {
                for status in [302, 307] {
                    let at = |next: &str, hop: usize| [("Location", format!("{{{next}}}/c/{{id}}/{hop}"))];
                    let visit = VisitBuilder::new(world).to(place).mode(Mode::NoCors).method("POST").body("x");
                    let visit = visit.answer(status, &at(second, 1)).hop(&[], status, &at(third, 2));
                    let name = format!("no-cors-{status}-{first}-{second}-{third}");
                    cases.push_named("mode", name, visit.hop::<String>(&[], 200, &[]));
                }
            }
        }
    }
}

/// Returns headers that permit an origin with credentials.
fn allow(origin: &str) -> Vec<(&'static str, String)> {
    vec![(ACAO, origin.to_owned()), (ACAC, "true".to_owned())]
}

/// Returns headers that permit an origin and redirect.
fn to(origin: &str, location: &str) -> Vec<(&'static str, String)> {
    [&allow(origin)[..], &[("Location", location.to_owned())]].concat()
}
