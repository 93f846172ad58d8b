//! What holds for every fetch, whatever it asks for and whatever it is answered?

mod common;

use common::{
    Run, response,
    scenario::{Header, Scenario, config, inits, name, scenarios, urls, values},
};
use cors_reference::{
    agent::{AGENTS, Agent, STANDARD},
    fetch::{Browser, Fetch, Next, RequestKind, Verdict},
    header::HeaderValue,
    header_list::HeaderList,
    request::{CredentialsMode, Mode, RequestInit},
    response::Response,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

const OF_CORS: [&str; 6] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
];

/// The headers in an order that tells nothing of where each name stood, those of one name as they were.
fn reordered(list: &HeaderList, salt: u64) -> HeaderList {
    let mut headers: Vec<Header> = list.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let place = |name: &str| name.bytes().fold(salt, |sum, byte| sum.wrapping_mul(31).rotate_left(7) ^ u64::from(byte));
    headers.sort_by_cached_key(|(name, _)| place(&name.as_str().to_ascii_lowercase()));
    headers.into_iter().collect()
}

/// The headers with each letter of their names in the case that the bits say.
fn recased(list: &HeaderList, bits: u64) -> HeaderList {
    let recase = |(at, letter): (usize, char)| match (bits >> (at % 64)) & 1 {
        0 => letter.to_ascii_lowercase(),
        _ => letter.to_ascii_uppercase(),
    };
    let headers = list.iter().map(|(own, value)| {
        let text: String = own.as_str().chars().enumerate().map(recase).collect();
        (name(&text), value.clone())
    });
    headers.collect()
}

type Pairs = Vec<(String, Vec<u8>)>;

fn sorted(list: &HeaderList) -> Pairs {
    let pair =
        |(name, value): (&_, &HeaderValue)| (ToString::to_string(name).to_lowercase(), value.as_bytes().to_vec());
    let mut pairs: Vec<_> = list.iter().map(|(name, value)| pair((name, value))).collect();
    pairs.sort();
    pairs
}

/// Fetches, asking `answer` for what to answer each request; at most 100 of them.
fn drive(
    agent: Agent,
    url: &str,
    init: &RequestInit,
    mut answer: impl FnMut(usize, RequestKind) -> Response,
) -> (usize, usize) {
    let mut browser = Browser::new(agent);
    let mut fetch = Fetch::start(&mut browser, &common::origin(common::PAGE), url, init, 0);
    for index in 0..100 {
        if matches!(fetch.next(), Next::Done(_)) {
            break;
        }
        let kind = fetch.sent().last().expect("a request").0;
        fetch.receive(&mut browser, &answer(index, kind));
    }
    assert!(fetch.clone().into_outcome().is_some(), "it does not end");
    let actual = fetch.sent().iter().filter(|(kind, _)| *kind == RequestKind::Actual).count();
    (actual, fetch.sent().len())
}

