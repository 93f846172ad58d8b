//! What changed between two results: fixed, new, and counted otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::Serialize;

use super::markup::{Page, code};
use crate::suite::{AdapterReport, Report};

/// What changed of one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The adapter.
    pub name: String,
    /// Its version before; nothing where there was no such row.
    pub before: Option<String>,
    /// Its version now; nothing where there is no such row.
    pub after: Option<String>,
    /// Fingerprints that are gone.
    pub fixed: Vec<String>,
    /// Fingerprints that were not there before.
    pub new: Vec<String>,
    /// Fingerprints that other cases show than before.
    pub moved: Vec<Moved>,
    /// Outcomes whose count changed.
    pub counts: Vec<Counted>,
}

/// A fingerprint that other cases show than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Which.
    pub fingerprint: String,
    /// How many cases showed it.
    pub before: usize,
    /// How many do.
    pub after: usize,
}

/// A number of cases that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Of which outcome; `cases` is all of them.
    pub outcome: &'static str,
    /// How many there were.
    pub before: usize,
    /// How many there are.
    pub after: usize,
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
        Some(Moved { fingerprint: (*print).to_owned(), before: cases.len(), after: now.len() })
    });
    let counts = counts(before).into_iter().zip(counts(after));
    let counts = counts.filter(|((_, before), (_, after))| before != after);
    let changes = Changes {
        name: name.to_owned(),
        before: before.map(|row| row.version.clone()),
        after: after.map(|row| row.version.clone()),
        fixed: only(&were, &are),
        new: only(&are, &were),
        moved: moved.collect(),
        counts: counts.map(|((outcome, before), (_, after))| Counted { outcome, before, after }).collect(),
    };
    (!changes.is_empty()).then_some(changes)
}

impl Changes {
    /// Whether nothing changed that is told: what a case was told by may have.
    fn is_empty(&self) -> bool {
        let Self { name: _, before, after, fixed, new, moved, counts } = self;
        before == after && [fixed, new].iter().all(|list| list.is_empty()) && moved.is_empty() && counts.is_empty()
    }

    /// Its version, or from which to which.
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
        writeln!(output, "{} {}", row.name, row.version())?;
        for Counted { outcome, before, after } in &row.counts {
            writeln!(output, "  {outcome}: {before} -> {after}")?;
        }
        row.fixed.iter().try_for_each(|print| writeln!(output, "  fixed    {print}"))?;
        row.new.iter().try_for_each(|print| writeln!(output, "  new      {print}"))?;
        for Moved { fingerprint, before, after } in &row.moved {
            writeln!(output, "  changed  {fingerprint}: in {before} cases before, in {after} now")?;
        }
    }
    Ok(())
}

/// Writes what changed as a comment on a pull request: what is new first, then what is fixed.
///
/// # Errors
///
/// Those of writing.
pub fn write_markdown(changes: &[Changes], mut output: impl Write) -> io::Result<()> {
    let sum = |of: fn(&Changes) -> usize| changes.iter().map(of).sum::<usize>();
    let (new, fixed, moved) = (sum(|row| row.new.len()), sum(|row| row.fixed.len()), sum(|row| row.moved.len()));
    let mut page = Page::new(500);
    page.add(&format!("### CORS conformance: {new} new, {fixed} fixed, {moved} shown by other cases\n"));
    let told = |heading: &str, of: &dyn Fn(&Changes) -> Vec<String>, page: &mut Page| {
        let rows: Vec<_> = changes.iter().map(|row| (row, of(row))).filter(|(_, items)| !items.is_empty()).collect();
        if !rows.is_empty() {
            page.add(&format!("\n#### {heading}\n"));
        }
        for (row, items) in rows {
            page.add(&format!("\n{}\n\n", code(&format!("{} {}", row.name, row.version()))));
            items.iter().for_each(|item| page.add(&format!("- {item}\n")));
        }
    };
    told("New", &|row| row.new.iter().map(|print| code(print)).collect(), &mut page);
    told("Fixed", &|row| row.fixed.iter().map(|print| code(print)).collect(), &mut page);
    let moved = |row: &Changes| {
        let items = row.moved.iter();
        items
            .map(|Moved { fingerprint, before, after }| format!("{}: {before} cases -> {after}", code(fingerprint)))
            .collect()
    };
    told("Shown by other cases", &moved, &mut page);
    let counts = |row: &Changes| {
        let counts =
            row.counts.iter().map(|Counted { outcome, before, after }| format!("{outcome}: {before} -> {after}"));
        let version = (row.before != row.after).then(|| "another version".to_owned());
        version.into_iter().chain(counts).collect()
    };
    told("Cases by outcome", &counts, &mut page);
    let left_out = |left_out| format!("\n{left_out} lines more did not fit here: `compare-runs OLD NEW` shows them.\n");
    output.write_all(page.end(left_out).as_bytes())
}

/// Writes what changed as one JSON text.
///
/// # Errors
///
/// Those of writing.
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
        serde_json::from_value(serde_json::json!({"schema": 1, "adapters": [row]})).unwrap()
    }

    #[test]
    fn what_is_gone_what_is_new_and_what_moved_is_told_apart() {
        let old = report("1.0", &[("a/gone", "one"), ("a/moved", "two")]);
        let new = report("1.1", &[("a/moved", "three"), ("a/new", "one")]);
        let changes = changes(&old, &new);
        assert_eq!(changes[0].fixed, ["a/gone"]);
        assert_eq!(changes[0].new, ["a/new"]);
        assert_eq!(changes[0].moved, [Moved { fingerprint: "a/moved".to_owned(), before: 1, after: 1 }]);
        assert_eq!(changes[0].counts, []);
    }

    #[test]
    fn equal_results_change_nothing_and_a_row_that_is_gone_is_told() {
        let old = report("1.0", &[("a/b", "one")]);
        assert_eq!(changes(&old, &old), []);
        let gone = changes(&old, &Report { schema: 1, adapters: Vec::new() });
        assert_eq!((gone[0].fixed.as_slice(), &gone[0].after), (&["a/b".to_owned()][..], &None));
    }
}
