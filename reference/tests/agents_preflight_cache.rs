//! What does an agent keep of a preflight's answer, and for how long?

mod common;

use common::{
    PAGE,
    agents::{Server, Visit, alone, asks, decides, fetch, grant, granted_to, only, to, walk},
    drive, init,
};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation::*, FIREFOX, WEBKIT},
    fetch::Browser,
    request::RequestInit,
    response::Response,
};

/// Whether the last of those visits is preflighted, by the agent that is given.
fn last_asks<'a>(visits: &'a [Visit<'a>]) -> impl Fn(Agent) -> bool + 'a {
    move |agent| asks(agent, PAGE, visits)
}

#[test]
fn a_new_grant_replaces_what_was_granted_before() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [first, second] = ["PUT", "DELETE"].map(|methods| grant(methods, "", "60"));
    let visits = |last| [(0, &put, &first), (1, &delete, &second), (2, last, &first)];
    decides(ReplacesGrants, last_asks(&visits(&put)), false, true);
    decides(ReplacesGrants, last_asks(&visits(&delete)), false, false);
}

#[test]
fn a_new_grant_replaces_nothing_of_another_url() {
    let mut browser = Browser::new(only(&[ReplacesGrants]));
    let granted = grant("PUT", "", "60");
    let mut preflighted = |url| drive(&mut browser, PAGE, url, &init("PUT"), 0, |_| granted.clone()).preflighted();
    assert!(preflighted("https://b.example/1"));
    assert!(preflighted("https://b.example/2"));
    assert!(!preflighted("https://b.example/1"));
}

#[test]
fn an_answer_that_fails_after_a_grant_clears_it_unless_only_preflights_do() {
    let put = init("PUT");
    let granted = grant("PUT", "", "60");
    let unreadable = Response::new(200);
    let visits = [(0, &put, &granted), (1, &put, &unreadable), (2, &put, &granted)];
    decides(OnlyPreflightsClear, last_asks(&visits), true, false);
}

#[test]
fn the_answer_of_the_very_fetch_that_was_granted_may_fail_too() {
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
    decides(OnlyPreflightsClear, kept, false, true);
}

#[test]
fn a_fetch_that_needs_no_preflight_clears_nothing_when_it_fails() {
    let (put, get) = (init("PUT"), init("GET"));
    let [granted, unreadable] = [grant("PUT", "", "60"), Response::new(200)];
    let visits = [(0, &put, &granted), (1, &get, &unreadable), (2, &put, &granted)];
    for agent in AGENTS {
        assert!(!asks(*agent, PAGE, &visits), "{}", agent.name);
    }
}

#[test]
fn a_failed_preflight_clears_for_everyone() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [granted, unreadable] = [grant("PUT", "", "60"), Response::new(204)];
    let visits = [(0, &put, &granted), (1, &delete, &unreadable), (2, &put, &granted)];
    for deviation in [OnlyPreflightsClear, KeepsRefusingGrants] {
        alone(deviation, last_asks(&visits), true, true);
    }
    for agent in [CHROMIUM, FIREFOX, WEBKIT] {
        assert!(asks(agent, PAGE, &visits), "{}", agent.name);
    }
}

#[test]
fn a_grant_that_refuses_its_own_request_may_be_kept_for_others() {
    let (put, delete, x_a) = (init("PUT"), init("DELETE"), fetch("GET", &[("X-A", "1")]));
    let refusing = grant("DELETE", "", "60");
    decides(KeepsRefusingGrants, last_asks(&[(0, &put, &refusing), (1, &delete, &refusing)]), true, false);
    decides(KeepsRefusingGrants, last_asks(&[(0, &x_a, &refusing), (1, &delete, &refusing)]), true, false);
    decides(KeepsRefusingGrants, last_asks(&[(0, &put, &refusing), (1, &put, &refusing)]), true, true);
}

#[test]
fn a_grant_that_refuses_clears_nothing_where_it_is_kept() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [granted, refusing] = [grant("PUT", "", "60"), grant("PATCH", "", "60")];
    let visits = [(0, &put, &granted), (1, &delete, &refusing), (2, &put, &granted)];
    alone(KeepsRefusingGrants, last_asks(&visits), true, false);
    // But it replaces what was there, where grants do.
    assert!(asks(WEBKIT, PAGE, &visits));
    assert!(asks(WEBKIT.without(KeepsRefusingGrants), PAGE, &visits));
}

#[test]
fn a_refused_fetch_ends_at_the_step_that_refused_it_even_where_its_grant_is_kept() {
    for (name, reason) in [("PUT", "cors-preflight-fetch/7.5"), ("GET", "cors-preflight-fetch/7.7")] {
        let init = fetch(name, &[("X-A", "1")]);
        let mut browser = Browser::new(WEBKIT);
        let run = drive(&mut browser, PAGE, "https://b.example/", &init, 0, |_| grant("DELETE", "", "60"));
        assert_eq!((run.reason().as_str(), run.sent.len()), (reason, 1));
    }
}

