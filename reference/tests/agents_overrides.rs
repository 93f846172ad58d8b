//! Which overrides of the method may a script set, by each agent?

mod common;

use common::agents::{decides, fetch, only};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    request::Request,
    user_agent::UserAgent,
};

/// Whether a script may set an override of the method.
fn forbids(value: &str) -> impl Fn(Agent) -> bool + '_ {
    move |agent| agent.is_forbidden_request_header("X-HTTP-Method-Override", value.as_bytes())
}

#[test]
fn an_override_is_split_at_commas_within_quotes_too() {
    for quoted in ["\"a,TRACE,b\"", "\"a, trace ,b\"", "\"a\\\",TRACK,\"", "\"\\\\,CONNECT\t,"] {
        decides(OverridesSplitAtEveryComma, forbids(quoted), false, true);
    }
}

#[test]
fn an_override_is_forbidden_for_a_forbidden_method_among_its_own_and_no_other() {
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
fn a_form_feed_around_the_method_of_an_override_is_removed() {
    for value in ["\u{c}TRACE", "TRACE\u{c}", "GET, \u{c}TRACE\t\u{c}", "\u{c} CONNECT,PUT"] {
        let both = only(&[OverridesSplitAtEveryComma, OverridesTrimFormFeed]);
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
fn every_name_of_an_override_is_read_alike_and_other_names_are_not() {
    for name in ["X-HTTP-Method", "x-http-method-override", "X-METHOD-OVERRIDE"] {
        decides(
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
fn a_script_that_sets_a_forbidden_override_sends_nothing_of_it() {
    let init = fetch("GET", &[("X-HTTP-Method", "\"a,TRACE,b\"")]);
    let kept = |agent| {
        let request = Request::by(&agent, &common::origin(common::PAGE), common::API, &init).unwrap();
        request.headers.len()
    };
    decides(OverridesSplitAtEveryComma, kept, 1, 0);
}
