//! The grants that an agent caches, and their lifetime.

mod common;

use common::{
    PAGE,
    agents::{
        Server, Visit, assert_effect, assert_effect_on_standard, fetch_trace, grant, grant_to, init_with,
        last_is_preflighted, redirect_to, with_deviations,
    },
    drive, init,
};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation::*, FIREFOX, WEBKIT},
    fetch::Browser,
    request::RequestInit,
    response::Response,
};

/// Returns a function that tests whether an agent sends a preflight for the last of these visits.
fn preflights_last<'a>(visits: &'a [Visit<'a>]) -> impl Fn(Agent) -> bool + 'a {
    move |agent| last_is_preflighted(agent, PAGE, visits)
}

#[test]
fn a_new_grant_replaces_the_earlier_grant() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [first, second] = ["PUT", "DELETE"].map(|methods| grant(methods, "", "60"));
    let visits = |last| [(0, &put, &first), (1, &delete, &second), (2, last, &first)];
    assert_effect(ReplacesGrants, preflights_last(&visits(&put)), false, true);
    assert_effect(ReplacesGrants, preflights_last(&visits(&delete)), false, false);
}

#[test]
fn a_new_grant_keeps_the_grant_of_another_url() {
    let mut browser = Browser::new(with_deviations(&[ReplacesGrants]));
    let granted = grant("PUT", "", "60");
    let mut preflighted = |url| drive(&mut browser, PAGE, url, &init("PUT"), 0, |_| granted.clone()).preflighted();
    assert!(preflighted("https://b.example/1"));
    assert!(preflighted("https://b.example/2"));
    assert!(!preflighted("https://b.example/1"));
}

#[test]
fn a_failed_response_to_a_cached_request_clears_the_grant() {
    let put = init("PUT");
    let granted = grant("PUT", "", "60");
    let unreadable = Response::new(200);
    let visits = [(0, &put, &granted), (1, &put, &unreadable), (2, &put, &granted)];
    assert_effect(OnlyPreflightsClear, preflights_last(&visits), true, false);
}

#[test]
fn a_failed_response_to_the_preflighted_request_clears_the_grant() {
    let kept = |agent| {
        let mut browser = Browser::new(agent);
        let granted = grant("PUT", "", "60");
        let mut put = |answer: &Response| {
            drive(&mut browser, PAGE, "https://b.example/", &init("PUT"), 0, |sent| {
                if sent.method == "OPTIONS" { granted.clone() } else { answer.clone() }
            })
        };
        assert_eq!(put(&Response::new(200)).reason(), "cors-check/2");
        !put(&granted).preflighted()
    };
    assert_effect(OnlyPreflightsClear, kept, false, true);
}

#[test]
fn a_failed_fetch_that_needs_no_preflight_keeps_the_grant() {
    let (put, get) = (init("PUT"), init("GET"));
    let [granted, unreadable] = [grant("PUT", "", "60"), Response::new(200)];
    let visits = [(0, &put, &granted), (1, &get, &unreadable), (2, &put, &granted)];
    for agent in AGENTS {
        assert!(!last_is_preflighted(*agent, PAGE, &visits), "{}", agent.name);
    }
}

#[test]
fn a_failed_preflight_clears_the_grant_in_every_agent() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [granted, unreadable] = [grant("PUT", "", "60"), Response::new(204)];
    let visits = [(0, &put, &granted), (1, &delete, &unreadable), (2, &put, &granted)];
    for deviation in [OnlyPreflightsClear, KeepsRefusingGrants] {
        assert_effect_on_standard(deviation, preflights_last(&visits), true, true);
    }
    for agent in [CHROMIUM, FIREFOX, WEBKIT] {
        assert!(last_is_preflighted(agent, PAGE, &visits), "{}", agent.name);
    }
}

#[test]
fn a_grant_that_refuses_its_request_is_cached_for_other_requests() {
    let (put, delete, x_a) = (init("PUT"), init("DELETE"), init_with("GET", &[("X-A", "1")]));
    let refusing = grant("DELETE", "", "60");
    assert_effect(KeepsRefusingGrants, preflights_last(&[(0, &put, &refusing), (1, &delete, &refusing)]), true, false);
    assert_effect(KeepsRefusingGrants, preflights_last(&[(0, &x_a, &refusing), (1, &delete, &refusing)]), true, false);
    assert_effect(KeepsRefusingGrants, preflights_last(&[(0, &put, &refusing), (1, &put, &refusing)]), true, true);
}

#[test]
fn a_cached_refusing_grant_does_not_clear_the_cache() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [granted, refusing] = [grant("PUT", "", "60"), grant("PATCH", "", "60")];
    let visits = [(0, &put, &granted), (1, &delete, &refusing), (2, &put, &granted)];
    assert_effect_on_standard(KeepsRefusingGrants, preflights_last(&visits), true, false);
    // In WebKit, the refusing grant replaces the earlier one.
    assert!(last_is_preflighted(WEBKIT, PAGE, &visits));
    assert!(last_is_preflighted(WEBKIT.without(KeepsRefusingGrants), PAGE, &visits));
}

