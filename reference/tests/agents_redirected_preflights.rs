//! Preflights after a redirect: their number, origin and headers.

mod common;

use common::{
    PAGE,
    agents::{
        Server, assert_effect, assert_effect_on_standard, expand, fetch_trace, init_with, redirect_to, trace,
        with_deviations,
    },
    drive,
};
use cors_reference::{
    agent::{
        Agent,
        Deviation::{self, *},
        FIREFOX, STANDARD, WEBKIT,
    },
    fetch::Browser,
    response::Response,
};

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

const READ: &str = "Readable 200 by cors-check/5";
const AUTHORIZED: &[(&str, &str)] = &[("Authorization", "Basic eA==")];

#[test]
fn a_put_that_becomes_a_get_is_preflighted_again() {
    let sent = |agent| fetch_trace(agent, "b/1", &init_with("PUT", &[]), &[redirect_to(303, "b/2")]);
    let first = ["OPTIONS b/1 from own for PUT", "PUT b/1 from own"];
    let standard = [&first[..], &["GET b/2 from own", READ]].concat();
    let deviating = [&first[..], &["OPTIONS b/2 from own for GET", "GET b/2 from own", READ]].concat();
    assert_effect(PreflightsEveryRedirect, sent, lines(&standard), lines(&deviating));
}

#[test]
fn a_request_without_a_preflight_needs_none_after_a_redirect() {
    for (method, at, status) in [("GET", "b/1", 302), ("POST", "b/1", 307), ("PUT", "own/1", 303)] {
        let sent = |agent| fetch_trace(agent, at, &init_with(method, &[]), &[redirect_to(status, "b/2")]).len();
        assert_effect_on_standard(PreflightsEveryRedirect, sent, 3, 3);
    }
}

#[test]
fn a_cached_grant_of_the_url_replaces_an_unneeded_preflight() {
    let server = Server::new(&[redirect_to(303, "b/2")]);
    let sent = |agent| {
        let mut browser = Browser::new(agent);
        server.trace(&mut browser, "b/1", &init_with("PUT", &[]));
        server.trace(&mut browser, "b/1", &init_with("PUT", &[]))
    };
    let without_preflight = || lines(&["PUT b/1 from own", "GET b/2 from own", READ]);
    assert_effect_on_standard(PreflightsEveryRedirect, sent, without_preflight(), without_preflight());
    // The grant of the first URL does not cover the second URL.
    let uncached = Server { max_age: "0", ..Server::new(&[redirect_to(303, "b/2")]) };
    let mut browser = Browser::new(with_deviations(&[PreflightsEveryRedirect]));
    uncached.trace(&mut browser, "b/1", &init_with("PUT", &[]));
    assert_eq!(uncached.trace(&mut browser, "b/1", &init_with("PUT", &[])).len(), 5);
}

#[test]
fn a_removed_authorization_header_still_needs_a_preflight() {
    let sent = |agent: Agent| fetch_trace(agent, "own/1", &init_with("GET", AUTHORIZED), &[redirect_to(307, "b/2")]);
    let standard = lines(&["GET own/1", "GET b/2 from own", READ]);
    let deviating = lines(&["GET own/1", "OPTIONS b/2 from own for GET", "GET b/2 from own", READ]);
    assert_effect_on_standard(RemovedHeadersNeedPreflight, sent, standard.clone(), deviating.clone());
    assert_eq!(sent(FIREFOX), deviating);
    assert_eq!(sent(FIREFOX.without(RemovedHeadersNeedPreflight)), standard);
    assert_eq!(sent(WEBKIT.without(PreflightsAskForRemovedHeaders)), deviating);
    assert_eq!(sent(WEBKIT)[1], "OPTIONS b/2 from own for GET with authorization");
    assert_eq!(sent(WEBKIT.without(RemovedHeadersNeedPreflight)), standard);
}

#[test]
fn a_cached_grant_of_the_url_replaces_a_preflight_for_a_removed_header() {
    let server = Server::new(&[redirect_to(307, "b/2")]);
    let mut browser = Browser::new(with_deviations(&[RemovedHeadersNeedPreflight]));
    assert_eq!(server.trace(&mut browser, "own/1", &init_with("GET", AUTHORIZED)).len(), 4);
    let again = server.trace(&mut browser, "own/1", &init_with("GET", AUTHORIZED));
    assert_eq!(again, lines(&["GET own/1", "GET b/2 from own", READ]));
}

