//! Wildcards and credentials in preflights and in the CORS-preflight cache.

mod common;

use common::{
    PAGE,
    agents::{
        Server, assert_effect, assert_effect_on_standard, grant, init_with, last_is_preflighted, with_credentials,
    },
    init,
};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    fetch::Browser,
    request::RequestInit,
};

const AUTHORIZED: &[(&str, &str)] = &[("Authorization", "Basic eA==")];

/// Returns the outcome of a fetch whose preflight grants these header names.
fn outcome(init: RequestInit, names: &'static str) -> impl Fn(Agent) -> String {
    let server = Server { names, ..Server::new(&[]) };
    move |agent| server.trace(&mut Browser::new(agent), "b/1", &init).pop().unwrap()
}

#[test]
fn a_wildcard_covers_authorization() {
    let refused = "NetworkError by cors-preflight-fetch/7.6".to_owned();
    let read = "Readable 200 by cors-check/5".to_owned();
    assert_effect(
        WildcardCoversAuthorization,
        outcome(init_with("GET", AUTHORIZED), "*"),
        refused.clone(),
        read.clone(),
    );
    assert_effect(
        WildcardCoversAuthorization,
        outcome(init_with("GET", AUTHORIZED), "x-a"),
        refused,
        "NetworkError by cors-preflight-fetch/7.6".to_owned(),
    );
    assert_effect(
        WildcardCoversAuthorization,
        outcome(init_with("GET", AUTHORIZED), "authorization"),
        read.clone(),
        read,
    );
}

#[test]
fn a_wildcard_does_not_cover_authorization_with_credentials() {
    let refused = || "NetworkError by cors-preflight-fetch/7.6".to_owned();
    assert_effect(
        WildcardCoversAuthorization,
        outcome(with_credentials(init_with("GET", AUTHORIZED)), "*"),
        refused(),
        refused(),
    );
}

/// Returns true if the second fetch is preflighted after the grant to the first fetch.
fn second_is_preflighted(
    first: &RequestInit,
    methods: &str,
    names: &str,
    second: &RequestInit,
) -> impl Fn(Agent) -> bool {
    let (first, second) = (first.clone(), second.clone());
    let granted = grant(methods, names, "60");
    move |agent| last_is_preflighted(agent, PAGE, &[(0, &first, &granted), (1, &second, &granted)])
}

/// Two fetches, each with or without credentials.
struct FetchPair {
    first: RequestInit,
    second: RequestInit,
    has_credentials: (bool, bool),
}

/// Returns pairs of fetches that need a grant of a method or of a header name.
fn fetch_pairs() -> Vec<FetchPair> {
    let with = |init: RequestInit, includes| if includes { with_credentials(init) } else { init };
    let x = |name| init_with("GET", &[(name, "1")]);
    let mut pairs = Vec::new();
    for (first, second) in [(init("PUT"), init("DELETE")), (x("X-A"), x("X-B"))] {
        for has_credentials in [(false, false), (true, false), (true, true)] {
            let (first, second) = (with(first.clone(), has_credentials.0), with(second.clone(), has_credentials.1));
            pairs.push(FetchPair { first, second, has_credentials });
        }
    }
    pairs
}

#[test]
fn a_cached_wildcard_depends_on_the_credentials_of_both_fetches() {
    for FetchPair { first, second, has_credentials } in fetch_pairs() {
        let is_preflighted = second_is_preflighted(&first, "PUT, *", "x-a, *", &second);
        assert_effect_on_standard(CachedWildcardIsLiteral, &is_preflighted, false, true);
        assert_effect_on_standard(
            CachedWildcardGrantedWithCredentialsIsLiteral,
            &is_preflighted,
            false,
            has_credentials.0,
        );
        assert_effect_on_standard(CachedWildcardIsLiteralWithCredentials, &is_preflighted, false, has_credentials.1);
        assert_eq!(is_preflighted(CHROMIUM), has_credentials.0);
        assert_eq!(is_preflighted(WEBKIT), has_credentials.1);
        assert!(is_preflighted(FIREFOX));
        if has_credentials == (true, true) {
            for (agent, row) in [
                (CHROMIUM, CachedWildcardGrantedWithCredentialsIsLiteral),
                (WEBKIT, CachedWildcardIsLiteralWithCredentials),
                (FIREFOX, CachedWildcardIsLiteral),
            ] {
                assert!(!is_preflighted(agent.without(row)), "{}", agent.name);
            }
        }
    }
}

#[test]
fn a_literal_wildcard_covers_the_name_asterisk() {
    let star = init_with("*", &[("*", "1")]);
    for includes in [false, true] {
        let star = if includes { with_credentials(star.clone()) } else { star.clone() };
        for agent in AGENTS {
            assert!(!second_is_preflighted(&star, "*", "*", &star)(*agent), "{}", agent.name);
        }
    }
}

#[test]
fn a_literal_wildcard_keeps_the_other_listed_names() {
    for FetchPair { first, .. } in fetch_pairs() {
        for agent in AGENTS {
            assert!(!second_is_preflighted(&first, "PUT, *", "x-a, *", &first)(*agent), "{}", agent.name);
        }
    }
}

#[test]
fn a_cached_wildcard_covers_authorization() {
    let (x_a, authorized) = (init_with("GET", &[("X-A", "1")]), init_with("GET", AUTHORIZED));
    assert_effect(CachedWildcardCoversAuthorization, second_is_preflighted(&x_a, "", "*", &authorized), true, false);
    assert_effect(CachedWildcardCoversAuthorization, second_is_preflighted(&x_a, "", "x-a", &authorized), true, true);
    assert_effect(
        CachedWildcardCoversAuthorization,
        second_is_preflighted(&x_a, "", "x-a, authorization", &authorized),
        false,
        false,
    );
}

#[test]
fn a_grant_with_credentials_covers_fetches_without_credentials_or_not() {
    let put = init("PUT");
    for agent in AGENTS {
        assert!(second_is_preflighted(&put, "PUT", "", &with_credentials(put.clone()))(*agent), "{}", agent.name);
        assert!(!second_is_preflighted(&put, "PUT", "", &put)(*agent), "{}", agent.name);
        assert!(
            !second_is_preflighted(&with_credentials(put.clone()), "PUT", "", &with_credentials(put.clone()))(*agent),
            "{}",
            agent.name
        );
    }
    assert_effect(
        SeparatesCredentials,
        second_is_preflighted(&with_credentials(put.clone()), "PUT", "", &put),
        false,
        true,
    );
}

#[test]
fn a_cached_wildcard_of_the_standard_covers_everything_except_authorization() {
    let x_a = init_with("GET", &[("X-A", "1")]);
    assert!(!second_is_preflighted(&x_a, "*", "*", &init_with("PATCH", &[("X-B", "1")]))(STANDARD));
    assert!(second_is_preflighted(&x_a, "*", "*", &init_with("PATCH", AUTHORIZED))(STANDARD));
}
