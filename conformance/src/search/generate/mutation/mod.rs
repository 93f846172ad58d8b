//! Mutation and crossover of cases.
//!
//! A mutation turns a valid case into a similar one. New parts come from a donor, which is the second case of a crossover
//! or a generated case. The original case and the seed replay the change.

use arbitrary::{Result, Unstructured};
use cors_adapters::handler::Handler;
use cors_reference::request::RedirectMode;

use super::{draw::bytes_of, handlers, settings::Settings, visits};
use crate::case::{Case, PageFetch, RawRequest, Visit};

mod headers;
mod lists;
mod policy;

const REDIRECTS: [RedirectMode; 3] = [RedirectMode::Follow, RedirectMode::Error, RedirectMode::Manual];
const URLS: [&str; 7] = [
    "https://api.example/resource",
    "https://api.example/other",
    "https://api.example/",
    "https://api.example/resource?a=b#c",
    "http://api.example/resource",
    "https://api.example:8443/resource",
    "https://app.example/resource",
];

/// The number of visits at which a case stops growing.
const VISITS: usize = 8;

/// The number of attempts to find a change that yields a different and valid case.
const ATTEMPTS: u64 = 16;

/// Changes one part of a case, and rarely more than three. The result is [valid](Case::validate) if `case` is.
#[must_use]
pub fn mutate(case: &Case, seed: u64) -> Case {
    changed(case, seed, |mutant, bytes| {
        loop {
            match bytes.int_in_range(0..=9)? {
                0..=4 => change_visits(mutant, bytes)?,
                5..=7 => policy::change(&mut mutant.policy, bytes)?,
                _ => change_handler(&mut mutant.handler, bytes)?,
            }
            if bytes.is_empty() || !bytes.ratio(1_u8, 3_u8)? {
                return Ok(());
            }
        }
    })
}

/// Combines parts of the policies, handlers and visits of two cases. The result is [valid](Case::validate) if both
/// cases are.
#[must_use]
pub fn cross(one: &Case, other: &Case, seed: u64) -> Case {
    changed(one, seed, |child, bytes| {
        if bytes.arbitrary()? {
            policy::take(&mut child.policy, other.policy.clone(), bytes)?;
        }
        if bytes.ratio(1_u8, 4_u8)? {
            take_from_handler(&mut child.handler, other.handler.clone(), bytes)?;
        }
        // The first visits of one case, then the last visits of the other.
        let kept = bytes.int_in_range(0..=child.visits.len())?;
        let skipped = bytes.int_in_range(0..=other.visits.len())?;
        child.visits.truncate(kept);
        child.visits.extend(other.visits.iter().skip(skipped).take(VISITS.saturating_sub(kept)).cloned());
        Ok(())
    })
}

/// Returns the first changed case that differs and is valid, or the case itself.
fn changed(case: &Case, seed: u64, change: impl Fn(&mut Case, &mut Unstructured<'_>) -> Result<()>) -> Case {
    let attempt = |number| {
        let mut mutant = case.clone();
        change(&mut mutant, &mut Unstructured::new(&bytes_of(seed, number))).ok()?;
        (mutant != *case && mutant.validate().is_ok()).then_some(mutant)
    };
    (0..ATTEMPTS).find_map(attempt).unwrap_or_else(|| case.clone())
}

fn change_visits(case: &mut Case, bytes: &mut Unstructured<'_>) -> Result<()> {
    let generated = visits::visits(bytes, &Settings { visits: 1, raw: 35, ..Settings::default() }, &case.policy)?;
    if bytes.arbitrary()? {
        return lists::change(&mut case.visits, generated, VISITS, bytes);
    }
    if case.visits.is_empty() {
        case.visits = generated;
        return Ok(());
    }
    let index = bytes.choose_index(case.visits.len())?;
    match (&mut case.visits[index], generated.into_iter().next()) {
        (Visit::Fetch(fetch), Some(Visit::Fetch(donor))) => change_fetch(fetch, donor, bytes),
        (Visit::Raw(raw), Some(Visit::Raw(donor))) => change_raw(raw, donor, bytes),
        (visit, Some(donor)) => {
            *visit = donor;
            Ok(())
        }
        (_, None) => Ok(()),
    }
}

fn change_fetch(fetch: &mut PageFetch, donor: PageFetch, bytes: &mut Unstructured<'_>) -> Result<()> {
    let (request, init) = (&mut fetch.request, donor.request);
    match bytes.int_in_range(0..=12)? {
        0..=3 => fetch.page_origin = donor.page_origin,
        4 => request.method = init.method,
        5 => request.credentials = init.credentials,
        6 => request.mode = init.mode,
        7 => request.headers = init.headers,
        8 => headers::change(&mut request.headers, headers::OF_REQUESTS, bytes)?,
        9 => fetch.after_ms = donor.after_ms,
        10 => fetch.url = (*bytes.choose(&URLS)?).to_owned(),
        11 => request.redirect = *bytes.choose(&REDIRECTS)?,
        _ => request.body = if request.body.is_none() { Some("text".to_owned()) } else { None },
    }
    Ok(())
}

fn change_raw(raw: &mut RawRequest, donor: RawRequest, bytes: &mut Unstructured<'_>) -> Result<()> {
    match bytes.int_in_range(0..=5)? {
        0 => raw.method = donor.method,
        1 => raw.headers = donor.headers,
        2 => raw.url = (*bytes.choose(&URLS)?).to_owned(),
        _ => headers::change(&mut raw.headers, headers::OF_REQUESTS, bytes)?,
    }
    Ok(())
}

fn change_handler(handler: &mut Handler, bytes: &mut Unstructured<'_>) -> Result<()> {
    match bytes.int_in_range(0..=4)? {
        0 => headers::change(&mut handler.headers, headers::OF_RESPONSES, bytes),
        1 => headers::change(&mut handler.outer_headers, headers::OF_LAYERS, bytes),
        _ => {
            let donor = handlers::handler(bytes, &Settings { failing: 50, ..Settings::default() })?;
            take_from_handler(handler, donor, bytes)
        }
    }
}

fn take_from_handler(handler: &mut Handler, donor: Handler, bytes: &mut Unstructured<'_>) -> Result<()> {
    match bytes.int_in_range(0..=4)? {
        // The status determines whether there is a body.
        0 => (handler.status, handler.body) = (donor.status, donor.body),
        1 => handler.headers = donor.headers,
        2 => handler.outer_headers = donor.outer_headers,
        3 => handler.route = donor.route,
        _ => handler.fail = donor.fail,
    }
    Ok(())
}
