//! The cases that browsers are led through: single fetches about every step of the algorithms, and
//! several visits over time about the CORS-preflight cache.

use cors_conformance::script::Visit;

mod caches;
mod draft;
mod headers;
mod preflights;
mod random;
mod redirects;
mod requests;

use draft::Grouped;

/// Where the cases' servers listen, on loopback.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    pub(crate) page: u16,
    pub(crate) target: u16,
    pub(crate) third: u16,
}

impl World {
    /// The origin of the usual page.
    fn page_origin(self) -> String {
        format!("http://localhost:{}", self.page)
    }
}

/// A browser's visits with scripted answers.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// `group-number`, or a name in the place of the number.
    pub(crate) id: String,
    pub(crate) visits: Vec<Visit>,
}

/// Every case, always in the same order.
pub(crate) fn cases(world: &World) -> Vec<Case> {
    let groups: [fn(World) -> Vec<Grouped>; 5] =
        [headers::drafts, preflights::drafts, requests::drafts, redirects::drafts, random::drafts];
    let mut counts = std::collections::HashMap::new();
    let mut name = |group: &str| {
        let count = counts.entry(group.to_owned()).or_insert(0);
        *count += 1;
        format!("{group}-{count:03}")
    };
    let mut cases: Vec<Case> = Vec::new();
    for (group, draft) in groups.into_iter().flat_map(|drafts| drafts(*world)) {
        let id = name(group);
        cases.push(Case { visits: vec![draft.finish(&id)], id });
    }
    for (group, drafts) in caches::drafts(*world) {
        let id = name(group);
        cases.push(Case { visits: drafts.into_iter().map(|draft| draft.finish(&id)).collect(), id });
    }
    cases
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cors_conformance::judge::judge;
    use cors_reference::agent::AGENTS;

    use super::*;

    fn all() -> Vec<Case> {
        cases(&World { page: 18000, target: 18001, third: 18002 })
    }

    #[test]
    fn there_are_1500_or_more_and_each_has_its_own_id() {
        let cases = all();
        let ids: BTreeSet<_> = cases.iter().map(|case| case.id.clone()).collect();
        assert!(cases.len() >= 1500 && ids.len() == cases.len(), "{} {}", cases.len(), ids.len());
    }

    #[test]
    fn every_case_has_each_answer_that_it_needs() {
        for case in all() {
            for agent in AGENTS {
                assert!(judge(&case.visits, *agent).is_ok(), "{}: {:?}", case.id, judge(&case.visits, *agent));
            }
        }
    }
}
