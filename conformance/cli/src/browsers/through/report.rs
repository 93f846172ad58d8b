//! The report of a middleware in front of a browser.

use std::io::{self, Write};

use serde_json::json;

use super::{
    Outcome, Ran, Row,
    grants::{Grant, Kind},
};
use crate::browsers::{compare::Agreement, report::write_disagreements};

/// Every case that ran.
pub(crate) fn ran(rows: &[Row]) -> impl Iterator<Item = &Ran> {
    rows.iter().flat_map(|row| match &row.outcome {
        Outcome::Ran(ran) => ran.as_slice(),
        Outcome::Unsupported(_) | Outcome::Rejected(_) => &[],
    })
}

/// Writes a table with a line a policy, then what disagrees with the model, then what is against the policy; at
/// most `show` of each whole.
pub(crate) fn write(rows: &[Row], show: usize, mut output: impl Write) -> io::Result<()> {
    writeln!(output, "{:31}  the browser beside the model         what the policy says of it", "")?;
    writeln!(
        output,
        "{:31}  agree  known deviation  disagree     serves  over-grant  under-grant  by deviation  open",
        "policy"
    )?;
    for row in rows {
        match &row.outcome {
            Outcome::Ran(ran) => write_row(row.name, ran.iter(), &mut output)?,
            Outcome::Unsupported(why) => writeln!(output, "{:31}  {} unsupported: {why}", row.name, row.cases)?,
            Outcome::Rejected(why) => writeln!(output, "{:31}  {} rejected: {}", row.name, row.cases, one_line(why))?,
        }
    }
    write_row("all", ran(rows), &mut output)?;
    write_disagreements(ran(rows).map(|ran| &ran.compared), show, &mut output)?;
    write_grants(ran(rows), show, &mut output)?;
    write_by_deviation(ran(rows), &mut output)?;
    output.flush()
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn write_row<'a>(name: &str, ran: impl Iterator<Item = &'a Ran>, output: &mut impl Write) -> io::Result<()> {
    let [mut agree, mut known, mut disagree, mut serves, mut over, mut under, mut deviation, mut open] = [0usize; 8];
    for ran in ran {
        *match ran.compared.agreement {
            Agreement::Agree => &mut agree,
            Agreement::KnownDeviation => &mut known,
            Agreement::Disagree => &mut disagree,
        } += 1;
        // A case counts once, by the worst of it.
        *match ran.grants.iter().map(|grant| grant.kind).min_by_key(|kind| *kind == Kind::Under) {
            Some(Kind::Over) => &mut over,
            Some(Kind::Under) => &mut under,
            None if !ran.by_deviation.is_empty() => &mut deviation,
            None if ran.is_open => &mut open,
            None => &mut serves,
        } += 1;
    }
    writeln!(
        output,
        "{name:31}  {agree:5}  {known:15}  {disagree:8}     {serves:6}  {over:10}  {under:11}  {deviation:12}  {open:4}"
    )
}

fn write_grants<'a>(ran: impl Iterator<Item = &'a Ran>, show: usize, output: &mut impl Write) -> io::Result<()> {
    let against: Vec<&Ran> = ran.filter(|ran| !ran.grants.is_empty()).collect();
    for ran in against.iter().take(show) {
        for Grant { kind, message } in &ran.grants {
            writeln!(output, "\n{kind}  {}\n  {message}", ran.compared.id)?;
        }
        writeln!(output, "  policy   {}", json!(ran.case.policy))?;
        for (visit, seen) in ran.case.visits.iter().zip(&ran.compared.browser) {
            writeln!(output, "  visit    {}\n  browser  {}", json!(visit), json!(seen))?;
        }
    }
    let hidden = against.len().saturating_sub(show);
    if hidden > 0 {
        writeln!(output, "\nand {hidden} more against their policy: --show {}", against.len())?;
    }
    Ok(())
}

/// What is the browser's doing and not the middleware's.
fn write_by_deviation<'a>(ran: impl Iterator<Item = &'a Ran>, output: &mut impl Write) -> io::Result<()> {
    let mut heading =
        Some("\nAgainst the policy by a known deviation of the browser, which is not the middleware's:\n");
    for ran in ran {
        for Grant { kind, message } in &ran.by_deviation {
            write!(output, "{}", heading.take().unwrap_or_default())?;
            writeln!(output, "  {kind}  {}  {}\n    {message}", ran.compared.id, json!(ran.deviations))?;
        }
    }
    Ok(())
}
