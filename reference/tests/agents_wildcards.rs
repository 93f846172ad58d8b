//! What does `*` cover, in an agent's preflight and in its cache, and whom do credentials serve?

mod common;

use common::{
    PAGE,
    agents::{Server, alone, asks, decides, fetch, grant, include},
    init,
};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    fetch::Browser,
    request::RequestInit,
};

const AUTHORIZED: &[(&str, &str)] = &[("Authorization", "Basic eA==")];

/// The last line of a fetch whose preflight grants these names.
fn ended(init: RequestInit, names: &'static str) -> impl Fn(Agent) -> String {
    let server = Server { names, ..Server::new(&[]) };
    move |agent| server.visited(&mut Browser::new(agent), "b/1", &init).pop().unwrap()
}

#[test]
fn a_wildcard_covers_authorization() {
    let refused = "NetworkError by cors-preflight-fetch/7.6".to_owned();
    let read = "Readable 200 by cors-check/5".to_owned();
    decides(WildcardCoversAuthorization, ended(fetch("GET", AUTHORIZED), "*"), refused.clone(), read.clone());
    decides(
        WildcardCoversAuthorization,
        ended(fetch("GET", AUTHORIZED), "x-a"),
        refused,
        "NetworkError by cors-preflight-fetch/7.6".to_owned(),
    );
    decides(WildcardCoversAuthorization, ended(fetch("GET", AUTHORIZED), "authorization"), read.clone(), read);
}

#[test]
fn a_wildcard_covers_no_authorization_where_credentials_are_included() {
    let refused = || "NetworkError by cors-preflight-fetch/7.6".to_owned();
    decides(WildcardCoversAuthorization, ended(include(fetch("GET", AUTHORIZED)), "*"), refused(), refused());
}

/// Whether a second fetch is preflighted after a first one that was granted this.
fn asks_after(first: &RequestInit, methods: &str, names: &str, second: &RequestInit) -> impl Fn(Agent) -> bool {
    let (first, second) = (first.clone(), second.clone());
    let granted = grant(methods, names, "60");
    move |agent| asks(agent, PAGE, &[(0, &first, &granted), (1, &second, &granted)])
}

/// A first and a second fetch, each with or without credentials.
struct Kinds {
    first: RequestInit,
    second: RequestInit,
    has_credentials: (bool, bool),
}

/// Every kind of both: for a method and for a header name, by who was granted it and who asks.
fn kinds() -> Vec<Kinds> {
    let with = |init: RequestInit, includes| if includes { include(init) } else { init };
    let x = |name| fetch("GET", &[(name, "1")]);
    let mut kinds = Vec::new();
    for (first, second) in [(init("PUT"), init("DELETE")), (x("X-A"), x("X-B"))] {
        for has_credentials in [(false, false), (true, false), (true, true)] {
            let (first, second) = (with(first.clone(), has_credentials.0), with(second.clone(), has_credentials.1));
            kinds.push(Kinds { first, second, has_credentials });
        }
    }
    kinds
}

#[test]
fn a_cached_wildcard_is_one_or_not_by_who_it_was_granted_to_and_who_asks() {
    for Kinds { first, second, has_credentials } in kinds() {
        let asks = asks_after(&first, "PUT, *", "x-a, *", &second);
        alone(CachedWildcardIsLiteral, &asks, false, true);
        alone(CachedWildcardGrantedWithCredentialsIsLiteral, &asks, false, has_credentials.0);
        alone(CachedWildcardIsLiteralWithCredentials, &asks, false, has_credentials.1);
        assert_eq!(asks(CHROMIUM), has_credentials.0);
        assert_eq!(asks(WEBKIT), has_credentials.1);
        assert!(asks(FIREFOX));
        if has_credentials == (true, true) {
            for (agent, row) in [
                (CHROMIUM, CachedWildcardGrantedWithCredentialsIsLiteral),
                (WEBKIT, CachedWildcardIsLiteralWithCredentials),
                (FIREFOX, CachedWildcardIsLiteral),
            ] {
                assert!(!asks(agent.without(row)), "{}", agent.name);
            }
        }
    }
}

#[test]
fn a_literal_wildcard_is_still_its_own_name() {
    let star = fetch("*", &[("*", "1")]);
    for includes in [false, true] {
        let star = if includes { include(star.clone()) } else { star.clone() };
        for agent in AGENTS {
            assert!(!asks_after(&star, "*", "*", &star)(*agent), "{}", agent.name);
        }
    }
}

#[test]
fn a_literal_wildcard_leaves_what_was_listed_beside_it() {
    for Kinds { first, .. } in kinds() {
        for agent in AGENTS {
            assert!(!asks_after(&first, "PUT, *", "x-a, *", &first)(*agent), "{}", agent.name);
        }
    }
}

#[test]
fn a_cached_wildcard_covers_authorization() {
    let (x_a, authorized) = (fetch("GET", &[("X-A", "1")]), fetch("GET", AUTHORIZED));
    decides(CachedWildcardCoversAuthorization, asks_after(&x_a, "", "*", &authorized), true, false);
    decides(CachedWildcardCoversAuthorization, asks_after(&x_a, "", "x-a", &authorized), true, true);
    decides(CachedWildcardCoversAuthorization, asks_after(&x_a, "", "x-a, authorization", &authorized), false, false);
}

#[test]
fn what_was_granted_with_credentials_serves_fetches_without_them_or_not() {
    let put = init("PUT");
    for agent in AGENTS {
        assert!(asks_after(&put, "PUT", "", &include(put.clone()))(*agent), "{}", agent.name);
        assert!(!asks_after(&put, "PUT", "", &put)(*agent), "{}", agent.name);
        assert!(!asks_after(&include(put.clone()), "PUT", "", &include(put.clone()))(*agent), "{}", agent.name);
    }
    decides(SeparatesCredentials, asks_after(&include(put.clone()), "PUT", "", &put), false, true);
}

#[test]
fn the_standards_wildcard_in_the_cache_covers_all_but_authorization() {
    let x_a = fetch("GET", &[("X-A", "1")]);
    assert!(!asks_after(&x_a, "*", "*", &fetch("PATCH", &[("X-B", "1")]))(STANDARD));
    assert!(asks_after(&x_a, "*", "*", &fetch("PATCH", AUTHORIZED))(STANDARD));
}
