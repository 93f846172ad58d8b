//! Does any single byte more, less or other let the CORS check pass?

mod common;

use std::net::{Ipv4Addr, Ipv6Addr};

use common::{API, PAGE, init, origin, scenario::config};
use cors_reference::{
    agent::{AGENTS, Agent},
    header::HeaderValue,
    origin::Origin,
    request::{
        CredentialsMode::{self, Include, Omit, SameOrigin},
        Request, RequestInit,
    },
    response::Response,
    user_agent::UserAgent,
};
use proptest::{prelude::*, sample::select};
use url::Url;

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";

/// Origins as browsers write them: names, addresses, ports, and those that are opaque.
fn pages() -> impl Strategy<Value = Origin> {
    let host = prop_oneof![
        3 => "[a-z]([a-z0-9]{0,5}[a-z])?(\\.[a-z]{2,3}){0,2}",
        1 => any::<Ipv4Addr>().prop_map(|address| address.to_string()),
        1 => any::<Ipv6Addr>().prop_map(|address| format!("[{address}]")),
    ];
    let port = prop_oneof![Just(String::new()), (1_u16..).prop_map(|port| format!(":{port}"))];
    let of_a_server = (select(vec!["http", "https"]), host, port).prop_map(|(scheme, host, port)| {
        let url = format!("{scheme}://{host}{port}/");
        Origin::of(&Url::parse(&url).expect("a URL"))
    });
    prop_oneof![6 => of_a_server, 1 => Just(origin("null"))]
}

fn request(agent: Agent, page: &Origin, credentials: CredentialsMode) -> Request {
    Request::by(&agent, page, API, &RequestInit { credentials, ..init("GET") }).expect("a request")
}

/// Every text that is one byte away: each byte replaced by each other, each removed, each inserted anywhere.
fn one_byte_away(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let mut changed = Vec::new();
    for at in 0..=bytes.len() {
        let (before, after) = bytes.split_at(at);
        let rest = after.get(1..);
        changed.extend((0..=255).map(|byte| [before, &[byte], after].concat()));
        if let Some(rest) = rest {
            changed.push([before, rest].concat());
            changed.extend((0..=255).filter(|byte| *byte != bytes[at]).map(|byte| [before, &[byte], rest].concat()));
        }
    }
    assert_eq!(changed.len(), 256 * (bytes.len() + 1) + 256 * bytes.len());
    changed
}

/// Whether only white space was added around the text: what is not part of a value.
fn is_padded(changed: &[u8], text: &str) -> bool {
    let inner = changed.strip_prefix(b" ").or(changed.strip_prefix(b"\t")).unwrap_or(changed);
    let inner = inner.strip_suffix(b" ").or(inner.strip_suffix(b"\t")).unwrap_or(inner);
    inner == text.as_bytes()
}

/// That of all values one byte away from a passing one, only padded ones pass. The answer has these headers more.
#[track_caller]
fn only_itself_passes(agent: Agent, request: &Request, (name, passing): (&str, &str), others: &Response) {
    let check = |value: &[u8]| {
        let mut response = others.clone();
        response.headers.append(name.parse().expect("a token"), HeaderValue::from_wire(value));
        agent.cors_check(request, &response).is_ok()
    };
    assert!(check(passing.as_bytes()), "{passing:?} itself must pass");
    for changed in one_byte_away(passing) {
        let shown = String::from_utf8_lossy(&changed);
        assert_eq!(check(&changed), is_padded(&changed, passing), "{name}: {shown:?} of {passing:?}");
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn no_origin_one_byte_away_passes_for_a_page(page in pages(), agent in select(AGENTS)) {
        for credentials in [Omit, Include] {
            let others = Response::new(200).with(ALLOW_CREDENTIALS, "true");
            let request = request(agent, &page, credentials);
            only_itself_passes(agent, &request, (ALLOW_ORIGIN, page.serialize()), &others);
        }
    }

    #[test]
    fn no_wildcard_one_byte_away_passes_for_a_page(page in pages(), agent in select(AGENTS)) {
        for credentials in [Omit, SameOrigin] {
            let request = request(agent, &page, credentials);
            only_itself_passes(agent, &request, (ALLOW_ORIGIN, "*"), &Response::new(200));
        }
    }
}

#[test]
fn no_allow_credentials_one_byte_away_from_true_passes() {
    for agent in AGENTS {
        for page in [PAGE, "null", "http://[::1]:3000"] {
            let others = Response::new(200).with(ALLOW_ORIGIN, page);
            let request = request(*agent, &origin(page), Include);
            only_itself_passes(*agent, &request, (ALLOW_CREDENTIALS, "true"), &others);
        }
    }
}

#[test]
fn no_wildcard_with_credentials_passes_nor_does_anything_one_byte_away() {
    for agent in AGENTS {
        let request = request(*agent, &origin(PAGE), Include);
        for value in one_byte_away("*").into_iter().chain([b"*".to_vec()]) {
            let mut response = Response::new(200).with(ALLOW_CREDENTIALS, "true");
            response.headers.append(ALLOW_ORIGIN.parse().expect("a token"), HeaderValue::from_wire(&value));
            assert!(agent.cors_check(&request, &response).is_err(), "{:?}", String::from_utf8_lossy(&value));
        }
    }
}
