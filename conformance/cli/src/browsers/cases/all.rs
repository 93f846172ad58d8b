//! The list of all cases.

use super::{World, caches, collection::Cases, headers, http_cache, named, preflights, random, redirects, requests};
use crate::browsers::browser_case::BrowserCase;

/// Returns all cases, always in the same order. Cases of one visit come first.
pub(crate) fn cases(world: World) -> Vec<BrowserCase> {
    let mut cases = Cases::new(world);
    for add in [
        headers::add,
        preflights::add,
        requests::add,
        redirects::add,
        random::add,
        named::add_single_visits,
        caches::add,
        named::add_several_visits,
        http_cache::add,
    ] {
        add(&mut cases);
    }
    cases.into_cases()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cors_conformance::judge::judge;
    use cors_reference::agent::AGENTS;

    use super::*;

    fn all() -> Vec<BrowserCase> {
        cases(World { page: 18000, target: 18001, third: 18002 })
    }

    #[test]
    fn there_are_at_least_1500_cases_with_distinct_ids() {
        let cases = all();
        let ids: BTreeSet<_> = cases.iter().map(|case| case.id.clone()).collect();
        assert!(cases.len() >= 1500 && ids.len() == cases.len(), "{} {}", cases.len(), ids.len());
    }

    #[test]
    fn every_case_contains_the_answers_that_it_needs() {
        for case in all() {
            for agent in AGENTS {
                assert!(judge(case.script(), *agent).is_ok(), "{}: {:?}", case.id, judge(case.script(), *agent));
            }
        }
    }

    #[test]
    fn every_id_is_a_known_group_and_a_name() {
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
    fn cases_of_one_visit_come_first_and_few_cases_wait_long() {
        let cases = all();
        assert!(cases.is_sorted_by_key(|case| case.script().len() > 1));
        let waits = cases.iter().map(|case| case.script().iter().map(|visit| visit.after_ms).sum::<u64>());
        let long: Vec<_> = waits.filter(|wait| *wait > 1500).collect();
        assert!(long.len() <= 32 && long.iter().all(|wait| *wait <= 7000), "{long:?}");
    }

    #[test]
    fn every_scripted_answer_is_a_valid_message() {
        for case in all() {
            for visit in case.script() {
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
