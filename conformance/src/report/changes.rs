//! What changed between two results: fixed, new, and counted otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::Serialize;

use crate::suite::{AdapterReport, Report};

/// What changed of one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The adapter.
    pub name: String,
    /// Its version before and after; nothing where there was, or is, no such row.
    pub versions: (Option<String>, Option<String>),
    /// Fingerprints that are gone.
    pub fixed: Vec<String>,
    /// Fingerprints that were not there before.
    pub new: Vec<String>,
    /// Fingerprints that other cases show than before: how many did, and how many do.
    pub moved: Vec<(String, usize, usize)>,
    /// Outcomes whose count changed: which, how many before, how many after.
    pub counts: Vec<(&'static str, usize, usize)>,
}

/// What changed from one result to another, by adapter; one where nothing did is left out.
pub fn changes(old: &Report, new: &Report) -> Vec<Changes> {
    let names: BTreeSet<&str> = old.adapters.iter().chain(&new.adapters).map(|row| row.name.as_str()).collect();
    let row = |report: &'_ Report, name: &str| report.adapters.iter().position(|row| row.name == name);
    let changes = names.into_iter().filter_map(|name| {
        let before = row(old, name).map(|index| &old.adapters[index]);
        let after = row(new, name).map(|index| &new.adapters[index]);
        of_row(name, before, after)
    });
    changes.collect()
}

fn of_row(name: &str, before: Option<&AdapterReport>, after: Option<&AdapterReport>) -> Option<Changes> {
    if before == after {
        return None;
    }
    let (were, are) = (cases_by_fingerprint(before), cases_by_fingerprint(after));
    let only = |these: &BTreeMap<&str, BTreeSet<&str>>, those: &BTreeMap<&str, BTreeSet<&str>>| {
        these.keys().filter(|print| !those.contains_key(*print)).map(|print| (*print).to_owned()).collect::<Vec<_>>()
    };
    let moved = were.iter().filter_map(|(print, cases)| {
        let now = are.get(print).filter(|now| *now != cases)?;
        Some(((*print).to_owned(), cases.len(), now.len()))
    });
    let counts = counts(before).zip(counts(after));
    let counts = counts.filter(|((_, before), (_, after))| before != after);
    Some(Changes {
        name: name.to_owned(),
        versions: (before.map(|row| row.version.clone()), after.map(|row| row.version.clone())),
        fixed: only(&were, &are),
        new: only(&are, &were),
        moved: moved.collect(),
        counts: counts.map(|((outcome, before), (_, after))| (outcome, before, after)).collect(),
    })
}

fn cases_by_fingerprint(row: Option<&AdapterReport>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut cases: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for divergence in row.into_iter().flat_map(|row| &row.divergences) {
        cases.entry(&divergence.fingerprint).or_default().insert(&divergence.case.id);
    }
    cases
}

fn counts(row: Option<&AdapterReport>) -> impl Iterator<Item = (&'static str, usize)> {
    let counts = row.map(|row| row.counts).unwrap_or_default();
    [("cases", counts.cases)].into_iter().chain(counts.by_outcome())
}

/// Writes what changed for a reader.
///
/// # Errors
///
/// Those of writing.
pub fn write(changes: &[Changes], mut output: impl Write) -> io::Result<()> {
    if changes.is_empty() {
        return writeln!(output, "Nothing changed.");
    }
    for row in changes {
        let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
        let (before, after) = (version(&row.versions.0), version(&row.versions.1));
        let versions = if before == after { before } else { format!("{before} -> {after}") };
        writeln!(output, "{} {versions}", row.name)?;
        for (outcome, before, after) in &row.counts {
            writeln!(output, "  {outcome}: {before} -> {after}")?;
        }
        row.fixed.iter().try_for_each(|print| writeln!(output, "  fixed    {print}"))?;
        row.new.iter().try_for_each(|print| writeln!(output, "  new      {print}"))?;
        for (print, before, after) in &row.moved {
            writeln!(output, "  changed  {print}: in {before} cases before, in {after} now")?;
        }
    }
    Ok(())
}

