//! `Cross-Origin-Resource-Policy`: which responses a fetch without CORS may use.

use cors_reference::request::{CredentialsMode, Mode};

use super::super::{
    collection::Cases,
    visit_builder::{ACAO, Place, VisitBuilder},
};

const CORP: &str = "Cross-Origin-Resource-Policy";

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    // Only the second page is of the same site as the third server.
    let pages = [("page", world.page_origin()), ("neighbour", format!("http://third.localhost:{}", world.page))];
    let policies: [(&str, &[&str]); 10] = [
        ("none", &[]),
        ("same-origin", &["same-origin"]),
        ("same-site", &["same-site"]),
        ("cross-origin", &["cross-origin"]),
        ("in-capitals", &["Same-Origin"]),
        ("unknown", &["nobody"]),
        ("list", &["same-origin, same-site"]),
        ("two-lines", &["same-origin", "same-origin"]),
        ("empty", &[""]),
        ("spaces-around", &[" same-origin\t"]),
    ];
    for (name, values) in policies {
        let lines: Vec<_> = values.iter().map(|value| (CORP, *value)).collect();
        for (page_name, page) in &pages {
            for (place_name, place) in [("own", Place::Own), ("target", Place::Target), ("third", Place::Third)] {
                for (mode_name, mode) in [("no-cors", Mode::NoCors), ("cors", Mode::Cors)] {
                    let answer = [&[(ACAO, "*")], &lines[..]].concat();
                    let visit = VisitBuilder::new(world).page(page).to(place).mode(mode).answer(200, &answer);
                    let id = format!("{name}-{page_name}-to-{place_name}-{mode_name}");
                    cases.push_named("corp", id, visit);
                }
            }
        }
        // The header on a redirect, and on the response after a redirect.
        let location = [("Location", "{third}/c/{id}/1")];
        let visit = VisitBuilder::new(world).mode(Mode::NoCors).answer(302, &[&location[..], &lines].concat());
        cases.push_named("corp", format!("{name}-on-redirect"), visit.hop::<&str>(&[], 200, &[]));
        let visit = VisitBuilder::new(world).mode(Mode::NoCors).answer(302, &location).hop(&[], 200, &lines);
        cases.push_named("corp", format!("{name}-behind-redirect"), visit);
        let visit =
            VisitBuilder::new(world).mode(Mode::NoCors).credentials(CredentialsMode::Include).answer(404, &lines);
        cases.push_named("corp", format!("{name}-not-found"), visit);
    }
}