fn seen(run: &Run) -> (Verdict, String, Option<u16>, Pairs) {
    (run.verdict(), run.reason(), run.outcome.status, sorted(&run.outcome.readable_headers))
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn neither_the_case_of_a_response_headers_name_nor_the_order_of_names_matters(
        scenario in scenarios(), agent in select(AGENTS), salt: u64, bits: u64,
    ) {
        let mut changed = scenario.clone();
        changed.answers().for_each(|answer| answer.headers = recased(&reordered(&answer.headers, salt), bits));
        let (before, after) = (scenario.run(agent), changed.run(agent));
        prop_assert_eq!(seen(&before), seen(&after));
        prop_assert_eq!(before.sent, after.sent);
    }

    #[test]
    fn neither_the_case_of_a_request_headers_name_nor_the_order_of_names_matters(
        scenario in scenarios(), agent in select(AGENTS), salt: u64, bits: u64,
    ) {
        let mut changed = scenario.clone();
        changed.init.headers = recased(&reordered(&changed.init.headers, salt), bits);
        let (before, after) = (scenario.run(agent), changed.run(agent));
        prop_assert_eq!(seen(&before), seen(&after));
        let name = "Access-Control-Request-Headers";
        prop_assert_eq!(before.each(name), after.each(name));
    }

    #[test]
    fn a_no_cors_fetch_never_depends_on_the_headers_of_cors(
        mut scenario in scenarios(), agent in select(AGENTS),
        added in vec((select(OF_CORS.to_vec()), values(), any::<Index>()), 0..4),
    ) {
        scenario.init.mode = Mode::NoCors;
        let mut changed = scenario.clone();
        for answer in changed.answers() {
            OF_CORS.iter().for_each(|name| answer.headers.delete(name));
        }
        for (own, value, of) in added {
            changed.answer(of).headers.append(name(own), value);
        }
        let (before, after) = (scenario.run(agent), changed.run(agent));
        prop_assert_eq!((before.verdict(), before.reason()), (after.verdict(), after.reason()));
        prop_assert!(!before.preflighted());
        prop_assert_eq!(before.sent, after.sent);
    }

    #[test]
    fn what_is_read_with_credentials_is_read_without_them_too(scenario in scenarios(), agent in select(AGENTS)) {
        let with = |credentials| {
            let init = RequestInit { credentials, ..scenario.init.clone() };
            Scenario { init, ..scenario.clone() }.run(agent)
        };
        let included = with(CredentialsMode::Include);
        for credentials in [CredentialsMode::Omit, CredentialsMode::SameOrigin] {
            let other = with(credentials);
            prop_assert!(included.verdict() == Verdict::NetworkError || other.verdict() == included.verdict());
            let read = sorted(&other.outcome.readable_headers);
            prop_assert!(sorted(&included.outcome.readable_headers).iter().all(|header| read.contains(header))
                || included.verdict() == Verdict::NetworkError);
        }
    }

    #[test]
    fn a_fetch_ends_within_21_requests_and_their_preflights_however_it_is_redirected(
        init in inits(), url in urls(), agent in select(AGENTS),
        hops in vec((select(vec![301_u16, 302, 303, 307, 308]), select(vec!["/", "", "?again", "https://api.example/", "https://app.example/", "https://third.example/"])), 1..6),
        origin in select(vec!["*", common::PAGE, "null"]),
    ) {
        let allow = [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "PUT,DELETE,patch"), ("Access-Control-Allow-Headers", "x-a,x-b,authorization,content-type"),
            ("Access-Control-Max-Age", "0")];
        let (actual, all) = drive(agent, url, &init, |index, kind| {
            let (status, location) = hops[index % hops.len()];
            let answer = response(if kind == RequestKind::Actual { status } else { 204 }, &allow);
            answer.with("Location", location)
        });
        // A redirect out of the HTTP cache is preflighted, and not sent.
        prop_assert!(actual <= 21 && all <= 42, "{} {}", actual, all);
    }

    #[test]
    fn whatever_bytes_the_answers_hold_a_fetch_ends(
        init in inits(), url in urls(), agent in select(AGENTS),
        answers in vec((any::<u16>(), vec((select(OF_CORS.to_vec()), vec(any::<u8>(), 0..20)), 0..5), vec(any::<u8>(), 0..20)), 1..4),
        origin in select(vec!["*", common::PAGE]),
    ) {
        let answers: Vec<_> = answers.into_iter().map(|(status, headers, location)| {
            let status = [200, 204, 302, 307, status][usize::from(status % 5)];
            let mut answer = Response::new(status).with("Access-Control-Allow-Origin", origin);
            let location = ("Location", location);
            for (own, value) in headers.into_iter().chain([location]) {
                answer.headers.append(name(own), HeaderValue::from_wire(&value));
            }
            answer
        }).collect();
        let (actual, all) = drive(agent, url, &init, |index, _| answers[index % answers.len()].clone());
        prop_assert!(actual <= 21 && all <= 42);
    }
}

#[test]
fn the_bound_of_21_requests_and_21_preflights_is_reached() {
    let init = RequestInit { method: "PUT".to_owned(), ..RequestInit::default() };
    let allow = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Max-Age", "0"),
        ("Location", "/"),
    ];
    let sent = drive(STANDARD, common::API, &init, |_, kind| {
        response(if kind == RequestKind::Actual { 307 } else { 204 }, &allow)
    });
    assert_eq!(sent, (21, 42));
}
