//! Several result files of one run, such as its shards, as the one report that the whole run would have given.

use std::collections::{BTreeMap, BTreeSet};

use crate::self_check::registry;

use crate::{
    divergence::Divergence,
    input::InputError,
    suite::{AdapterReport, Report},
};

/// Merges reports, each with the name of its file. Of one file alone nothing changes.
///
/// # Errors
///
/// What stands against their being parts of one run: a case or a shard twice, another version, other rules.
pub fn merge(reports: Vec<(String, Report)>) -> Result<Report, InputError> {
    let is_one = reports.len() == 1;
    let mut merged: Vec<(String, AdapterReport)> = Vec::new();
    for (file, report) in reports {
        for (index, row) in report.adapters.into_iter().enumerate() {
            let Some((first, whole)) = merged.iter_mut().find(|(_, other)| other.name == row.name) else {
                merged.push((file.clone(), row));
                continue;
            };
            let name = row.name.clone();
            add(whole, row).map_err(|(field, why)| InputError {
                file: Some(file.clone()),
                line: None,
                field: format!("adapters[{index}]{field}"),
                message: format!("`{name}` {why}, beside {first}: give the files of one run, each once"),
            })?;
        }
    }
    let mut adapters: Vec<AdapterReport> = merged.into_iter().map(|(_, row)| row).collect();
    if !is_one {
        // The order of a run.
        let places: BTreeMap<&str, usize> = registry::all().map(|one| one.describe().name).zip(0..).collect();
        let place = |row: &AdapterReport| places.get(row.name.as_str()).copied().unwrap_or(usize::MAX);
        adapters.sort_by(|one, other| (place(one), &one.name).cmp(&(place(other), &other.name)));
    }
    Ok(Report { schema: 1, adapters })
}

/// Adds a part of a row to the others, or tells which field forbids it, and why.
fn add(whole: &mut AdapterReport, part: AdapterReport) -> Result<(), (&'static str, String)> {
    if whole.version != part.version {
        return Err((".version", format!("is {} here and {}", part.version, whole.version)));
    }
    if [&*whole, &part].iter().any(|row| row.cases.len() != row.counts.cases) {
        return Err(("", "lists not all of its cases, so that none can be told to be there twice".to_owned()));
    }
    whole.part.merge(part.part).map_err(|why| (".part", why))?;
    let ids: BTreeSet<&str> = whole.cases.iter().map(|case| case.id.as_str()).collect();
    if let Some(twice) = part.cases.iter().find(|case| ids.contains(case.id.as_str())) {
        return Err((".cases", format!("has `{}` once more", twice.id)));
    }
    let known: BTreeMap<&str, bool> =
        whole.divergences.iter().map(|found| (found.fingerprint.as_str(), found.known)).collect();
    let is_otherwise = |found: &&Divergence| known.get(found.fingerprint.as_str()).is_some_and(|is| *is != found.known);
    if let Some(found) = part.divergences.iter().find(is_otherwise) {
        return Err((".divergences", format!("had another baseline, by {}", found.fingerprint)));
    }
    whole.counts.merge(&part.counts);
    whole.cases.extend(part.cases);
    whole.cases.sort_by(|one, other| one.id.cmp(&other.id));
    whole.divergences.extend(part.divergences);
    // What a case shows stays in its order.
    whole.divergences.sort_by(|one, other| one.case.id.cmp(&other.case.id));
    whole.ended = whole.ended.take().or(part.ended);
    Ok(())
}
