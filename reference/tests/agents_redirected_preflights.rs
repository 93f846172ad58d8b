//! Which preflights does an agent send after a redirect, for what, and whose are they?

mod common;

use common::{
    PAGE,
    agents::{Server, alone, decides, fetch, only, to, told, url, walk},
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
fn a_put_that_a_303_made_a_get_is_preflighted_again() {
    let sent = |agent| walk(agent, "b/1", &fetch("PUT", &[]), &[to(303, "b/2")]);
    let first = ["OPTIONS b/1 from own for PUT", "PUT b/1 from own"];
    let standard = [&first[..], &["GET b/2 from own", READ]].concat();
    let deviating = [&first[..], &["OPTIONS b/2 from own for GET", "GET b/2 from own", READ]].concat();
    decides(PreflightsEveryRedirect, sent, lines(&standard), lines(&deviating));
}

#[test]
fn what_was_not_preflighted_is_not_after_its_redirect_either() {
    for (method, at, status) in [("GET", "b/1", 302), ("POST", "b/1", 307), ("PUT", "own/1", 303)] {
        let sent = |agent| walk(agent, at, &fetch(method, &[]), &[to(status, "b/2")]).len();
        alone(PreflightsEveryRedirect, sent, 3, 3);
    }
}

#[test]
fn a_needless_preflight_is_spared_where_something_for_its_url_is_kept() {
    let server = Server::new(&[to(303, "b/2")]);
    let sent = |agent| {
        let mut browser = Browser::new(agent);
        server.visited(&mut browser, "b/1", &fetch("PUT", &[]));
        server.visited(&mut browser, "b/1", &fetch("PUT", &[]))
    };
    let spared = || lines(&["PUT b/1 from own", "GET b/2 from own", READ]);
    alone(PreflightsEveryRedirect, sent, spared(), spared());
    // Nothing is kept of another URL: what the first one was granted does not count for the second.
    let forgetful = Server { max_age: "0", ..Server::new(&[to(303, "b/2")]) };
    let mut browser = Browser::new(only(&[PreflightsEveryRedirect]));
    forgetful.visited(&mut browser, "b/1", &fetch("PUT", &[]));
    assert_eq!(forgetful.visited(&mut browser, "b/1", &fetch("PUT", &[])).len(), 5);
}

#[test]
fn an_authorized_get_that_leaves_its_origin_is_preflighted_though_the_header_is_gone() {
    let sent = |agent: Agent| walk(agent, "own/1", &fetch("GET", AUTHORIZED), &[to(307, "b/2")]);
    let standard = lines(&["GET own/1", "GET b/2 from own", READ]);
    let deviating = lines(&["GET own/1", "OPTIONS b/2 from own for GET", "GET b/2 from own", READ]);
    alone(RemovedHeadersNeedPreflight, sent, standard.clone(), deviating.clone());
    assert_eq!(sent(FIREFOX), deviating);
    assert_eq!(sent(FIREFOX.without(RemovedHeadersNeedPreflight)), standard);
    assert_eq!(sent(WEBKIT.without(PreflightsAskForRemovedHeaders)), deviating);
    assert_eq!(sent(WEBKIT)[1], "OPTIONS b/2 from own for GET with authorization");
    assert_eq!(sent(WEBKIT.without(RemovedHeadersNeedPreflight)), standard);
}

#[test]
fn a_preflight_for_a_header_that_is_gone_is_spared_where_something_for_its_url_is_kept() {
    let server = Server::new(&[to(307, "b/2")]);
    let mut browser = Browser::new(only(&[RemovedHeadersNeedPreflight]));
    assert_eq!(server.visited(&mut browser, "own/1", &fetch("GET", AUTHORIZED)).len(), 4);
    let again = server.visited(&mut browser, "own/1", &fetch("GET", AUTHORIZED));
    assert_eq!(again, lines(&["GET own/1", "GET b/2 from own", READ]));
}

#[test]
fn a_get_without_unsafe_headers_is_not_preflighted_for_what_it_never_had() {
    let sent = |agent| walk(agent, "own/1", &fetch("GET", &[("Accept", "text/html")]), &[to(307, "b/2")]).len();
    alone(RemovedHeadersNeedPreflight, sent, 3, 3);
}

/// What the preflights of an authorized `PUT` ask for, in order, over two redirects of which the first alone
/// takes `Authorization` away.
fn asked_over_two_redirects(agent: Agent) -> Vec<String> {
    let sent = walk(agent, "b/1", &fetch("PUT", AUTHORIZED), &[to(307, "c/2"), to(307, "c/3")]);
    let preflights = sent.iter().filter(|line| line.starts_with("OPTIONS"));
    preflights.map(|line| line.split_once(" for ").unwrap().1.to_owned()).collect()
}

#[test]
fn a_preflight_asks_for_headers_that_redirects_removed_or_that_earlier_ones_did() {
    let with = "PUT with authorization";
    let asked = |second, third| lines(&[with, second, third]);
    decides(PreflightsAskForRemovedHeaders, asked_over_two_redirects, asked("PUT", "PUT"), asked(with, with));
    decides(PreflightsAskForHeadersRemovedBefore, asked_over_two_redirects, asked("PUT", "PUT"), asked("PUT", with));
}

#[test]
fn what_a_redirect_to_get_removed_is_asked_for_only_by_who_forgets_nothing() {
    let deviations = [PreflightsEveryRedirect, PreflightsAskForRemovedHeaders];
    let html = [("Content-Type", "text/html"), ("X-A", "1")];
    let second =
        |deviations: &[Deviation]| walk(only(deviations), "b/1", &fetch("PUT", &html), &[to(303, "b/2")])[2].clone();
    assert_eq!(second(&deviations), "OPTIONS b/2 from own for GET with content-type,x-a");
    let forgets = [PreflightsEveryRedirect, PreflightsAskForHeadersRemovedBefore];
    assert_eq!(second(&forgets), "OPTIONS b/2 from own for GET with x-a");
    assert_eq!(second(&[PreflightsEveryRedirect]), "OPTIONS b/2 from own for GET with x-a");
}

#[test]
fn a_removed_header_that_is_asked_for_must_be_granted_too() {
    let ended = |agent| {
        let server = Server { names: "x-a", ..Server::new(&[to(307, "b/2")]) };
        server.visited(&mut Browser::new(agent), "own/1", &fetch("PUT", AUTHORIZED)).pop()
    };
    let refused = Some("NetworkError by cors-preflight-fetch/7.6".to_owned());
    decides(PreflightsAskForRemovedHeaders, ended, Some(READ.to_owned()), refused);
}

#[test]
fn a_tainted_put_asks_as_the_page_and_goes_as_null() {
    let sent = |agent| walk(agent, "b/1", &fetch("PUT", &[]), &[to(307, "c/2")]);
    let told = |origin: &str| {
        let asked = format!("OPTIONS c/2 from {origin} for PUT");
        lines(&["OPTIONS b/1 from own for PUT", "PUT b/1 from own", &asked, "PUT c/2 from null", READ])
    };
    decides(PreflightsAreUntainted, sent, told("null"), told("own"));
}

#[test]
fn the_preflight_of_a_tainted_put_is_checked_against_the_page_too() {
    for (allowed, standard, deviating) in [(PAGE, "cors-check/4", "cors-check/4"), ("null", READ, "cors-check/4")] {
        let ended = |agent| {
            let mut browser = Browser::new(agent);
            let run = drive(&mut browser, PAGE, "https://b.example/1", &fetch("PUT", &[]), 0, |sent| {
                let origin = if sent.url.path() == "/1" { PAGE } else { allowed };
                let answer =
                    if sent.url.path() == "/1" && sent.method == "PUT" { to(307, "c/2") } else { Response::new(200) };
                answer.with("Access-Control-Allow-Origin", origin).with("Access-Control-Allow-Methods", "PUT")
            });
            let told = told(&run);
            (told.len(), told.last().unwrap().replace("NetworkError by ", ""))
        };
        // By the standard the preflight itself fails for the page, and nothing fails for `null`.
        let lengths = if allowed == PAGE { (4, 5) } else { (5, 4) };
        decides(PreflightsAreUntainted, ended, (lengths.0, standard.into()), (lengths.1, deviating.into()));
    }
}

#[test]
fn an_untainted_request_asks_and_goes_as_the_page() {
    let sent = |agent| walk(agent, "own/1", &fetch("PUT", &[]), &[to(307, "b/2")])[1..3].to_vec();
    let own = || lines(&["OPTIONS b/2 from own for PUT", "PUT b/2 from own"]);
    alone(PreflightsAreUntainted, sent, own(), own());
}

/// What ends a `PUT` that another origin sends on to there, where preflights grant this without a word on origins.
fn ended_by(agent: Agent, next: &str, methods: &str) -> String {
    let mut browser = Browser::new(agent);
    let run = drive(&mut browser, PAGE, "https://b.example/1", &fetch("PUT", &[]), 0, |sent| {
        match (sent.url.as_str() == url(next), sent.method.as_str()) {
            (true, "OPTIONS") => Response::new(204).with("Access-Control-Allow-Methods", methods),
            (true, _) => Response::new(200).with("Access-Control-Allow-Origin", "*"),
            (false, _) => to(if sent.method == "PUT" { 307 } else { 204 }, next)
                .with("Access-Control-Allow-Origin", "*")
                .with("Access-Control-Allow-Methods", "PUT"),
        }
    });
    told(&run).pop().unwrap()
}

#[test]
fn a_preflight_back_home_passes_the_cors_check_unseen() {
    let home = |agent| ended_by(agent, "own/2", "PUT");
    let refused = "NetworkError by cors-check/2".to_owned();
    decides(PreflightsToOwnOriginPass, home, refused, "Readable 200 by cors-check/3".to_owned());
}

#[test]
fn a_preflight_back_home_must_still_grant_and_one_elsewhere_must_still_pass() {
    assert_eq!(ended_by(FIREFOX, "own/2", "DELETE"), "NetworkError by cors-preflight-fetch/7.5");
    for agent in [STANDARD, FIREFOX] {
        assert_eq!(ended_by(agent, "c/2", "PUT"), "NetworkError by cors-check/2");
    }
}

#[test]
fn an_expired_grant_spares_no_preflight_that_a_removed_header_asks_for() {
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
    let mut asks = |now_ms| {
        let mut fetch = Fetch::start(&mut browser, &common::origin(common::PAGE), own, &init, now_ms);
        fetch.receive(&mut browser, &redirect);
        while let Next::Send(_) = fetch.next() {
            fetch.receive(&mut browser, &grant);
        }
        fetch.sent().iter().any(|(kind, _)| *kind == RequestKind::Preflight)
    };
    assert_eq!([asks(0), asks(59_999), asks(60_000)], [true, false, true]);
}