#[test]
fn a_refusing_answer_that_does_not_parse_or_has_no_ok_status_is_not_kept() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let granted = grant("DELETE", "", "60");
    for refused in [grant("DELETE", "@", "60"), Response { status: 404, ..granted.clone() }] {
        let visits = [(0, &put, &refused), (1, &delete, &granted)];
        alone(KeepsRefusingGrants, last_asks(&visits), true, true);
    }
}

#[test]
fn a_max_age_of_0_ends_what_was_granted_before_or_changes_nothing() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [long, none] = ["60", "0"].map(|age| grant("PUT, DELETE", "", age));
    let only_put = grant("PUT", "", "60");
    let visits = [(0, &put, &only_put), (1, &delete, &none), (2, &put, &long)];
    decides(ZeroMaxAgeStoresNothing, last_asks(&visits), true, false);
    // And it stores nothing for anyone.
    decides(ZeroMaxAgeStoresNothing, last_asks(&[(0, &put, &none), (0, &put, &long)]), true, true);
}

#[test]
fn a_max_age_of_1_changes_it_for_everyone() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [long, short] = ["60", "1"].map(|age| grant("PUT, DELETE", "", age));
    let only_put = grant("PUT", "", "60");
    let visits = [(0, &put, &only_put), (0, &delete, &short), (1_000, &put, &long)];
    decides(ZeroMaxAgeStoresNothing, last_asks(&visits), true, true);
}

#[test]
fn a_second_grant_counts_from_the_first_or_from_its_own_time() {
    let (put, delete) = (init("PUT"), init("DELETE"));
    let [first, both] = ["PUT", "PUT, DELETE"].map(|methods| grant(methods, "", "60"));
    for (at, standard, deviating) in
        [(59_999, false, false), (60_000, true, false), (89_999, true, false), (90_000, true, true)]
    {
        let visits = [(0, &put, &first), (30_000, &delete, &both), (at, &put, &first)];
        decides(GrantsRestart, last_asks(&visits), standard, deviating);
    }
}

#[test]
fn a_header_names_second_grant_counts_so_too() {
    let (a, b) = (fetch("GET", &[("X-A", "1")]), fetch("GET", &[("X-B", "1")]));
    let [first, both] = ["x-a", "x-a, x-b"].map(|names| grant("", names, "60"));
    for (at, standard, deviating) in [(59_999, false, false), (60_000, true, false), (90_000, true, true)] {
        let visits = [(0, &a, &first), (30_000, &b, &both), (at, &a, &first)];
        decides(GrantsRestart, last_asks(&visits), standard, deviating);
    }
}

#[test]
fn nothing_is_kept_for_an_opaque_origin() {
    let put = init("PUT");
    let granted = granted_to("null", "PUT", "", "60");
    let again = |agent| asks(agent, "null", &[(0, &put, &granted), (1, &put, &granted)]);
    decides(OpaqueOriginsAreNotCached, again, false, true);
    let granted = grant("PUT", "", "60");
    decides(OpaqueOriginsAreNotCached, last_asks(&[(0, &put, &granted), (1, &put, &granted)]), false, false);
}

#[test]
fn nothing_is_kept_for_an_origin_that_a_redirect_hid() {
    let asked_again = |agent| {
        let server = Server::new(&[to(307, "c/2")]);
        let mut browser = Browser::new(agent);
        server.visited(&mut browser, "b/1", &init("PUT"));
        let again = server.visited(&mut browser, "b/1", &init("PUT"));
        again.into_iter().filter(|line| line.starts_with("OPTIONS")).collect::<Vec<_>>()
    };
    let asked = vec!["OPTIONS c/2 from null for PUT".to_owned()];
    decides(OpaqueOriginsAreNotCached, asked_again, vec![], asked);
}

#[test]
fn head_is_served_only_where_it_was_listed() {
    let with_x_a = |method| -> RequestInit { fetch(method, &[("X-A", "1")]) };
    let [get, head, post] = ["GET", "HEAD", "POST"].map(with_x_a);
    let unlisted = grant("", "x-a", "60");
    decides(CacheMustListHead, last_asks(&[(0, &get, &unlisted), (1, &head, &unlisted)]), false, true);
    for method in [&get, &post] {
        decides(CacheMustListHead, last_asks(&[(0, &get, &unlisted), (1, method, &unlisted)]), false, false);
    }
    let listed = grant("HEAD", "x-a", "60");
    decides(CacheMustListHead, last_asks(&[(0, &get, &listed), (1, &head, &listed)]), false, false);
    // A plain one needs no preflight, so the cache is not asked.
    assert_eq!(walk(FIREFOX, "b/1", &init("HEAD"), &[]).len(), 2);
}
