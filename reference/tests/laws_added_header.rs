//! What may one more header in an answer change? By the text, what decides a fetch is:
//! `Access-Control-Allow-Origin` and `-Allow-Credentials` in the CORS check, `-Allow-Methods` and `-Allow-Headers` in
//! a preflight's answer, and `Location` in a redirect. `Access-Control-Max-Age` decides later fetches only, and
//! `-Expose-Headers` what is read. (`Cross-Origin-Resource-Policy`, which the model leaves out, is left out here.)

mod common;

use common::{
    Run,
    scenario::{Header, Scenario, config, insert, name, scenarios, values},
};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, Deviation, FIREFOX, STANDARD, WEBKIT},
    fetch::{RequestKind, Verdict},
    header::HeaderName,
    request::CredentialsMode,
};
use proptest::{
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::TestRunner,
};

const DECIDING: [&str; 5] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Location",
];
const ALWAYS_READ: [&str; 7] =
    ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"];
const KNOWN: [&str; 14] = [
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
    "Access-Control-Allow-Origins",
    "Access-Control-Allow",
    "Access-Control-Request-Method",
    "Origin",
    "Vary",
    "Set-Cookie",
    "Timing-Allow-Origin",
    "Content-Location",
    "Refresh",
    "Cache-Control",
    "X-Out",
    "*",
];

fn undeciding_names() -> impl Strategy<Value = HeaderName> {
    let token = "[A-Za-z0-9!#$%&'*+.^_|~-]{1,12}".prop_map(|text| name(&text));
    let is_deciding = |name: &HeaderName| DECIDING.iter().any(|deciding| *name == **deciding);
    prop_oneof![select(KNOWN.to_vec()).prop_map(name), Just(name("Set-Cookie")), token]
        .prop_filter("decides nothing", move |name| !is_deciding(name))
}

fn succeeds(run: &Run) -> bool {
    run.verdict() != Verdict::NetworkError
}

/// The fetch as it is, and with a header more in one of its answers.
fn before_and_after(scenario: &Scenario, agent: Agent, (of, at): (Index, Index), header: Header) -> (Run, Run) {
    let mut changed = scenario.clone();
    insert(&mut changed.answer(of).headers, at, header);
    (scenario.run(agent), changed.run(agent))
}

