//! The changes between two results.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::Serialize;

use super::markup::{Page, code};
use crate::suite::{AdapterReport, Report};

/// The changes of one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The name of the adapter.
    pub name: String,
    /// The version in the old result; `None` if it has no such row.
    pub before: Option<String>,
    /// The version in the new result; `None` if it has no such row.
    pub after: Option<String>,
    /// The fingerprints that only the old result has.
    pub fixed: Vec<String>,
    /// The fingerprints that only the new result has.
    pub new: Vec<String>,
    /// The fingerprints that different cases show.
    pub moved: Vec<Moved>,
    /// The outcomes whose counts differ.
    pub counts: Vec<Counted>,
}

/// A fingerprint that different cases show in the two results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The fingerprint.
    pub fingerprint: String,
    /// The number of cases in the old result.
    pub before: usize,
    /// The number of cases in the new result.
    pub after: usize,
}

/// A count of cases that differs between the two results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The outcome, or `cases` for all cases.
    pub outcome: &'static str,
    /// The count in the old result.
    pub before: usize,
    /// The count in the new result.
    pub after: usize,
}

/// Returns the changes from one result to another, by adapter. Adapters without changes are left out.
pub fn changes(old: &Report, new: &Report) -> Vec<Changes> {
    let names: BTreeSet<&str> = old.adapters.iter().chain(&new.adapters).map(|row| row.name.as_str()).collect();
    let index = |report: &Report, name: &str| report.adapters.iter().position(|row| row.name == name);
    let changes = names.into_iter().filter_map(|name| {
        let before = index(old, name).map(|index| &old.adapters[index]);
        let after = index(new, name).map(|index| &new.adapters[index]);
        row_changes(name, before, after)
    });
    changes.collect()
}

fn row_changes(name: &str, before: Option<&AdapterReport>, after: Option<&AdapterReport>) -> Option<Changes> {
    if before == after {
        return None;
    }
    let (old_cases, new_cases) = (cases_by_fingerprint(before), cases_by_fingerprint(after));
    let only = |these: &BTreeMap<&str, BTreeSet<&str>>, those: &BTreeMap<&str, BTreeSet<&str>>| {
        let only = these.keys().filter(|fingerprint| !those.contains_key(*fingerprint));
        only.map(|fingerprint| (*fingerprint).to_owned()).collect::<Vec<_>>()
    };
    let moved = old_cases.iter().filter_map(|(fingerprint, cases)| {
        let now = new_cases.get(fingerprint).filter(|now| *now != cases)?;
        Some(Moved { fingerprint: (*fingerprint).to_owned(), before: cases.len(), after: now.len() })
    });
    let counts = counts(before).into_iter().zip(counts(after));
    let counts = counts.filter(|((_, before), (_, after))| before != after);
    let changes = Changes {
        name: name.to_owned(),
        before: before.map(|row| row.version.clone()),
        after: after.map(|row| row.version.clone()),
        fixed: only(&old_cases, &new_cases),
        new: only(&new_cases, &old_cases),
        moved: moved.collect(),
        counts: counts.map(|((outcome, before), (_, after))| Counted { outcome, before, after }).collect(),
    };
    (!changes.is_empty()).then_some(changes)
}

impl Changes {
    /// Returns true if no reported field differs. The evidence of a case may differ.
    fn is_empty(&self) -> bool {
        let Self { name: _, before, after, fixed, new, moved, counts } = self;
        before == after && [fixed, new].iter().all(|list| list.is_empty()) && moved.is_empty() && counts.is_empty()
    }

    /// Returns the version, or both versions if they differ.
    fn version(&self) -> String {
        let [before, after] = [&self.before, &self.after].map(|version| version.as_deref().unwrap_or("none"));
        if before == after { before.to_owned() } else { format!("{before} -> {after}") }
    }
}

fn cases_by_fingerprint(row: Option<&AdapterReport>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut cases: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for divergence in row.into_iter().flat_map(|row| &row.divergences) {
        cases.entry(&divergence.fingerprint).or_default().insert(&divergence.case.id);
    }
    cases
}

