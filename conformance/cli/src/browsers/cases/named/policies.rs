//! `Cross-Origin-Resource-Policy`: what a fetch without CORS may embed.

use cors_reference::request::{CredentialsMode, Mode};

use super::{
    super::{
        World,
        draft::{ACAO, Draft, Place},
    },
    Named,
};

const CORP: &str = "Cross-Origin-Resource-Policy";

pub(super) fn cases(world: World) -> Vec<Named> {
    let mut cases = Vec::new();
    // Of the third place, the second page is of the same site and the first is not.
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
                    let draft = Draft::new(world).page(page).to(place).mode(mode).answer(200, &answer);
                    let id = format!("{name}-{page_name}-to-{place_name}-{mode_name}");
                    cases.push(Named::one("corp", id, draft));
                }
            }
        }
        // On a redirect, and behind one.
        let location = [("Location", "{third}/c/{id}/1")];
        let draft = Draft::new(world).mode(Mode::NoCors).answer(302, &[&location[..], &lines].concat());
        cases.push(Named::one("corp", format!("{name}-on-redirect"), draft.hop::<&str>(&[], 200, &[])));
        let draft = Draft::new(world).mode(Mode::NoCors).answer(302, &location).hop(&[], 200, &lines);
        cases.push(Named::one("corp", format!("{name}-behind-redirect"), draft));
        let draft = Draft::new(world).mode(Mode::NoCors).credentials(CredentialsMode::Include).answer(404, &lines);
        cases.push(Named::one("corp", format!("{name}-not-found"), draft));
    }
    cases
}
