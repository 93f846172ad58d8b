//! How long does the CORS-preflight cache keep what a preflight granted?

mod common;

use common::{API, PAGE, headers, init, world::World};
use cors_reference::{
    agent::{AGENTS, Agent},
    request::RequestInit,
    response::Response,
};

fn after(max_age: &'static [&'static str], agent: &Agent) -> World {
    let mut world = World::new(max_age);
    world.browser.agent = *agent;
    assert!(world.fetch(PAGE, API, &init("PUT"), 7).preflighted());
    world
}

#[track_caller]
fn expires_after(max_age: &'static [&'static str], seconds: u64) {
    let world = after(max_age, &Agent::default());
    let expiry = 7 + seconds * 1000;
    assert!(world.asks(&init("PUT"), expiry), "{max_age:?}: kept too long");
    if seconds > 0 {
        assert!(!world.asks(&init("PUT"), expiry - 1), "{max_age:?}: not kept long enough");
    }
}

#[test]
fn without_max_age_it_is_five_seconds() {
    expires_after(&[], 5);
}

#[test]
fn it_expires_at_its_very_millisecond() {
    expires_after(&["1"], 1);
    expires_after(&["600"], 600);
    expires_after(&["007"], 7);
    expires_after(&[" 60\t"], 60);
}

#[test]
fn zero_spares_nothing() {
    expires_after(&["0"], 0);
}

#[test]
fn what_does_not_parse_is_five_seconds() {
    for max_age in [&["-1"], &["1.5"], &["60s"], &[""], &["60, 60"], &["\"60\""], &["+60"]] {
        expires_after(max_age, 5);
    }
}

#[test]
fn two_lines_are_five_seconds_even_if_equal() {
    expires_after(&["60", "60"], 5);
}

#[test]
fn a_number_beyond_all_others_never_expires() {
    let world = after(&["99999999999999999999999999"], &Agent::default());
    assert!(!world.asks(&init("PUT"), u64::MAX - 1));
}

#[test]
fn each_agent_imposes_its_own_limit() {
    let limit = |agent: &Agent| {
        let world = after(&["9999999"], agent);
        [600, 7_200, 86_400].into_iter().find(|seconds| world.asks(&init("PUT"), 7 + seconds * 1000))
    };
    for (name, seconds) in
        [("standard", None), ("chromium", Some(7_200)), ("firefox", Some(86_400)), ("webkit", Some(600))]
    {
        assert_eq!(limit(&Agent::named(name).expect(name)), seconds, "{name}");
    }
}

#[test]
fn a_limit_shortens_and_never_lengthens() {
    for agent in AGENTS {
        let world = after(&["10"], agent);
        assert!(!world.asks(&init("PUT"), 10_006), "{}", agent.name);
        assert!(world.asks(&init("PUT"), 10_007), "{}", agent.name);
    }
}

#[test]
fn the_imposed_limit_holds_for_zero_and_the_default_too() {
    for agent in AGENTS {
        assert!(after(&["0"], agent).asks(&init("PUT"), 7), "{}", agent.name);
        assert!(after(&[], agent).asks(&init("PUT"), 5_007), "{}", agent.name);
    }
}

#[test]
fn an_answer_from_the_cache_does_not_lengthen_it() {
    let mut world = after(&["10"], &Agent::default());
    assert!(!world.fetch(PAGE, API, &init("PUT"), 9_000).preflighted());
    assert!(world.asks(&init("PUT"), 10_007));
}

/// "Set matching entry's max-age to max-age" says nothing of the time since storing the entry.
#[test]
fn a_later_grant_changes_the_age_and_not_the_time_of_storing() {
    let mut world = World::new(&["10"]);
    let first = Response::new(204)
        .with("Access-Control-Allow-Origin", PAGE)
        .with("Access-Control-Allow-Methods", "PUT")
        .with("Access-Control-Max-Age", "60");
    assert!(world.fetch_answered(&init("PUT"), 0, &first).preflighted());
    let with_header = RequestInit { headers: headers(&[("x-a", "1")]), ..init("PUT") };
    assert!(world.fetch(PAGE, API, &with_header, 5_000).preflighted());
    assert!(!world.asks(&init("PUT"), 9_999));
    assert!(world.asks(&init("PUT"), 10_000));
    let header_alone = RequestInit { method: "GET".to_owned(), ..with_header };
    assert!(!world.asks(&header_alone, 14_999));
}

#[test]
fn a_clock_that_runs_backwards_expires_nothing() {
    let world = after(&["10"], &Agent::default());
    assert!(!world.asks(&init("PUT"), 0));
}
