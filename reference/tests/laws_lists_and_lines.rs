//! Is a header of several lines what its one line was: a list where the standard has a list, and else nothing?

mod common;

use common::{API, PAGE, headers, init, request, scenario::config};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, DEFAULT_MAX_AGE, FIREFOX, STANDARD, WEBKIT},
    cors_check::cors_check,
    extract::extract_tokens,
    filtered_response::cors_exposed_header_names,
    header_list::HeaderList,
    redirect::http_redirect_fetch_by,
    request::{
        CredentialsMode::{self, Include, Omit, SameOrigin},
        Request, RequestInit,
    },
    response::Response,
    user_agent::UserAgent,
};
use proptest::{collection::vec, prelude::*, sample::select};

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const MAX_AGE: &str = "Access-Control-Max-Age";
const LISTS: [&str; 3] =
    ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers"];

/// An element, the white space before and after it, and whether a line ends after it.
type Element = (&'static str, &'static str, &'static str, bool);

fn elements() -> impl Strategy<Value = Vec<Element>> {
    let likely = select(vec!["PUT", "DELETE", "x-a", "X-B", "authorization", "*", "X-Out", ""]);
    let element = prop_oneof![12 => likely, 1 => select(vec!["@", "PUT DELETE", "\"x-a", "x-\u{e9}", "\u{b}"])];
    let space = || select(vec!["", "", " ", "\t", " \t  "]);
    vec((element, space(), space(), any::<bool>()), 1..7)
}

/// The elements in one line, with nothing but commas between.
fn in_one_line(elements: &[Element]) -> String {
    elements.iter().map(|element| element.0).collect::<Vec<_>>().join(",")
}

/// The elements with their white space, in one line or in several.
fn lines(elements: &[Element], is_split: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (index, (element, before, after, ends)) in elements.iter().enumerate() {
        let is_last = index + 1 == elements.len();
        let line = lines.last_mut().expect("a line");
        line.push_str(&[*before, element, after].concat());
        match () {
            () if is_last => {}
            () if is_split && *ends => lines.push(String::new()),
            () => line.push(','),
        }
    }
    lines
}

/// An answer that passes, with those lines of that header, and another header between each two of them.
fn answer(name: &str, lines: &[String]) -> Response {
    let mut pairs = vec![(ALLOW_ORIGIN, PAGE), (ALLOW_CREDENTIALS, "true"), ("X-Out", "out"), ("X-B", "b")];
    for line in lines {
        pairs.extend([(name, line.as_str()), ("Vary", "Origin")]);
    }
    common::response(204, &pairs)
}

/// What the page may read, but for the lines themselves and what keeps them apart.
fn read(response: &Response, credentials: CredentialsMode) -> Vec<String> {
    let is_other = |name: &&str| !LISTS.contains(name) && *name != "Vary";
    cors_exposed_header_names(response, credentials).into_iter().filter(is_other).map(str::to_owned).collect()
}

fn asked_by(agent: Agent, credentials: CredentialsMode) -> Request {
    let headers = headers(&[("X-A", "1"), ("Authorization", "Basic YTpi")]);
    let init = RequestInit { headers, credentials, ..init("PUT") };
    Request::by(&agent, &common::origin(PAGE), API, &init).expect("a request")
}

fn with_lines(name: &'static str, lines: &[&str]) -> HeaderList {
    lines.iter().fold(HeaderList::EMPTY, |list, line| list.with(name, line))
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_list_is_the_same_in_one_line_and_in_several_and_however_padded(
        elements in elements(), is_split in any::<bool>(), name in select(LISTS.to_vec()), agent in select(AGENTS),
        credentials in select(vec![Omit, SameOrigin, Include]),
    ) {
        let (plain, other) = (answer(name, &[in_one_line(&elements)]), answer(name, &lines(&elements, is_split)));
        prop_assert_eq!(extract_tokens(name, &plain.headers), extract_tokens(name, &other.headers));
        let request = asked_by(agent, credentials);
        prop_assert_eq!(agent.check_preflight_response(&request, &plain), agent.check_preflight_response(&request, &other));
        prop_assert_eq!(read(&plain, credentials), read(&other, credentials));
    }

    #[test]
    fn an_empty_element_or_line_more_leaves_a_list_as_it_is(
        mut elements in elements(), at: prop::sample::Index, name in select(LISTS.to_vec()),
    ) {
        let plain = answer(name, &[in_one_line(&elements)]);
        elements.insert(at.index(elements.len() + 1), ("", " ", "", true));
        let other = answer(name, &lines(&elements, true));
        prop_assert_eq!(extract_tokens(name, &plain.headers), extract_tokens(name, &other.headers));
    }

    #[test]
    fn an_allow_origin_of_several_elements_fails_in_one_line_and_in_several(
        parts in vec(select(vec![PAGE, "*", "null", ""]), 2..4), agent in select(AGENTS),
        credentials in select(vec![Omit, Include]),
    ) {
        let request = asked_by(agent, credentials);
        for lines in [&[parts.join(",").as_str()][..], &[parts.join(", ").as_str()], &parts] {
            let headers = with_lines(ALLOW_ORIGIN, lines).with(ALLOW_CREDENTIALS, "true");
            prop_assert_eq!(agent.cors_check(&request, &Response { headers, ..Response::new(200) }).map_err(|step| step.number), Err("4"));
        }
    }

    #[test]
    fn a_max_age_of_several_elements_is_the_default_in_one_line_and_in_several(
        parts in vec(select(vec!["600", "0", "5", "1", ""]), 2..4),
    ) {
        for lines in [&[parts.join(",").as_str()][..], &[parts.join(", ").as_str()], &parts] {
            let response = Response { headers: with_lines(MAX_AGE, lines), ..Response::new(200) };
            prop_assert_eq!(STANDARD.max_age(&response), DEFAULT_MAX_AGE);
        }
    }
}

/// Whether `true` and something beside it passes with credentials.
fn passes(agent: Agent, lines: &[&str]) -> bool {
    let headers = with_lines(ALLOW_CREDENTIALS, lines).with(ALLOW_ORIGIN, PAGE);
    agent.cors_check(&asked_by(agent, Include), &Response { headers, ..Response::new(200) }).is_ok()
}

#[test]
fn allow_credentials_of_several_elements_fails_in_one_line_and_in_several() {
    for agent in AGENTS {
        for other in ["true", "false", "*", PAGE] {
            for [first, second] in [["true", other], [other, "true"]] {
                assert!(!passes(*agent, &[first, second]), "{} {first} {second}", agent.name);
                assert!(!passes(*agent, &[&format!("{first},{second}")]), "{} {first} {second}", agent.name);
            }
        }
    }
}

#[test]
fn an_empty_line_of_a_single_value_counts_but_in_firefox() {
    let max_age = |agent: Agent, lines: &[&str]| {
        agent.max_age(&Response { headers: with_lines(MAX_AGE, lines), ..Response::new(200) })
    };
    for agent in [STANDARD, CHROMIUM, WEBKIT] {
        assert!(!passes(agent, &["", "true"]) && !passes(agent, &["true", ""]), "{}", agent.name);
        assert_eq!(max_age(agent, &["", "600"]), DEFAULT_MAX_AGE, "{}", agent.name);
    }
    assert!(passes(FIREFOX, &["", "true"]) && !passes(FIREFOX, &[",true"]));
    assert_eq!(max_age(FIREFOX, &["", "600"]), 600);
}

#[test]
fn a_single_value_in_two_halves_is_neither_half_nor_whole() {
    let check = |lines: &[&str]| {
        let headers = with_lines(ALLOW_ORIGIN, lines);
        cors_check(&request(&init("GET")), &Response { headers, ..Response::new(200) }).is_ok()
    };
    assert!(check(&[PAGE]));
    for at in 0..=PAGE.len() {
        let (first, second) = PAGE.split_at(at);
        assert!(!check(&[first, second]), "{first} {second}");
    }
    for at in 0..="true".len() {
        let (first, second) = "true".split_at(at);
        assert!(!passes(STANDARD, &[first, second]), "{first} {second}");
    }
}

#[test]
fn two_different_locations_are_followed_by_none() {
    for agent in AGENTS {
        for lines in [["/a", "/b"], ["/b", "ftp://a.example/"], ["ftp://a.example/", "/b"]] {
            let redirect = |lines: &[&str]| {
                let headers = with_lines("Location", lines).with(ALLOW_ORIGIN, "*");
                let mut request = Request::by(agent, &common::origin(PAGE), API, &init("GET")).expect("a request");
                let answer = Response { headers, ..Response::new(302) };
                http_redirect_fetch_by(agent, &mut Default::default(), &mut request, &answer)
                    .map_err(|step| step.number)
            };
            assert_eq!(redirect(&lines), Err("5"), "{} {lines:?}", agent.name);
            assert_eq!(redirect(&["/b"]), Ok(true), "{}", agent.name);
        }
    }
}