fn has(scenario: &mut Scenario, of: Index, name: &str) -> bool {
    scenario.answer(of).headers.contains(name)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_header_that_decides_nothing_leaves_verdict_step_and_requests(
        scenario in scenarios(), agent in select(AGENTS), place: (Index, Index),
        name in undeciding_names(), value in values(),
    ) {
        let (before, after) = before_and_after(&scenario, agent, place, (name, value));
        prop_assert_eq!((after.verdict(), after.reason()), (before.verdict(), before.reason()));
        prop_assert_eq!(&after.sent, &before.sent);
        prop_assert_eq!(after.outcome.status, before.outcome.status);
    }

    #[test]
    fn a_header_more_is_at_most_read_itself_and_only_where_it_is_exposed(
        scenario in scenarios(), agent in select(AGENTS), place: (Index, Index),
        name in undeciding_names(), value in values(),
    ) {
        prop_assume!(name != *"Access-Control-Expose-Headers");
        let (before, after) = before_and_after(&scenario, agent, place, (name.clone(), value.clone()));
        let mut read: Vec<_> = after.outcome.readable_headers.iter().collect();
        let before_read: Vec<_> = before.outcome.readable_headers.iter().collect();
        if read.len() == before_read.len() {
            prop_assert_eq!(read, before_read);
            return Ok(());
        }
        let own = read.iter().position(|(own, own_value)| **own == name && **own_value == value);
        read.remove(own.expect("only the header itself is more"));
        prop_assert_eq!(read, before_read);
        prop_assert!(name != *"Set-Cookie" && name != *"Set-Cookie2");
        let is_own = after.sent.iter().all(|(_, sent)| sent.url.origin().ascii_serialization() == common::PAGE);
        let actual = after.sent.iter().filter(|(kind, _)| *kind == RequestKind::Actual).count();
        let last = &scenario.actual[actual.min(scenario.actual.len()) - 1];
        let exposed = common::get(&last.headers, "Access-Control-Expose-Headers").unwrap_or_default();
        let is_exposed = exposed.eq_ignore_ascii_case(name.as_str())
            || (exposed == "*" && scenario.init.credentials != CredentialsMode::Include);
        prop_assert!(is_own || is_exposed || ALWAYS_READ.iter().any(|safe| name == **safe), "{} is read", name);
    }

    #[test]
    fn a_second_allow_origin_never_turns_failure_into_success(
        mut scenario in scenarios(), agent in select(AGENTS), place: (Index, Index), value in values(),
    ) {
        prop_assume!(has(&mut scenario, place.0, DECIDING[0]));
        let (before, after) = before_and_after(&scenario, agent, place, (name(DECIDING[0]), value));
        prop_assert!(succeeds(&before) || !succeeds(&after));
    }

    #[test]
    fn a_second_allow_credentials_never_turns_failure_into_success(
        mut scenario in scenarios(), place: (Index, Index), value in values(),
        agent in select(vec![STANDARD, CHROMIUM, WEBKIT, FIREFOX.without(Deviation::SkipsEmptyLines)]),
    ) {
        prop_assume!(has(&mut scenario, place.0, DECIDING[1]));
        let (before, after) = before_and_after(&scenario, agent, place, (name(DECIDING[1]), value));
        prop_assert!(succeeds(&before) || !succeeds(&after));
    }

    #[test]
    fn a_second_location_never_turns_failure_into_success(
        mut scenario in scenarios(), agent in select(AGENTS), place: (Index, Index), value in values(),
    ) {
        prop_assume!(has(&mut scenario, place.0, DECIDING[4]));
        let (before, after) = before_and_after(&scenario, agent, place, (name(DECIDING[4]), value));
        prop_assert!(succeeds(&before) || !succeeds(&after));
    }

    #[test]
    fn a_list_of_what_was_not_asked_for_changes_nothing(
        mut scenario in scenarios(), agent in select(AGENTS), at: Index, list in select(DECIDING[2..4].to_vec()),
        value in select(vec!["OTHER", "put, delete", "x-c", "PATCH,,x-aa", "", "patches , ,x-a-b"]),
    ) {
        scenario.preflight.headers.delete(list);
        let mut changed = scenario.clone();
        insert(&mut changed.preflight.headers, at, (name(list), value.into()));
        let (before, after) = (scenario.run(agent), changed.run(agent));
        prop_assert_eq!((after.verdict(), after.reason()), (before.verdict(), before.reason()));
    }

    #[test]
    fn a_list_of_tokens_takes_back_nothing(
        scenario in scenarios(), agent in select(AGENTS), place: (Index, Index), list in select(DECIDING[2..4].to_vec()),
        value in select(vec!["*", "PUT", "patch, DELETE", "x-a", "authorization,content-type", "*,*,"]),
    ) {
        let (before, after) = before_and_after(&scenario, agent, place, (name(list), value.into()));
        prop_assert!(!succeeds(&before) || succeeds(&after));
    }

    #[test]
    fn a_line_that_is_no_list_of_tokens_fails_every_preflight(
        mut scenario in scenarios(), agent in select(AGENTS), at: Index, list in select(DECIDING[2..4].to_vec()),
        value in select(vec!["@", "PUT DELETE", "*;", "x-a, \"x-b\"", "x-\u{e9}", "PUT,\u{b}"]),
    ) {
        insert(&mut scenario.preflight.headers, at, (name(list), value.into()));
        let run = scenario.run(agent);
        prop_assert!(!run.preflighted() || !succeeds(&run));
    }
}

#[test]
fn an_empty_allow_credentials_beside_a_true_one_passes_in_firefox_alone() {
    let init = cors_reference::request::RequestInit { credentials: CredentialsMode::Include, ..common::init("GET") };
    let answer = common::response(200, &[(DECIDING[0], common::PAGE), (DECIDING[1], ""), (DECIDING[1], "true")]);
    let scenario = Scenario { url: common::API, init, preflight: answer.clone(), actual: vec![answer] };
    assert!(succeeds(&scenario.run(FIREFOX)));
    for agent in [STANDARD, CHROMIUM, WEBKIT, FIREFOX.without(Deviation::SkipsEmptyLines)] {
        assert!(!succeeds(&scenario.run(agent)), "{}", agent.name);
    }
}

#[test]
fn the_scenarios_reach_every_verdict_and_both_outcomes_of_a_preflight() {
    let (mut runner, scenarios) = (TestRunner::deterministic(), scenarios());
    let mut reasons = std::collections::BTreeMap::<_, u32>::new();
    for _ in 0..1_000 {
        let run = scenarios.new_tree(&mut runner).expect("a scenario").current().run(STANDARD);
        *reasons.entry((format!("{:?}", run.verdict()), run.reason())).or_default() += 1;
        let ended_by_preflight = matches!(run.sent.last(), Some((RequestKind::Preflight, _)));
        *reasons
            .entry((String::from("preflight"), format!("{} {ended_by_preflight}", run.preflighted())))
            .or_default() += 1;
    }
    let count = |verdict: &str| reasons.iter().filter(|(key, _)| key.0 == verdict).map(|(_, count)| count).sum::<u32>();
    assert!(count("Readable") > 150 && count("NetworkError") > 300, "{reasons:?}");
    assert!(count("Opaque") > 10 && count("OpaqueRedirect") > 10, "{reasons:?}");
    assert!(reasons[&(String::from("preflight"), String::from("true false"))] > 50, "{reasons:?}");
}
