//! Method overrides that a script may set.

mod common;

use common::agents::{assert_effect, init_with, with_deviations};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    request::Request,
    user_agent::UserAgent,
};

/// Returns true if a script may not set a method override to this value.
fn forbids(value: &str) -> impl Fn(Agent) -> bool + '_ {
    move |agent| agent.is_forbidden_request_header("X-HTTP-Method-Override", value.as_bytes())
}

#[test]
fn an_override_is_split_at_commas_within_quotes() {
    for quoted in ["\"a,TRACE,b\"", "\"a, trace ,b\"", "\"a\\\",TRACK,\"", "\"\\\\,CONNECT\t,"] {
        assert_effect(OverridesSplitAtEveryComma, forbids(quoted), false, true);
    }
}

#[test]
fn an_override_is_forbidden_if_it_contains_a_forbidden_method() {
    for (value, forbidden) in [
        ("TRACE", true),
        ("GET, trace", true),
        ("GET ,\tTrack\t, PUT", true),
        ("GET", false),
        ("", false),
        ("TRACES", false),
        ("\"TRACE\"", false),
        ("\"a,TRACE\"", false),
        ("TR ACE", false),
    ] {
        for agent in AGENTS {
            assert_eq!(forbids(value)(*agent), forbidden, "{value:?} by {}", agent.name);
        }
    }
}

#[test]
fn a_form_feed_around_a_method_is_removed() {
    for value in ["\u{c}TRACE", "TRACE\u{c}", "GET, \u{c}TRACE\t\u{c}", "\u{c} CONNECT,PUT"] {
        let both = with_deviations(&[OverridesSplitAtEveryComma, OverridesTrimFormFeed]);
        assert!(forbids(value)(both), "{value:?}");
        assert!(!forbids(value)(both.without(OverridesTrimFormFeed)), "{value:?}");
        assert!(forbids(value)(WEBKIT) && !forbids(value)(WEBKIT.without(OverridesTrimFormFeed)));
        assert!(!forbids(value)(STANDARD) && !forbids(value)(FIREFOX) && !forbids(value)(CHROMIUM));
    }
    for value in ["TR\u{c}ACE", "\u{b}TRACE", "\u{a0}TRACE"] {
        assert!(!forbids(value)(WEBKIT), "{value:?}");
    }
}

#[test]
fn all_names_of_an_override_are_treated_alike() {
    for name in ["X-HTTP-Method", "x-http-method-override", "X-METHOD-OVERRIDE"] {
        assert_effect(
            OverridesSplitAtEveryComma,
            |agent| agent.is_forbidden_request_header(name, b"\"a,TRACE,b\""),
            false,
            true,
        );
    }
    for agent in AGENTS {
        assert!(!agent.is_forbidden_request_header("X-Method", b"TRACE"));
        assert!(agent.is_forbidden_request_header("Cookie", b"a"));
    }
}

#[test]
fn a_forbidden_override_is_not_sent() {
    let init = init_with("GET", &[("X-HTTP-Method", "\"a,TRACE,b\"")]);
    let kept = |agent| {
        let request = Request::by(&agent, &common::origin(common::PAGE), common::API, &init).unwrap();
        request.headers.len()
    };
    assert_effect(OverridesSplitAtEveryComma, kept, 1, 0);
}
