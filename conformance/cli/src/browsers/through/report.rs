//! The report of a middleware in front of a browser.

use std::io::{self, Write};

use cors_conformance::rules::Deviation;
use serde_json::json;

use super::{
    grants::Mismatch,
    result::{CaseResult, GroupOutcome, GroupResult},
};
use crate::browsers::{compare::Agreement, report::write_disagreements};

/// Returns the results of all cases that ran.
pub(crate) fn case_results(groups: &[GroupResult]) -> impl Iterator<Item = &CaseResult> {
    groups.iter().flat_map(|group| match &group.outcome {
        GroupOutcome::Ran(results) => results.as_slice(),
        GroupOutcome::Unsupported(_) | GroupOutcome::Rejected(_) => &[],
    })
}

/// Writes a table with a row for each policy, then the disagreements with the model, then the mismatches with the policy.
///
/// At most `show` of each are written in full.
pub(crate) fn write(groups: &[GroupResult], show: usize, mut output: impl Write) -> io::Result<()> {
    writeln!(output, "{:31}  browser and model                    page and policy", "")?;
    writeln!(
        output,
        "{:31}  agree  known deviation  disagree     serves  over-grant  under-grant  by deviation  unspecified",
        "policy"
    )?;
    for GroupResult { name, cases, outcome } in groups {
        match outcome {
            GroupOutcome::Ran(results) => write_row(name, results.iter(), &mut output)?,
            GroupOutcome::Unsupported(reason) => writeln!(output, "{name:31}  {cases} unsupported: {reason}")?,
            GroupOutcome::Rejected(message) => writeln!(output, "{name:31}  {cases} rejected: {}", one_line(message))?,
        }
    }
    write_row("all", case_results(groups), &mut output)?;
    write_disagreements(case_results(groups).map(|result| &result.comparison), show, &mut output)?;
    write_mismatches(case_results(groups), show, &mut output)?;
    write_by_deviation(case_results(groups), &mut output)?;
    output.flush()
}

/// Joins the lines of a message.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Writes the number of cases of each kind.
fn write_row<'a>(name: &str, results: impl Iterator<Item = &'a CaseResult>, output: &mut impl Write) -> io::Result<()> {
    let [mut agree, mut known, mut disagree, mut serves, mut over, mut under, mut deviation, mut unspecified] =
        [0usize; 8];
    for result in results {
        *match result.comparison.agreement {
            Agreement::Agree => &mut agree,
            Agreement::KnownDeviation => &mut known,
            Agreement::Disagree => &mut disagree,
        } += 1;
        // Each case counts once. An over-grant takes precedence.
        let deviations = result.mismatches.iter().map(|mismatch| mismatch.deviation);
        *match deviations.min_by_key(|deviation| *deviation == Deviation::UnderGrant) {
            Some(Deviation::OverGrant) => &mut over,
            Some(Deviation::UnderGrant) => &mut under,
            None if !result.by_deviation.is_empty() => &mut deviation,
            None if result.is_unspecified => &mut unspecified,
            None => &mut serves,
        } += 1;
    }
    writeln!(
        output,
        "{name:31}  {agree:5}  {known:15}  {disagree:8}     {serves:6}  {over:10}  {under:11}  {deviation:12}  {unspecified:11}"
    )
}

/// Writes the cases with mismatches, at most `show` of them.
fn write_mismatches<'a>(
    results: impl Iterator<Item = &'a CaseResult>,
    show: usize,
    output: &mut impl Write,
) -> io::Result<()> {
    let mismatching: Vec<&CaseResult> = results.filter(|result| !result.mismatches.is_empty()).collect();
    for result in mismatching.iter().take(show) {
        for Mismatch { deviation, message } in &result.mismatches {
            writeln!(output, "\n{deviation}  {}\n  {message}", result.comparison.id)?;
        }
        writeln!(output, "  policy   {}", json!(result.case.policy))?;
        for (visit, seen) in result.case.visits.iter().zip(&result.comparison.browser) {
            writeln!(output, "  visit    {}\n  browser  {}", json!(visit), json!(seen))?;
        }
    }
    let hidden = mismatching.len().saturating_sub(show);
    if hidden > 0 {
        writeln!(output, "\nand {hidden} more cases that do not match their policy: --show {}", mismatching.len())?;
    }
    Ok(())
}

/// Writes the mismatches that the browser causes, not the middleware.
fn write_by_deviation<'a>(results: impl Iterator<Item = &'a CaseResult>, output: &mut impl Write) -> io::Result<()> {
    let mut heading = Some(
        "\nMismatches with the policy because of known deviations of the browser, not because of the middleware:\n",
    );
    for result in results {
        for Mismatch { deviation, message } in &result.by_deviation {
            write!(output, "{}", heading.take().unwrap_or_default())?;
            writeln!(output, "  {deviation}  {}  {}\n    {message}", result.comparison.id, json!(result.deviations))?;
        }
    }
    Ok(())
}
