//! Generated visits of pages and raw clients. Some visits repeat an earlier one, with at most one change.

use arbitrary::{Result, Unstructured};
use cors_policy::Policy;
use cors_reference::{
    header_list::HeaderList,
    request::{CredentialsMode, Mode, RedirectMode, RequestInit},
};

use super::{
    draw::{chance, one, some},
    origins::page_origin,
    raw::raw_request,
    settings::Settings,
};
use crate::case::{PageFetch, Visit};

const URLS: [&str; 3] = ["https://api.example/resource", "https://api.example/resource", "https://api.example/other"];
const METHODS: [&str; 12] =
    ["GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "PROPFIND", "OPTIONS"];
const HEADERS: [(&str, &str); 9] = [
    ("X-A", "1"),
    ("X-Ab", "1"),
    ("Authorization", "Bearer 1"),
    ("Content-Type", "application/json"),
    ("Content-Type", "text/plain"),
    ("Accept", "text/html"),
    ("X-Requested-With", "fetch"),
    ("Range", "bytes=0-1"),
    ("Cache-Control", "no-cache"),
];
const CREDENTIALS: [CredentialsMode; 3] =
    [CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include];
const PAUSES_MS: [u64; 5] = [0, 0, 1000, 4000, 700_000];

/// Generates the visits of a case.
pub(super) fn visits(bytes: &mut Unstructured<'_>, settings: &Settings, policy: &Policy) -> Result<Vec<Visit>> {
    let mut visits: Vec<Visit> = Vec::new();
    // A case without visits tests the policy alone.
    if bytes.ratio(1_u8, 40_u8)? {
        return Ok(visits);
    }
    for _ in 0..bytes.int_in_range(1..=settings.visits.max(1))? {
        let earlier = if bytes.ratio(1_u8, 3_u8)? { one(bytes, &visits)?.cloned() } else { None };
        visits.push(match earlier {
            Some(Visit::Fetch(fetch)) => Visit::Fetch(again(bytes, fetch, policy)?),
            Some(raw) => raw,
            None if chance(bytes, settings.raw, 100)? => Visit::Raw(raw_request(bytes, settings, policy)?),
            None => Visit::Fetch(fetch(bytes, policy)?),
        });
    }
    Ok(visits)
}

/// Generates a fetch by a page.
fn fetch(bytes: &mut Unstructured<'_>, policy: &Policy) -> Result<PageFetch> {
    let headers = some(bytes, &HEADERS, 4)?;
    let method = *bytes.choose(&METHODS)?;
    let request = RequestInit {
        method: method.to_owned(),
        headers: headers.into_iter().fold(HeaderList::EMPTY, |list, (name, value)| list.with(name, value)),
        body: (method == "POST" && bytes.arbitrary()?).then(|| "1".to_owned()),
        credentials: *bytes.choose(&CREDENTIALS)?,
        mode: if bytes.ratio(1_u8, 20_u8)? { Mode::NoCors } else { Mode::Cors },
        redirect: *bytes.choose(&[RedirectMode::Follow, RedirectMode::Follow, RedirectMode::Manual])?,
    };
    let page_origin = page_origin(bytes, policy)?;
    let after_ms = *bytes.choose(&PAUSES_MS)?;
    Ok(PageFetch { after_ms, page_origin, url: (*bytes.choose(&URLS)?).to_owned(), request })
}

/// Repeats a fetch later, with at most one change.
fn again(bytes: &mut Unstructured<'_>, mut fetch: PageFetch, policy: &Policy) -> Result<PageFetch> {
    fetch.after_ms = *bytes.choose(&PAUSES_MS)?;
    match bytes.int_in_range(0..=4)? {
        0 => fetch.page_origin = page_origin(bytes, policy)?,
        1 => fetch.request.credentials = *bytes.choose(&CREDENTIALS)?,
        2 => fetch.request.method = (*bytes.choose(&METHODS)?).to_owned(),
        3 => {
            fetch.request.headers =
                one(bytes, &HEADERS)?.map_or(HeaderList::EMPTY, |(name, value)| HeaderList::EMPTY.with(name, value))
        }
        _ => {}
    }
    Ok(fetch)
}
