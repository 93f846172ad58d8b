//! Merging the result files of one run, such as its shards.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    divergence::Divergence,
    input::InputError,
    self_check::registry,
    suite::{AdapterReport, Report},
};

/// Merges reports into the report of the complete run. Each report comes with the name of its file. A single report is
/// returned unchanged.
///
/// # Errors
///
/// Returns an error if the reports are not parts of one run: if they share a case or a shard, or differ in the version of a
/// middleware, the selected rules or the baseline.
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
            add(whole, row).map_err(|(field, problem)| InputError {
                file: Some(file.clone()),
                line: None,
                field: format!("adapters[{index}]{field}"),
                message: format!("`{name}` {problem}, compared with {first}: give the files of one run, each once"),
            })?;
        }
    }
    let mut adapters: Vec<AdapterReport> = merged.into_iter().map(|(_, row)| row).collect();
    if !is_one {
        // The order of a complete run.
        let places: BTreeMap<&str, usize> = registry::all().map(|one| one.describe().name).zip(0..).collect();
        let place = |row: &AdapterReport| places.get(row.name.as_str()).copied().unwrap_or(usize::MAX);
        adapters.sort_by(|one, other| (place(one), &one.name).cmp(&(place(other), &other.name)));
    }
    Ok(Report { adapters })
}

/// Adds a part of a row to the rest of the row.
///
/// # Errors
///
/// Returns the field that prevents it, and what is wrong.
fn add(whole: &mut AdapterReport, part: AdapterReport) -> Result<(), (&'static str, String)> {
    if whole.version != part.version {
        return Err((".version", format!("has version {} and not {}", part.version, whole.version)));
    }
    if [&*whole, &part].iter().any(|row| row.cases.len() != row.counts.cases) {
        return Err(("", "does not list all of its cases, so repeated cases cannot be detected".to_owned()));
    }
    whole.part.merge(part.part).map_err(|why| (".part", why))?;
    let ids: BTreeSet<&str> = whole.cases.iter().map(|case| case.id.as_str()).collect();
    if let Some(repeated) = part.cases.iter().find(|case| ids.contains(case.id.as_str())) {
        return Err((".cases", format!("has the case `{}` again", repeated.id)));
    }
    let known: BTreeMap<&str, bool> =
        whole.divergences.iter().map(|found| (found.fingerprint.as_str(), found.known)).collect();
    let is_inconsistent =
        |found: &&Divergence| known.get(found.fingerprint.as_str()).is_some_and(|known| *known != found.known);
    if let Some(found) = part.divergences.iter().find(is_inconsistent) {
        return Err((".divergences", format!("was run with another baseline (see {})", found.fingerprint)));
    }
    whole.counts.merge(&part.counts);
    whole.cases.extend(part.cases);
    whole.cases.sort_by(|one, other| one.id.cmp(&other.id));
    whole.divergences.extend(part.divergences);
    // The sort is stable: the divergences of one case keep their order.
    whole.divergences.sort_by(|one, other| one.case.id.cmp(&other.case.id));
    whole.ended = whole.ended.take().or(part.ended);
    Ok(())
}