#[test]
fn a_get_without_unsafe_headers_needs_no_preflight_after_a_redirect() {
    let sent = |agent| {
        fetch_trace(agent, "own/1", &init_with("GET", &[("Accept", "text/html")]), &[redirect_to(307, "b/2")]).len()
    };
    assert_effect_on_standard(RemovedHeadersNeedPreflight, sent, 3, 3);
}

/// Returns the method and the headers of each preflight of an authorized `PUT` over two redirects. Only the first
/// redirect removes `Authorization`.
fn preflights_over_two_redirects(agent: Agent) -> Vec<String> {
    let sent =
        fetch_trace(agent, "b/1", &init_with("PUT", AUTHORIZED), &[redirect_to(307, "c/2"), redirect_to(307, "c/3")]);
    let preflights = sent.iter().filter(|line| line.starts_with("OPTIONS"));
    preflights.map(|line| line.split_once(" for ").unwrap().1.to_owned()).collect()
}

#[test]
fn a_preflight_lists_headers_that_redirects_removed() {
    let with = "PUT with authorization";
    let asked = |second, third| lines(&[with, second, third]);
    assert_effect(
        PreflightsAskForRemovedHeaders,
        preflights_over_two_redirects,
        asked("PUT", "PUT"),
        asked(with, with),
    );
    assert_effect(
        PreflightsAskForHeadersRemovedBefore,
        preflights_over_two_redirects,
        asked("PUT", "PUT"),
        asked("PUT", with),
    );
}

#[test]
fn body_headers_that_a_redirect_removed_are_listed_only_with_all_removed_headers() {
    let deviations = [PreflightsEveryRedirect, PreflightsAskForRemovedHeaders];
    let html = [("Content-Type", "text/html"), ("X-A", "1")];
    let second = |deviations: &[Deviation]| {
        fetch_trace(with_deviations(deviations), "b/1", &init_with("PUT", &html), &[redirect_to(303, "b/2")])[2].clone()
    };
    assert_eq!(second(&deviations), "OPTIONS b/2 from own for GET with content-type,x-a");
    let forgets = [PreflightsEveryRedirect, PreflightsAskForHeadersRemovedBefore];
    assert_eq!(second(&forgets), "OPTIONS b/2 from own for GET with x-a");
    assert_eq!(second(&[PreflightsEveryRedirect]), "OPTIONS b/2 from own for GET with x-a");
}

#[test]
fn a_removed_header_that_is_listed_must_be_granted() {
    let outcome = |agent| {
        let server = Server { names: "x-a", ..Server::new(&[redirect_to(307, "b/2")]) };
        server.trace(&mut Browser::new(agent), "own/1", &init_with("PUT", AUTHORIZED)).pop()
    };
    let refused = Some("NetworkError by cors-preflight-fetch/7.6".to_owned());
    assert_effect(PreflightsAskForRemovedHeaders, outcome, Some(READ.to_owned()), refused);
}

#[test]
fn the_preflight_of_a_tainted_put_has_the_origin_of_the_page() {
    let sent = |agent| fetch_trace(agent, "b/1", &init_with("PUT", &[]), &[redirect_to(307, "c/2")]);
    let lines_with = |origin: &str| {
        let asked = format!("OPTIONS c/2 from {origin} for PUT");
        lines(&["OPTIONS b/1 from own for PUT", "PUT b/1 from own", &asked, "PUT c/2 from null", READ])
    };
    assert_effect(PreflightsAreUntainted, sent, lines_with("null"), lines_with("own"));
}