#[test]
fn a_refused_fetch_ends_at_the_refusing_step_even_if_its_grant_is_cached() {
    for (name, reason) in [("PUT", "cors-preflight-fetch/7.5"), ("GET", "cors-preflight-fetch/7.7")] {
        let init = init_with(name, &[("X-A", "1")]);
        let mut browser = Browser::new(WEBKIT);
        let run = drive(&mut browser, PAGE, "https://b.example/", &init, 0, |_| grant("DELETE", "", "60"));
        assert_eq!((run.reason().as_str(), run.sent.len()), (reason, 1));
    }
}

#[test]
fn a_refusing_response_that_does_not_parse_or_has_no_ok_status_is_not_cached() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let granted = grant("DELETE", "", "60");
    for refused in [grant("DELETE", "@", "60"), Response { status: 404, ..granted.clone() }] {
        let visits = [(0, &put, &refused), (1, &delete, &granted)];
        assert_effect_on_standard(KeepsRefusingGrants, preflights_last(&visits), true, true);
    }
}

#[test]
fn a_max_age_of_0_ends_the_earlier_grant_or_leaves_it_unchanged() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [long, none] = ["60", "0"].map(|age| grant("PUT, DELETE", "", age));
    let only_put = grant("PUT", "", "60");
    let visits = [(0, &put, &only_put), (1, &delete, &none), (2, &put, &long)];
    assert_effect(ZeroMaxAgeStoresNothing, preflights_last(&visits), true, false);
    // No agent stores a grant with a max-age of 0.
    assert_effect(ZeroMaxAgeStoresNothing, preflights_last(&[(0, &put, &none), (0, &put, &long)]), true, true);
}

#[test]
fn a_max_age_of_1_shortens_the_earlier_grant_in_every_agent() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [long, short] = ["60", "1"].map(|age| grant("PUT, DELETE", "", age));
    let only_put = grant("PUT", "", "60");
    let visits = [(0, &put, &only_put), (0, &delete, &short), (1_000, &put, &long)];
    assert_effect(ZeroMaxAgeStoresNothing, preflights_last(&visits), true, true);
}

#[test]
fn the_max_age_of_a_renewed_method_counts_from_the_first_or_the_second_grant() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [first, both] = ["PUT", "PUT, DELETE"].map(|methods| grant(methods, "", "60"));
    for (at, standard, deviating) in
        [(59_999, false, false), (60_000, true, false), (89_999, true, false), (90_000, true, true)]
    {
        let visits = [(0, &put, &first), (30_000, &delete, &both), (at, &put, &first)];
        assert_effect(GrantsRestart, preflights_last(&visits), standard, deviating);
    }
}

#[test]
fn the_max_age_of_a_renewed_header_name_counts_from_the_first_or_the_second_grant() {
    let (a, b) = (init_with("GET", &[("X-A", "1")]), init_with("GET", &[("X-B", "1")]));
    let [first, both] = ["x-a", "x-a, x-b"].map(|names| grant("", names, "60"));
    for (at, standard, deviating) in [(59_999, false, false), (60_000, true, false), (90_000, true, true)] {
        let visits = [(0, &a, &first), (30_000, &b, &both), (at, &a, &first)];
        assert_effect(GrantsRestart, preflights_last(&visits), standard, deviating);
    }
}

#[test]
fn a_grant_to_an_opaque_origin_is_not_cached() {
    let put = init("PUT");
    let granted = grant_to("null", "PUT", "", "60");
    let again = |agent| last_is_preflighted(agent, "null", &[(0, &put, &granted), (1, &put, &granted)]);
    assert_effect(OpaqueOriginsAreNotCached, again, false, true);
    let granted = grant("PUT", "", "60");
    assert_effect(
        OpaqueOriginsAreNotCached,
        preflights_last(&[(0, &put, &granted), (1, &put, &granted)]),
        false,
        false,
    );
}

#[test]
fn a_grant_to_a_tainted_origin_is_not_cached() {
    let second_preflights = |agent| {
        let server = Server::new(&[redirect_to(307, "c/2")]);
        let mut browser = Browser::new(agent);
        server.trace(&mut browser, "b/1", &init("PUT"));
        let again = server.trace(&mut browser, "b/1", &init("PUT"));
        again.into_iter().filter(|line| line.starts_with("OPTIONS")).collect::<Vec<_>>()
    };
    let repeated = vec!["OPTIONS c/2 from null for PUT".to_owned()];
    assert_effect(OpaqueOriginsAreNotCached, second_preflights, vec![], repeated);
}

#[test]
fn the_cache_covers_head_only_if_it_was_listed() {
    let with_x_a = |method| -> RequestInit { init_with(method, &[("X-A", "1")]) };
    let [get, head, post] = ["GET", "HEAD", "POST"].map(with_x_a);
    let unlisted = grant("", "x-a", "60");
    assert_effect(CacheMustListHead, preflights_last(&[(0, &get, &unlisted), (1, &head, &unlisted)]), false, true);
    for method in [&get, &post] {
        assert_effect(
            CacheMustListHead,
            preflights_last(&[(0, &get, &unlisted), (1, method, &unlisted)]),
            false,
            false,
        );
    }
    let listed = grant("HEAD", "x-a", "60");
    assert_effect(CacheMustListHead, preflights_last(&[(0, &get, &listed), (1, &head, &listed)]), false, false);
    // A `HEAD` without unsafe headers needs no preflight, so the cache does not matter.
    assert_eq!(fetch_trace(FIREFOX, "b/1", &init("HEAD"), &[]).len(), 2);
}