fn counts(row: Option<&AdapterReport>) -> [(&'static str, usize); 7] {
    let counts = row.map(|row| row.counts).unwrap_or_default();
    [
        ("cases", counts.cases),
        ("conform", counts.conform),
        ("diverge", counts.diverge),
        ("unsupported", counts.unsupported),
        ("rejected", counts.rejected),
        ("inconclusive", counts.inconclusive),
        ("broken", counts.broken),
    ]
}

/// Writes the changes as text.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(changes: &[Changes], mut output: impl Write) -> io::Result<()> {
    if changes.is_empty() {
        return writeln!(output, "Nothing changed.");
    }
    for row in changes {
        writeln!(output, "{} {}", row.name, row.version())?;
        for Counted { outcome, before, after } in &row.counts {
            writeln!(output, "  {outcome}: {before} -> {after}")?;
        }
        row.fixed.iter().try_for_each(|fingerprint| writeln!(output, "  fixed    {fingerprint}"))?;
        row.new.iter().try_for_each(|fingerprint| writeln!(output, "  new      {fingerprint}"))?;
        for Moved { fingerprint, before, after } in &row.moved {
            writeln!(output, "  changed  {fingerprint}: in {before} cases before, in {after} now")?;
        }
    }
    Ok(())
}

/// Writes the changes as a comment on a pull request: new fingerprints first, then fixed ones.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write_markdown(changes: &[Changes], mut output: impl Write) -> io::Result<()> {
    let sum = |of: fn(&Changes) -> usize| changes.iter().map(of).sum::<usize>();
    let (new, fixed, moved) = (sum(|row| row.new.len()), sum(|row| row.fixed.len()), sum(|row| row.moved.len()));
    let mut page = Page::new(500);
    page.add(&format!("### CORS conformance: {new} new, {fixed} fixed, {moved} shown by different cases\n"));
    let add_section = |heading: &str, items_of: &dyn Fn(&Changes) -> Vec<String>, page: &mut Page| {
        let rows: Vec<_> =
            changes.iter().map(|row| (row, items_of(row))).filter(|(_, items)| !items.is_empty()).collect();
        if !rows.is_empty() {
            page.add(&format!("\n#### {heading}\n"));
        }
        for (row, items) in rows {
            page.add(&format!("\n{}\n\n", code(&format!("{} {}", row.name, row.version()))));
            items.iter().for_each(|item| page.add(&format!("- {item}\n")));
        }
    };
    add_section("New", &|row| row.new.iter().map(|fingerprint| code(fingerprint)).collect(), &mut page);
    add_section("Fixed", &|row| row.fixed.iter().map(|fingerprint| code(fingerprint)).collect(), &mut page);
    let moved = |row: &Changes| {
        let items = row.moved.iter();
        items
            .map(|Moved { fingerprint, before, after }| format!("{}: {before} cases -> {after}", code(fingerprint)))
            .collect()
    };
    add_section("Shown by different cases", &moved, &mut page);
    let counts = |row: &Changes| {
        let counts =
            row.counts.iter().map(|Counted { outcome, before, after }| format!("{outcome}: {before} -> {after}"));
        let version = (row.before != row.after).then(|| "different version".to_owned());
        version.into_iter().chain(counts).collect()
    };
    add_section("Cases by outcome", &counts, &mut page);
    let note = |omitted| format!("\n{omitted} more lines do not fit here; `compare-runs OLD NEW` shows them.\n");
    output.write_all(page.end(note).as_bytes())
}

/// Writes the changes as JSON.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write_json(changes: &[Changes], mut output: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut output, &serde_json::json!({"schema": 1, "changes": changes}))?;
    output.write_all(b"\n")
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
        Report { adapters: vec![serde_json::from_value(row).unwrap()] }
    }

    #[test]
    fn fixed_new_and_moved_fingerprints_are_told_apart() {
        let old = report("1.0", &[("a/gone", "one"), ("a/moved", "two")]);
        let new = report("1.1", &[("a/moved", "three"), ("a/new", "one")]);
        let changes = changes(&old, &new);
        assert_eq!(changes[0].fixed, ["a/gone"]);
        assert_eq!(changes[0].new, ["a/new"]);
        assert_eq!(changes[0].moved, [Moved { fingerprint: "a/moved".to_owned(), before: 1, after: 1 }]);
        assert_eq!(changes[0].counts, []);
    }

    #[test]
    fn equal_results_have_no_changes_and_a_missing_row_is_a_change() {
        let old = report("1.0", &[("a/b", "one")]);
        assert_eq!(changes(&old, &old), []);
        let gone = changes(&old, &Report { adapters: Vec::new() });
        assert_eq!((gone[0].fixed.as_slice(), &gone[0].after), (&["a/b".to_owned()][..], &None));
    }
}