#[test]
fn the_preflight_of_a_tainted_put_is_checked_against_the_page() {
    for (allowed, standard, deviating) in [(PAGE, "cors-check/4", "cors-check/4"), ("null", READ, "cors-check/4")] {
        let outcome = |agent| {
            let mut browser = Browser::new(agent);
            let run = drive(&mut browser, PAGE, "https://b.example/1", &init_with("PUT", &[]), 0, |sent| {
                let origin = if sent.url.path() == "/1" { PAGE } else { allowed };
                let answer = if sent.url.path() == "/1" && sent.method == "PUT" {
                    redirect_to(307, "c/2")
                } else {
                    Response::new(200)
                };
                answer.with("Access-Control-Allow-Origin", origin).with("Access-Control-Allow-Methods", "PUT")
            });
            let lines = trace(&run);
            (lines.len(), lines.last().unwrap().replace("NetworkError by ", ""))
        };
        // In the standard, the preflight fails if the server allows the page, and nothing fails if it allows `null`.
        let lengths = if allowed == PAGE { (4, 5) } else { (5, 4) };
        assert_effect(PreflightsAreUntainted, outcome, (lengths.0, standard.into()), (lengths.1, deviating.into()));
    }
}

#[test]
fn an_untainted_request_and_its_preflight_have_the_origin_of_the_page() {
    let sent = |agent| fetch_trace(agent, "own/1", &init_with("PUT", &[]), &[redirect_to(307, "b/2")])[1..3].to_vec();
    let own = || lines(&["OPTIONS b/2 from own for PUT", "PUT b/2 from own"]);
    assert_effect_on_standard(PreflightsAreUntainted, sent, own(), own());
}

/// Returns the outcome of a `PUT` that another origin redirects to `next`. Preflights of `next` grant `methods`, but
/// have no `Access-Control-Allow-Origin`.
fn outcome_at(agent: Agent, next: &str, methods: &str) -> String {
    let mut browser = Browser::new(agent);
    let run = drive(&mut browser, PAGE, "https://b.example/1", &init_with("PUT", &[]), 0, |sent| {
        match (sent.url.as_str() == expand(next), sent.method.as_str()) {
            (true, "OPTIONS") => Response::new(204).with("Access-Control-Allow-Methods", methods),
            (true, _) => Response::new(200).with("Access-Control-Allow-Origin", "*"),
            (false, _) => redirect_to(if sent.method == "PUT" { 307 } else { 204 }, next)
                .with("Access-Control-Allow-Origin", "*")
                .with("Access-Control-Allow-Methods", "PUT"),
        }
    });
    trace(&run).pop().unwrap()
}

#[test]
fn a_preflight_to_the_own_origin_passes_without_the_cors_check() {
    let own_origin = |agent| outcome_at(agent, "own/2", "PUT");
    let refused = "NetworkError by cors-check/2".to_owned();
    assert_effect(PreflightsToOwnOriginPass, own_origin, refused, "Readable 200 by cors-check/3".to_owned());
}

#[test]
fn a_preflight_to_the_own_origin_must_grant_and_any_other_must_pass_the_cors_check() {
    assert_eq!(outcome_at(FIREFOX, "own/2", "DELETE"), "NetworkError by cors-preflight-fetch/7.5");
    for agent in [STANDARD, FIREFOX] {
        assert_eq!(outcome_at(agent, "c/2", "PUT"), "NetworkError by cors-check/2");
    }
}

#[test]
fn an_expired_grant_does_not_replace_a_preflight_for_a_removed_header() {
    use cors_reference::{
        agent::WEBKIT,
        fetch::{Browser, Fetch, Next, RequestKind},
    };

    let own = "https://app.example/";
    let mut browser = Browser::new(WEBKIT);
    let headers = [("Authorization".parse().unwrap(), "t".into())].into_iter().collect();
    let init = cors_reference::request::RequestInit { headers, ..Default::default() };
    let redirect = common::response(307, &[("Location", common::API)]);
    let grant = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "authorization")];
    let grant = common::response(200, &[&grant[..], &[("Access-Control-Max-Age", "60")]].concat());
    let mut is_preflighted = |now_ms| {
        let mut fetch = Fetch::start(&mut browser, &common::origin(common::PAGE), own, &init, now_ms);
        fetch.receive(&mut browser, &redirect);
        while let Next::Send(_) = fetch.next() {
            fetch.receive(&mut browser, &grant);
        }
        fetch.sent().iter().any(|(kind, _)| *kind == RequestKind::Preflight)
    };
    assert_eq!([is_preflighted(0), is_preflighted(59_999), is_preflighted(60_000)], [true, false, true]);
}
