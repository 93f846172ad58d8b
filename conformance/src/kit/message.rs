//! What a red test says, and the last lines of a run.

use std::{collections::BTreeMap, path::Path};

use serde_json::json;

use super::results::Results;
use crate::{
    divergence::Divergence,
    report::{reproduction::vector_file, transcript::transcript},
    rules::rule,
    search::minimise::short,
};

/// A divergence whole: what is wrong and how it is mended, then the evidence, and how it is expected for now.
pub(super) fn red(divergence: &Divergence, baseline: &str) -> String {
    let Divergence { fingerprint, severity, case, evidence, .. } = divergence;
    let (requirement, fix) = rule(&divergence.rule).map_or(("", ""), |rule| (rule.requirement, rule.fix));
    let mut text = format!("{}, {severity}: {requirement}\n  {}\n", divergence.rule, evidence.message);
    let case = short(&case.case);
    for part in ["policy", "handler"] {
        match case.get(part) {
            Some(value) if *value != json!({}) => text.push_str(&format!("  {part}: {value}\n")),
            _ => {}
        }
    }
    for visit in case["visits"].as_array().into_iter().flatten() {
        text.push_str(&format!("  visit: {visit}\n"));
    }
    text.push_str(&transcript(&evidence.exchanges));
    let reason = evidence.reason.as_deref().map(|reason| format!("{reason}, ")).unwrap_or_default();
    text.push_str(&format!("  fix: {fix}\n  standard: {reason}{}\n", evidence.spec));
    let entry = format!(r#"{{ "fingerprint": {}, "reason": "", "link": "" }}"#, json!(fingerprint));
    text.push_str(&expect_for_now(&entry, baseline));
    if divergence.case.id.starts_with("found/") {
        text.push_str(&format!("  the case as a file of vectors:\n{}", vector_file(divergence)));
    }
    text
}

fn expect_for_now(entry: &str, baseline: &str) -> String {
    if Path::new(baseline).is_file() {
        format!("  to expect it for now, add to the entries of {baseline}, with a reason and a link:\n    {entry}\n")
    } else {
        let file = format!(r#"{{ "schema": 1, "entries": [{entry}] }}"#);
        format!("  to expect it for now, write {baseline}, with a reason and a link:\n    {file}\n")
    }
}

/// A divergence that another test told whole.
pub(super) fn again(divergence: &Divergence, earlier: &str) -> String {
    format!("{}: {}\n  as in the test `{earlier}`\n", divergence.rule, divergence.evidence.message)
}

/// Counts, the kinds that were found, and why tests were ignored.
pub(super) fn summary(results: &Results) -> String {
    let (report, searched) = results.so_far();
    let counts = &report.counts;
    let mut text = format!(
        "{}: of {} vectors {} conform, {} diverge, {} are unsupported, {} rejected, {} inconclusive, {} broken",
        report.name,
        counts.cases,
        counts.conform,
        counts.diverge,
        counts.unsupported,
        counts.rejected,
        counts.inconclusive,
        counts.broken
    );
    if let Some(searched) = searched {
        text.push_str(&format!("; {} generated cases, seed {}", searched.asked, results.kit.seed));
    }
    text.push('\n');
    let found = report.divergences.iter().chain(searched.into_iter().flat_map(|searched| &searched.found));
    let mut kinds: BTreeMap<_, (&Divergence, usize)> = BTreeMap::new();
    for divergence in found {
        let of_kind =
            kinds.entry((std::cmp::Reverse(divergence.severity), &divergence.fingerprint)).or_insert((divergence, 0));
        of_kind.1 += 1;
    }
    for (divergence, times) in kinds.values() {
        let expected = if results.expects(divergence) { ", expected" } else { "" };
        let Divergence { severity, fingerprint, case, .. } = divergence;
        text.push_str(&format!("  {severity}  {fingerprint}  ({times}{expected}; such as {})\n", case.id));
    }
    text
}
