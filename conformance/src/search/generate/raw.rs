//! Generated requests of raw clients, with repeated, malformed and growing headers.

use arbitrary::{Result, Unstructured};
use cors_policy::Policy;
use cors_reference::header_list::HeaderList;

use super::{
    draw::{chance, one},
    origins::near,
    settings::Settings,
};
use crate::{
    case::{Grow, RawRequest},
    drive::permitted_origins,
};

const URL: &str = "https://api.example/resource";
const METHODS: [&str; 5] = ["GET", "GET", "POST", "OPTIONS", "PUT"];
/// Values of `Origin` that do not serialize an origin. The last two contain bytes above 0x7F.
const ODD_ORIGINS: [&str; 8] =
    ["*", "", "null, null", "https://", "app.example", "https://app.example\"", "https://\u{e4}pp.example", "\u{ff}"];
const REQUESTED_METHODS: [&str; 8] = ["PUT", "GET", "DELETE", "put", "", "*", "x y", "PUT, GET"];
const REQUESTED_NAMES: [&str; 10] =
    ["x-a", "x-a,x-ab", "x-a,x-ab,x-b", "x-a, ,x-ab", "", "X-A,AUTHORIZATION", "*", "x a", ",,,", "x-a\u{ff}"];
/// Growing headers: the name, the beginning of the value, and the repeated part.
const GROWING: [(&str, &str, &str); 4] = [
    ("Origin", "https://", "a."),
    ("Access-Control-Request-Headers", "", "x-a,"),
    ("Access-Control-Request-Headers", "", ","),
    ("Access-Control-Request-Method", "", "P"),
];

/// Generates the request of a raw client.
pub(super) fn raw_request(bytes: &mut Unstructured<'_>, settings: &Settings, policy: &Policy) -> Result<RawRequest> {
    let mut headers = HeaderList::EMPTY;
    let is_preflight: bool = bytes.arbitrary()?;
    for _ in 0..*bytes.choose(&[1, 1, 1, 0, 2])? {
        let origin = match bytes.int_in_range(0..=4)? {
            0 | 1 => near(bytes, policy, |_| true)?,
            2 => one(bytes, &ODD_ORIGINS)?.map(|origin| (*origin).to_owned()),
            _ => one(bytes, &permitted_origins(policy))?.cloned(),
        };
        headers = headers.with("Origin", &origin.unwrap_or_default());
    }
    if is_preflight {
        headers = headers.with("Access-Control-Request-Method", bytes.choose(&REQUESTED_METHODS)?);
        if bytes.arbitrary()? {
            headers = headers.with("Access-Control-Request-Headers", bytes.choose(&REQUESTED_NAMES)?);
        }
        if bytes.ratio(1_u8, 8_u8)? {
            headers = headers.with("Access-Control-Request-Private-Network", "true");
        }
    }
    if bytes.ratio(1_u8, 8_u8)? {
        headers = headers.with("Vary", "User-Agent");
    }
    let method = if is_preflight { "OPTIONS" } else { *bytes.choose(&METHODS)? };
    let grow = if chance(bytes, settings.growing, 1000)? { grow(bytes)? } else { None };
    Ok(RawRequest { method: method.to_owned(), url: URL.to_owned(), headers, grow })
}

/// Chooses a growing header.
fn grow(bytes: &mut Unstructured<'_>) -> Result<Option<Grow>> {
    let (header, begin, repeat) = bytes.choose(&GROWING)?;
    let lines = bytes.ratio(1_u8, 4_u8)?;
    Ok(header.parse().ok().map(|header| Grow {
        header,
        begin: (*begin).to_owned(),
        repeat: (*repeat).to_owned(),
        end: String::new(),
        lines,
    }))
}
