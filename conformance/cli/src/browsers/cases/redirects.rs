//! Redirects: their targets, the headers that they remove, and the `Origin` that is sent.

use cors_reference::request::{CredentialsMode, RedirectMode};

use super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, BOTH, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    let mut push = |visit| cases.push("redirect", visit);
    let places = [(Place::Own, "{own}"), (Place::Target, "{target}"), (Place::Third, "{third}")];
    let allow = |origin: &str| vec![(ACAO, origin.to_owned()), (ACAC, "true".to_owned())];
    let grant = |origin: &str| {
        let mut grant = allow(origin);
        grant.extend([(ACAM, "PUT, PATCH, POST".to_owned()), (ACAH, "x-a, content-type, authorization".to_owned())]);
        grant
    };
    let to =
        |headers: &[(&'static str, String)], location: &str| [headers, &[("Location", location.to_owned())]].concat();
    // Every status and method, with a redirect within an origin and between two.
    for status in [301, 302, 303, 307, 308] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH"] {
            for (next, origin) in [("{target}", page.as_str()), ("{third}", "null"), ("{own}", "null")] {
                let answer = to(&allow(&page), &format!("{next}/c/{{id}}/1"));
                let visit =
                    VisitBuilder::new(world).method(method).preflight(200, &grant(&page)).answer(status, &answer);
                let visit = if matches!(method, "GET" | "HEAD") { visit } else { visit.body("body") };
                push(visit.hop(&grant(origin), 200, &allow(origin)));
            }
        }
    }
    // Three servers in every order. The last response permits each of three origins.
    for (first, _) in places {
        for (_, second) in places {
            for (_, third) in places {
                for last in [page.as_str(), "null", "*"] {
                    let visit = VisitBuilder::new(world).to(first).preflight(200, &grant("*"));
                    let visit = visit.answer(302, &to(&allow("*"), &format!("{second}/c/{{id}}/1")));
                    let visit = visit.hop(&grant("*"), 302, &to(&allow("*"), &format!("{third}/c/{{id}}/2")));
                    push(visit.hop(&grant(last), 200, &allow(last)));
                }
            }
        }
    }
    // The CORS check fails at the first hop, with and without credentials.
    for credentials in BOTH {
        for first in [page.as_str(), "*", "null", "", "http://evil.example"] {
            for second in [page.as_str(), "*", "null"] {
                for (_, next) in [places[1], places[2]] {
                    let answer = to(&allow(first), &format!("{next}/c/{{id}}/1"));
                    let visit = VisitBuilder::new(world).credentials(credentials).answer(307, &answer);
                    push(visit.hop(&grant(second), 200, &allow(second)));
                }
            }
        }
    }
    // Redirects of requests with headers that need a preflight, and with Authorization.
    for header in ["X-A", "Authorization", "Content-Type"] {
        for (next, origin) in [("{target}", page.as_str()), ("{third}", "null"), ("{own}", "null")] {
            for method in ["GET", "POST"] {
                let answer = to(&allow(&page), &format!("{next}/c/{{id}}/1"));
                let visit = VisitBuilder::new(world).method(method).header(header, "a/b").preflight(200, &grant(&page));
                push(visit.answer(307, &answer).hop(&grant(origin), 200, &allow(origin)));
            }
        }
    }
    // Different values of Location.
    for location in [
        "/c/{id}/1",
        "1",
        "../{id}/1",
        "1?x",
        "1#f",
        "",
        "ftp://127.0.0.1/",
        "data:text/plain,x",
        "about:blank",
        "http://",
        "http://[",
        "javascript:1",
        "http://127.0.0.1:25/",
    ] {
        let answer = to(&allow(&page), location);
        push(VisitBuilder::new(world).answer(302, &answer).hop(&grant(&page), 200, &allow(&page)));
    }
    for (first, last) in [("{own@}", page.as_str()), ("{target@}", page.as_str()), ("{third@}", "null")] {
        let answer = to(&allow(&page), &format!("{first}/c/{{id}}/1"));
        push(VisitBuilder::new(world).answer(302, &answer).hop(&grant(last), 200, &allow(last)));
        push(VisitBuilder::new(world).to(Place::Own).answer(302, &answer).hop(&grant(last), 200, &allow(last)));
    }
    let twice = [to(&allow(&page), "/c/{id}/1"), to(&[], "/c/{id}/1")].concat();
    push(VisitBuilder::new(world).answer(302, &twice).hop(&grant(&page), 200, &allow(&page)));
    push(VisitBuilder::new(world).answer(302, &allow(&page)));
    for mode in [RedirectMode::Error, RedirectMode::Manual] {
        for credentials in [CredentialsMode::Omit, CredentialsMode::Include] {
            for origin in [page.as_str(), "*", "null"] {
                let answer = to(&allow(origin), "/c/{id}/1");
                push(VisitBuilder::new(world).credentials(credentials).redirect(mode).answer(302, &answer));
            }
        }
    }
    // The limit of 20 redirects.
    for count in [19, 20, 21] {
        let mut visit = VisitBuilder::new(world).answer(302, &to(&allow(&page), "/c/{id}/1"));
        for hop in 1..count {
            visit = visit.hop(&grant(&page), 302, &to(&allow(&page), &format!("/c/{{id}}/{}", hop + 1)));
        }
        push(visit.hop(&grant(&page), 200, &allow(&page)));
    }
}
