//! Visits: pages whose origin is allowed, near an allowed one or unrelated, and raw clients.

use arbitrary::{Result, Unstructured};
use cors_reference::{
    header_list::HeaderList,
    origin::Origin,
    policy::{Policy, Wish},
    request::{CredentialsMode, Mode, RequestInit},
};

use super::{Settings, one, some};
use crate::{
    case::{PageFetch, RawRequest, Visit},
    drive::permitted_origins,
    near_miss::{NearOrigin, Reach, near_origins, splices},
};

const URLS: [&str; 3] = ["https://api.example/resource", "https://api.example/resource", "https://api.example/other"];
const METHODS: [&str; 10] = ["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "PROPFIND"];
const HEADERS: [(&str, &str); 8] = [
    ("X-A", "1"),
    ("X-Ab", "1"),
    ("Authorization", "Bearer 1"),
    ("Content-Type", "application/json"),
    ("Content-Type", "text/plain"),
    ("Accept", "text/html"),
    ("X-Requested-With", "fetch"),
    ("Range", "bytes=0-1"),
];
const ODD_METHODS: [&str; 6] = ["PUT", "GET", "put", "", "*", "x y"];
const ODD_NAMES: [&str; 6] = ["x-a", "x-a, ,x-ab", "", "X-A,AUTHORIZATION", "*", "x a"];

pub(super) fn visits(bytes: &mut Unstructured<'_>, settings: &Settings, policy: &Policy) -> Result<Vec<Visit>> {
    let mut visits = Vec::new();
    // Without a visit the case is about the policy alone.
    if bytes.ratio(1_u8, 40_u8)? {
        return Ok(visits);
    }
    for _ in 0..bytes.int_in_range(1..=settings.visits.max(1))? {
        let is_raw = bytes.ratio(settings.raw, 100)?;
        visits.push(if is_raw { Visit::Raw(raw(bytes, policy)?) } else { Visit::Fetch(fetch(bytes, policy)?) });
    }
    Ok(visits)
}

fn fetch(bytes: &mut Unstructured<'_>, policy: &Policy) -> Result<PageFetch> {
    let headers = some(bytes, &HEADERS, 2)?;
    let request = RequestInit {
        method: (*bytes.choose(&METHODS)?).to_owned(),
        headers: headers.into_iter().fold(HeaderList::EMPTY, |list, (name, value)| list.with(name, value)),
        body: None,
        credentials: *bytes.choose(&[CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include])?,
        mode: if bytes.ratio(1_u8, 20_u8)? { Mode::NoCors } else { Mode::Cors },
        ..RequestInit::default()
    };
    let page_origin = page_origin(bytes, policy)?;
    let after_ms = *bytes.choose(&[0, 0, 1000, 700_000])?;
    Ok(PageFetch { after_ms, page_origin, url: (*bytes.choose(&URLS)?).to_owned(), request })
}

/// A page's origin: allowed in half of the cases, near an allowed one in most of the others.
fn page_origin(bytes: &mut Unstructured<'_>, policy: &Policy) -> Result<Origin> {
    let allowed = permitted_origins(policy);
    let origin = match bytes.int_in_range(0..=9)? {
        0..=4 => one(bytes, &allowed)?.cloned(),
        5..=7 => near(bytes, policy, |near| near.reach != Reach::RawClient)?,
        8 => Some("https://api.example".to_owned()),
        _ => Some("null".to_owned()),
    };
    let origin = origin.and_then(|origin| origin.parse().ok());
    Ok(origin.unwrap_or(Origin::OPAQUE))
}

fn near(
    bytes: &mut Unstructured<'_>,
    policy: &Policy,
    is_wanted: impl Fn(&NearOrigin) -> bool,
) -> Result<Option<String>> {
    let Wish::List(patterns) = &policy.origins else { return Ok(Some("https://evil.example".to_owned())) };
    let (Some(pattern), Some(other)) = (one(bytes, patterns)?, one(bytes, patterns)?) else { return Ok(None) };
    let mut origins: Vec<NearOrigin> = near_origins(pattern).into_iter().filter(is_wanted).collect();
    origins.extend(splices(pattern, other).filter(|near| near.reach == Reach::Browser));
    Ok(one(bytes, &origins)?.map(|near| near.origin.clone()))
}

fn raw(bytes: &mut Unstructured<'_>, policy: &Policy) -> Result<RawRequest> {
    let mut headers = HeaderList::EMPTY;
    let is_preflight: bool = bytes.arbitrary()?;
    for _ in 0..*bytes.choose(&[1, 1, 1, 0, 2])? {
        let origin = match bytes.arbitrary()? {
            true => near(bytes, policy, |_| true)?,
            false => one(bytes, &permitted_origins(policy))?.cloned(),
        };
        headers = headers.with("Origin", &origin.unwrap_or_default());
    }
    if is_preflight {
        headers = headers.with("Access-Control-Request-Method", bytes.choose(&ODD_METHODS)?);
        if bytes.arbitrary()? {
            headers = headers.with("Access-Control-Request-Headers", bytes.choose(&ODD_NAMES)?);
        }
        if bytes.ratio(1_u8, 8_u8)? {
            headers = headers.with("Access-Control-Request-Private-Network", "true");
        }
    }
    if bytes.ratio(1_u8, 8_u8)? {
        headers = headers.with("Vary", "User-Agent");
    }
    let method = if is_preflight { "OPTIONS" } else { *bytes.choose(&["GET", "POST", "OPTIONS"])? };
    Ok(RawRequest { method: method.to_owned(), url: URLS[0].to_owned(), headers, grow: None })
}
