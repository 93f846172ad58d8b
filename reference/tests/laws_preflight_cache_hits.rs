//! Does the CORS-preflight cache ever let through what a fresh preflight would refuse?

mod common;

use common::{Run, drive, headers, init, response, scenario::config};
use cors_reference::{
    agent::{Agent, CHROMIUM, Deviation, FIREFOX, STANDARD, WEBKIT},
    fetch::{Browser, RequestKind, Verdict},
    request::{
        CredentialsMode::{Include, Omit, SameOrigin},
        RequestInit,
    },
    response::Response,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::TestRunner,
};

/// One fetch at that time.
#[derive(Debug, Clone)]
struct Visit {
    page: &'static str,
    init: RequestInit,
    at_ms: u64,
}

fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let page = prop_oneof![12 => Just(common::PAGE), 1 => Just("null"), 1 => Just("https://b.example")];
    let method = select(vec!["GET", "HEAD", "PUT", "PUT", "PUT", "DELETE", "patch", "*"]);
    let names = subsequence(vec![("x-a", "1"), ("X-B", "2"), ("Authorization", "Basic YTpi"), ("*", "3")], 0..=2);
    let credentials = select(vec![Omit, SameOrigin, Include]);
    let visit = (page, method, names, credentials, select(vec![0, 1, 999, 2_500, 5_000, 700_000]));
    vec(visit, 2..6).prop_map(|visits| {
        let mut now_ms = 0;
        let timed = visits.into_iter().map(|(page, method, names, credentials, after_ms)| {
            now_ms += after_ms;
            let init = RequestInit { headers: headers(&names), credentials, ..init(method) };
            Visit { page, init, at_ms: now_ms }
        });
        timed.collect()
    })
}

/// What the server answers, whoever asks, and whatever for. `wildcard` stands among what may be granted.
fn answers(wildcard: &'static str) -> impl Strategy<Value = Response> {
    let origin = prop_oneof![4 => Just(common::PAGE), 2 => Just("*"), 1 => Just("null")];
    let methods = subsequence(vec!["PUT", "DELETE", "patch", wildcard], 1..=4);
    let names = subsequence(vec!["X-A", "x-b", "authorization", wildcard], 1..=4);
    let max_age = select(vec!["", "0", "1", "3", "600", "600", "no", "-1", "99999999999999999999"]);
    (origin, any::<bool>(), methods, names, max_age).prop_map(|(origin, credentials, methods, names, max_age)| {
        let lists = [methods.join(","), names.join(", ")];
        let pairs = [
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", if credentials { "true" } else { "" }),
            ("Access-Control-Allow-Methods", &lists[0]),
            ("Access-Control-Allow-Headers", &lists[1]),
            ("Access-Control-Max-Age", max_age),
        ];
        response(204, &pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>())
    })
}

fn run(browser: &mut Browser<Agent>, visit: &Visit, answer: &Response) -> Run {
    drive(browser, visit.page, common::API, &visit.init, visit.at_ms, |_| answer.clone())
}

/// The visits that the cache served.
fn served(agent: Agent, visits: &[Visit], answer: &Response) -> Vec<(Visit, Run)> {
    let fresh = || Browser::new(agent);
    let mut browser = fresh();
    let runs =
        visits.iter().map(|visit| (visit.clone(), run(&mut browser, visit, answer), run(&mut fresh(), visit, answer)));
    runs.filter(|(_, run, fresh)| fresh.preflighted() && !run.preflighted())
        .map(|(visit, _, fresh)| (visit, fresh))
        .collect()
}

/// Whether a fetch ended with its preflight.
fn is_refused_by_preflight(run: &Run) -> bool {
    run.verdict() == Verdict::NetworkError && matches!(run.sent.last(), Some((RequestKind::Preflight, _)))
}

/// Those that the cache served although a fresh preflight refuses them.
fn let_through(agent: Agent, visits: &[Visit], answer: &Response) -> Vec<Visit> {
    let served = served(agent, visits, answer).into_iter();
    served.filter(|(_, fresh)| is_refused_by_preflight(fresh)).map(|(visit, _)| visit).collect()
}

/// A grant of this, first fetched with credentials, then asked for `DELETE` with `X-B` in them.
fn let_through_after_a_literal_wildcard(agent: Agent, methods: &str, names: &str) -> bool {
    let visit = |method, name| {
        let init = RequestInit { headers: headers(&[(name, "1")]), credentials: Include, ..init(method) };
        Visit { page: common::PAGE, init, at_ms: 0 }
    };
    let answer = response(
        204,
        &[
            ("Access-Control-Allow-Origin", common::PAGE),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", methods),
            ("Access-Control-Allow-Headers", names),
        ],
    );
    !let_through(agent, &[visit("PUT", "X-A"), visit("DELETE", "X-B")], &answer).is_empty()
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn without_a_wildcard_the_cache_serves_only_what_a_fresh_preflight_grants(
        visits in visits(), answer in answers("OTHER"), agent in select(vec![STANDARD, CHROMIUM, FIREFOX, WEBKIT]),
    ) {
        prop_assert!(let_through(agent, &visits, &answer).is_empty());
    }

    #[test]
    fn by_the_standard_a_wildcard_lets_through_only_fetches_with_credentials(
        visits in visits(), answer in answers("*"),
    ) {
        let let_through = let_through(STANDARD, &visits, &answer);
        prop_assert!(let_through.iter().all(|visit| visit.init.credentials == Include), "{:?}", let_through);
    }

    #[test]
    fn in_each_browser_a_wildcard_lets_through_nothing_either(
        visits in visits(), answer in answers("*"), agent in select(vec![CHROMIUM, FIREFOX, WEBKIT]),
    ) {
        prop_assert!(let_through(agent, &visits, &answer).is_empty());
    }
}

#[test]
fn a_literal_wildcard_cached_with_credentials_becomes_a_wildcard_by_the_standard() {
    for (methods, names) in [("PUT, *", "x-a, x-b"), ("PUT, DELETE", "x-a, *"), ("*, PUT", "*, x-a")] {
        assert!(let_through_after_a_literal_wildcard(STANDARD, methods, names), "{methods} {names}");
    }
    assert!(!let_through_after_a_literal_wildcard(STANDARD, "PUT", "x-a"));
}

#[test]
fn what_keeps_a_cached_wildcard_literal_is_one_deviation_of_each_browser() {
    let deviations = [
        (CHROMIUM, Deviation::CachedWildcardGrantedWithCredentialsIsLiteral),
        (FIREFOX, Deviation::CachedWildcardIsLiteral),
        (WEBKIT, Deviation::CachedWildcardIsLiteralWithCredentials),
    ];
    for (agent, deviation) in deviations {
        let without = agent.without(deviation);
        assert!(!let_through_after_a_literal_wildcard(agent, "PUT, *", "x-a, *"), "{}", agent.name);
        assert!(let_through_after_a_literal_wildcard(without, "PUT, *", "x-a, *"), "{}", agent.name);
    }
}

#[test]
fn the_visits_are_often_served_from_the_cache() {
    for agent in [STANDARD, CHROMIUM, FIREFOX, WEBKIT] {
        let (mut runner, visits, answers) = (TestRunner::deterministic(), visits(), answers("*"));
        let mut count = 0;
        for _ in 0..300 {
            let visits = visits.new_tree(&mut runner).expect("visits").current();
            let answer = answers.new_tree(&mut runner).expect("an answer").current();
            count += served(agent, &visits, &answer).len();
        }
        assert!(count > 20, "{}: {count}", agent.name);
    }
}