/// Writes what changed for a comment on a pull request: what is new first.
///
/// # Errors
///
/// Those of writing.
pub fn write_markdown(changes: &[Changes], mut output: impl Write) -> io::Result<()> {
    /// More than these of one kind are counted.
    const MOST: usize = 40;
    let all = |of: fn(&Changes) -> &Vec<String>| changes.iter().flat_map(of).collect::<Vec<_>>();
    let (new, fixed) = (all(|row| &row.new), all(|row| &row.fixed));
    writeln!(output, "## CORS conformance: {} new, {} fixed\n", new.len(), fixed.len())?;
    if changes.is_empty() {
        return writeln!(output, "Nothing changed.");
    }
    for row in changes.iter().filter(|row| row.versions.0 != row.versions.1) {
        let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
        writeln!(output, "- `{}` {} → {}", row.name, version(&row.versions.0), version(&row.versions.1))?;
    }
    for (title, fingerprints) in [("New", &new), ("Fixed", &fixed)] {
        if fingerprints.is_empty() {
            continue;
        }
        writeln!(output, "\n### {title}\n")?;
        fingerprints.iter().take(MOST).try_for_each(|fingerprint| writeln!(output, "- `{fingerprint}`"))?;
        if fingerprints.len() > MOST {
            writeln!(output, "- and {} more", fingerprints.len() - MOST)?;
        }
    }
    let counted = changes.iter().flat_map(|row| row.counts.iter().map(move |count| (&row.name, count)));
    let counted: Vec<_> = counted.collect();
    if !counted.is_empty() {
        writeln!(output, "\n| middleware | outcome | before | after |\n|---|---|---:|---:|")?;
    }
    counted.iter().take(MOST).try_for_each(|(name, (outcome, before, after))| {
        writeln!(output, "| `{name}` | {outcome} | {before} | {after} |")
    })?;
    if counted.len() > MOST {
        writeln!(output, "\nAnd {} counts more.", counted.len() - MOST)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(version: &str, fingerprints: &[(&str, &str)]) -> Report {
        let of = |(fingerprint, id): &(&str, &str)| {
            serde_json::json!({
                "fingerprint": fingerprint, "rule": "r", "class": "interference", "severity": "low", "known": false,
                "case": {"id": id, "says": "s", "spec": "checklist", "quote": "q", "expect": [], "case": {"visits": []}},
                "evidence": {"message": "m", "visit": 0, "reason": null, "spec": "s", "exchanges": []},
            })
        };
        let divergences: Vec<_> = fingerprints.iter().map(of).collect();
        let counts = serde_json::json!({
            "cases": 3, "conform": 3 - fingerprints.len(), "diverge": fingerprints.len(), "unsupported": 0, "rejected": 0,
            "inconclusive": 0, "broken": 0,
        });
        let row = serde_json::json!({"name": "a", "version": version, "counts": counts, "divergences": divergences});
        serde_json::from_value(serde_json::json!({"schema": 1, "adapters": [row]})).unwrap()
    }

    #[test]
    fn what_is_gone_what_is_new_and_what_moved_is_told_apart() {
        let old = report("1.0", &[("a/gone", "one"), ("a/moved", "two")]);
        let new = report("1.1", &[("a/moved", "three"), ("a/new", "one")]);
        let changes = changes(&old, &new);
        assert_eq!(changes[0].fixed, ["a/gone"]);
        assert_eq!(changes[0].new, ["a/new"]);
        assert_eq!(changes[0].moved, [("a/moved".to_owned(), 1, 1)]);
        assert_eq!(changes[0].counts, []);
    }

    #[test]
    fn equal_results_change_nothing_and_a_row_that_is_gone_is_told() {
        let old = report("1.0", &[("a/b", "one")]);
        assert_eq!(changes(&old, &old), []);
        let gone = changes(&old, &Report { schema: 1, adapters: Vec::new() });
        assert_eq!((gone[0].fixed.as_slice(), &gone[0].versions.1), (&["a/b".to_owned()][..], &None));
    }
}
