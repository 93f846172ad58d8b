//! Changes of a policy: its options, and the entries of its lists.

use arbitrary::{Result, Unstructured};
use cors_policy::{AllowList, Policy, origin_set::OriginPattern};

use super::lists;
use crate::search::generate::{Settings, near_origins::near_origin, policies};

/// How many entries a list has, at most, for more to be added.
const ENTRIES: usize = 8;

/// Changes one option, or one list, by something that is generated.
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

/// Takes one option from another policy, whole.
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

/// Changes a list; where there is none, there is one from now on.
fn change_entries<T: Clone + PartialEq>(
    wish: &mut AllowList<T>,
    donor: AllowList<T>,
    bytes: &mut Unstructured<'_>,
) -> Result<()> {
    let AllowList::List(entries) = wish else {
        *wish = donor;
        return Ok(());
    };
    lists::change(entries, donor.list().to_vec(), ENTRIES, bytes)?;
    // An owner names nothing twice.
    let mut seen: Vec<T> = Vec::with_capacity(entries.len());
    for entry in entries.drain(..) {
        if !seen.contains(&entry) {
            seen.push(entry);
        }
    }
    *entries = seen;
    Ok(())
}

/// Puts beside an entry, or in its place, the same with a wildcard more or less, or an origin near it.
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
        // Not every text is a pattern.
        Err(_) => {}
    }
    Ok(())
}
