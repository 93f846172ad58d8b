//! Redirect responses: unusual locations and statuses.

use cors_reference::request::{Mode, RedirectMode};

use super::super::{
    collection::Cases,
    visit_builder::{ACAC, ACAM, ACAO, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    locations_not_followed(cases);
    statuses(cases);
}

/// Locations in the redirect modes that do not follow them.
fn locations_not_followed(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
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
                let visit = VisitBuilder::new(world).to(place).redirect(mode).answer(302, &headers);
                cases.push_named("redirect", format!("{mode_name}-{name}-from-{from}"), visit);
            }
        }
    }
    for status in [200, 201, 302, 404] {
        let lines = [("Location", "/c/{id}/1".to_owned()), ("Location", "/c/{id}/2".to_owned())];
        let visit = VisitBuilder::new(world).answer(status, &[&allow(&page)[..], &lines].concat());
        cases.push_named("redirect", format!("different-locations-{status}"), visit);
        let preflight = [&allow(&page)[..], &lines, &[(ACAM, "PUT".to_owned())]].concat();
        let visit = VisitBuilder::new(world).method("PUT").preflight(status, &preflight).answer(200, &allow(&page));
        cases.push_named("preflight_status", format!("different-locations-{status}"), visit);
    }
    for (name, location) in [("empty", ""), ("blank", " \t"), ("fragment", "#f"), ("query", "?q")] {
        for (from, place) in [("target", Place::Target), ("own", Place::Own)] {
            let visit =
                VisitBuilder::new(world).to(place).answer(302, &to(&page, location)).hop(&[], 200, &allow(&page));
            cases.push_named("redirect", format!("location-{name}-from-{from}"), visit);
        }
    }
    for (name, method, place) in [("get-own", "GET", Place::Own), ("put-target", "PUT", Place::Target)] {
        for (from, next) in [("own", "{own@}"), ("target", "{target@}"), ("third", "{third@}")] {
            for (mode_name, mode) in [("cors", Mode::Cors), ("no-cors", Mode::NoCors)] {
                if mode == Mode::NoCors && method == "PUT" {
                    continue;
                }
                let preflight = [&allow("*")[..], &[(ACAM, "PUT".to_owned())]].concat();
                let visit = VisitBuilder::new(world).to(place).mode(mode).method(method).preflight(200, &preflight);
                let visit =
                    visit.answer(307, &to("*", &format!("{next}/c/{{id}}/1"))).hop(&preflight, 200, &allow("*"));
                cases.push_named("redirect", format!("credentials-{name}-to-{from}-{mode_name}"), visit);
            }
        }
    }
}

/// All kinds of status 3xx, with a location.
fn statuses(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    for status in [300, 304, 305, 306, 309, 310, 320, 350, 398, 399] {
        for (from, place) in [("target", Place::Target), ("own", Place::Own)] {
            for method in ["GET", "POST"] {
                let visit = VisitBuilder::new(world).to(place).method(method).answer(status, &to(&page, "/c/{id}/1"));
                let name = format!("{status}-{}-from-{from}", method.to_lowercase());
                cases.push_named("redirect", name, visit.hop(&[], 200, &allow(&page)));
            }
        }
        let put = VisitBuilder::new(world).method("PUT").answer(200, &allow(&page));
        let preflight = [&to(&page, "/c/{id}/1")[..], &[(ACAM, "PUT".to_owned())]].concat();
        cases.push_named("preflight_status", format!("{status}-with-location"), put.preflight(status, &preflight));
        if status != 304 {
            let manual =
                VisitBuilder::new(world).redirect(RedirectMode::Manual).answer(status, &to(&page, "/c/{id}/1"));
            cases.push_named("redirect", format!("{status}-manual"), manual);
            let error = VisitBuilder::new(world).redirect(RedirectMode::Error).answer(status, &to(&page, "/c/{id}/1"));
            cases.push_named("redirect", format!("{status}-error"), error);
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
