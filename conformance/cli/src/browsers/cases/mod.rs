//! The cases that browsers are led through: single fetches about every step of the algorithms, and
//! several visits over time about the CORS-preflight cache.

use cors_conformance::case::script::Visit;

mod caches;
mod draft;
mod headers;
mod http_cache;
mod named;
mod preflights;
mod random;
mod redirects;
mod requests;

use draft::Grouped;
use named::Named;

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
    cases.extend(named::singles(*world).into_iter().map(named_case));
    for (group, drafts) in caches::drafts(*world) {
        let id = name(group);
        cases.push(Case { visits: drafts.into_iter().map(|draft| draft.finish(&id)).collect(), id });
    }
    cases.extend(named::several(*world).into_iter().map(named_case));
    for (name, drafts) in http_cache::cases(*world) {
        let id = format!("http_cache-{name}");
        cases.push(Case { visits: drafts.into_iter().map(|draft| draft.finish(&id)).collect(), id });
    }
    cases
}

fn named_case(named: Named) -> Case {
    let id = format!("{}-{}", named.group, named.name);
    Case { visits: named.drafts.into_iter().map(|draft| draft.finish(&id)).collect(), id }
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

    #[test]
    fn ids_are_a_known_group_and_a_name() {
        let groups = "acac acah acam acao acrh actual_status cache_key cache_maxage cache_random corp expose forbidden_req \
                      http_cache method mode opaque preflight_acac preflight_acao preflight_status random random_redirect redirect req_safelist \
                      resp_safelist tuple_origin";
        let mut found = BTreeSet::new();
        for case in all() {
            let (group, name) = case.id.split_once('-').unwrap();
            let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
            assert!(!name.is_empty() && case.id.bytes().all(is_plain), "{}", case.id);
            found.insert(group.to_owned());
        }
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), groups.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn single_visits_come_first_and_few_cases_wait_long() {
        let cases = all();
        assert!(cases.is_sorted_by_key(|case| case.visits.len() > 1));
        let waits = cases.iter().map(|case| case.visits.iter().map(|visit| visit.after_ms).sum::<u64>());
        let long: Vec<_> = waits.filter(|wait| *wait > 1500).collect();
        assert!(long.len() <= 32 && long.iter().all(|wait| *wait <= 7000), "{long:?}");
    }

    #[test]
    fn what_is_sent_can_be_sent() {
        for case in all() {
            for visit in &case.visits {
                let hops = visit.hops.iter().flat_map(|hop| [&hop.preflight_response, &hop.response]);
                for answer in hops.chain([&visit.preflight_response, &visit.response]).flatten() {
                    assert!((200..=599).contains(&answer.status), "{}", case.id);
                    for (name, text) in &answer.headers {
                        assert!(!text.0.iter().any(|b| matches!(b, b'\n' | b'\r' | b'{')), "{} {name}", case.id);
                    }
                }
            }
        }
    }
}
