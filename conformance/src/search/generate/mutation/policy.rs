//! Changes to the options and lists of a policy.

use arbitrary::{Result, Unstructured};
use cors_policy::{AllowList, Policy, origin_set::OriginPattern};

use super::lists;
use crate::search::generate::{near_origins::near_origin, policies, settings::Settings};

/// The number of entries at which a list stops growing.
const ENTRIES: usize = 8;

/// Changes one option or one list, with parts of a generated policy.
pub(super) fn change(policy: &mut Policy, bytes: &mut Unstructured<'_>) -> Result<()> {
    let donor = policies::policy(bytes, &Settings::default())?;
    match bytes.int_in_range(0..=9)? {
        0..=2 => take(policy, donor, bytes),
        3..=4 => change_entries(&mut policy.origins, donor.origins, bytes),
        5..=6 => alter_origin(&mut policy.origins, bytes),
        7 => change_entries(&mut policy.methods, donor.methods, bytes),
        8 => change_entries(&mut policy.request_headers, donor.request_headers, bytes),
        _ => change_entries(&mut policy.exposed_headers, donor.exposed_headers, bytes),
    }
}

/// Takes one option from another policy.
pub(super) fn take(policy: &mut Policy, donor: Policy, bytes: &mut Unstructured<'_>) -> Result<()> {
    match bytes.int_in_range(0..=7)? {
        0 => policy.origins = donor.origins,
        1 => policy.credentials = !policy.credentials,
        2 => policy.methods = donor.methods,
        3 => policy.request_headers = donor.request_headers,
        4 => policy.exposed_headers = donor.exposed_headers,
        5 => policy.max_age = donor.max_age,
        6 => policy.private_network = !policy.private_network,
        _ => policy.production = !policy.production,
    }
    Ok(())
}

/// Changes the entries of a list. Replaces `any` and `mirror` by the value of the donor.
fn change_entries<T: Clone + PartialEq>(
    list: &mut AllowList<T>,
    donor: AllowList<T>,
    bytes: &mut Unstructured<'_>,
) -> Result<()> {
    let AllowList::List(entries) = list else {
        *list = donor;
        return Ok(());
    };
    lists::change(entries, donor.list().to_vec(), ENTRIES, bytes)?;
    // A policy lists no entry twice.
    let mut seen: Vec<T> = Vec::with_capacity(entries.len());
    for entry in entries.drain(..) {
        if !seen.contains(&entry) {
            seen.push(entry);
        }
    }
    *entries = seen;
    Ok(())
}

/// Adds or removes a wildcard of an entry, or chooses an origin near it. The result replaces the entry or joins the list.
fn alter_origin(origins: &mut AllowList<OriginPattern>, bytes: &mut Unstructured<'_>) -> Result<()> {
    let AllowList::List(patterns) = origins else { return Ok(()) };
    if patterns.is_empty() {
        return Ok(());
    }
    let index = bytes.choose_index(patterns.len())?;
    let text = patterns[index].as_str();
    let altered = match bytes.int_in_range(0..=3)? {
        0 if text.contains("://*.") => text.replacen("://*.", "://", 1),
        0 => text.replacen("://", "://*.", 1),
        1 => text.strip_suffix(":*").map_or_else(|| format!("{text}:*"), ToOwned::to_owned),
        _ => near_origin(&patterns[index], |count| bytes.choose_index(count))?.origin,
    };
    match altered.parse() {
        Ok(altered) if patterns.contains(&altered) => {}
        Ok(altered) if patterns.len() < ENTRIES && bytes.arbitrary()? => patterns.push(altered),
        Ok(altered) => patterns[index] = altered,
        // The text is not a valid pattern.
        Err(_) => {}
    }
    Ok(())
}
