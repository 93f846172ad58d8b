//! The messages of failed tests, and the summary of a run.

use std::{cmp::Reverse, collections::BTreeMap, path::Path};

use serde_json::json;

use super::results::Results;
use crate::{
    divergence::Divergence,
    report::{reproduction::vector_file, transcript::transcript},
    rules::rule,
    search::minimise::short,
    suite::Counts,
};

/// Returns the message of a divergence: the rule, the case, the exchanges, the fix, and the entry for the baseline file at
/// the path `baseline`.
pub(super) fn full_message(divergence: &Divergence, baseline: &str) -> String {
    let Divergence { fingerprint, severity, case, evidence, .. } = divergence;
    let (requirement, fix) = rule(&divergence.rule).map_or(("", ""), |rule| (rule.requirement, rule.fix));
    let mut text = format!("{}, {severity}: {requirement}\n  {}\n", divergence.rule, evidence.message);
    let short_case = short(&case.case);
    for part in ["policy", "handler"] {
        match short_case.get(part) {
            Some(value) if *value != json!({}) => text.push_str(&format!("  {part}: {value}\n")),
            _ => {}
        }
    }
    for visit in short_case["visits"].as_array().into_iter().flatten() {
        text.push_str(&format!("  visit: {visit}\n"));
    }
    text.push_str(&transcript(&evidence.exchanges));
    let reason = evidence.reason.as_deref().map(|reason| format!("{reason}, ")).unwrap_or_default();
    text.push_str(&format!("  fix: {fix}\n  standard: {reason}{}\n", evidence.spec));
    let entry = format!(r#"{{ "fingerprint": {}, "reason": "", "link": "" }}"#, json!(fingerprint));
    text.push_str(&baseline_hint(&entry, baseline));
    if case.id.starts_with("found/") {
        text.push_str(&format!("  the case as a file of vectors:\n{}", vector_file(divergence)));
    }
    text
}

fn baseline_hint(entry: &str, baseline: &str) -> String {
    if Path::new(baseline).is_file() {
        format!("  to expect this divergence, add to {baseline}, with a reason and a link:\n    {entry}\n")
    } else {
        let file = format!(r#"{{ "schema": 1, "entries": [{entry}] }}"#);
        format!("  to expect this divergence, write {baseline}, with a reason and a link:\n    {file}\n")
    }
}

/// Returns the message of a divergence that the test `earlier` has reported in full.
pub(super) fn short_message(divergence: &Divergence, earlier: &str) -> String {
    format!("{}: {}\n  see the test `{earlier}`\n", divergence.rule, divergence.evidence.message)
}

/// Returns the number of vectors by outcome, and one line per fingerprint.
pub(super) fn summary(results: &Results) -> String {
    let (report, search) = results.so_far();
    let Counts { cases, conform, diverge, unsupported, rejected, inconclusive, broken } = report.counts;
    let mut text = format!(
        "{}: {cases} vectors: {conform} conform, {diverge} diverge, {unsupported} unsupported, {rejected} rejected, \
         {inconclusive} inconclusive, {broken} broken",
        report.name
    );
    if let Some(search) = search {
        text.push_str(&format!("; {} generated cases, seed {}", search.cases, results.settings.seed));
    }
    text.push('\n');
    let divergences = report.divergences.iter().chain(search.into_iter().flat_map(|search| &search.divergences));
    let mut by_fingerprint: BTreeMap<_, (&Divergence, usize)> = BTreeMap::new();
    for divergence in divergences {
        let key = (Reverse(divergence.severity), &divergence.fingerprint);
        by_fingerprint.entry(key).or_insert((divergence, 0)).1 += 1;
    }
    for (divergence, times) in by_fingerprint.values() {
        let expected = if results.expects(divergence) { ", expected" } else { "" };
        let Divergence { severity, fingerprint, case, .. } = divergence;
        text.push_str(&format!("  {severity}  {fingerprint}  ({times}{expected}; for example {})\n", case.id));
    }
    text
}
