//! The report for a terminal: a screen or two.

use std::io::{self, Write};

use cors_reference::spec::FETCH_COMMIT;

use super::{
    by_fingerprint::{FingerprintGroup, group_by_fingerprint},
    replay::adapter_option,
    reproduction::file_name,
    transcript::write_message,
};
use crate::{
    divergence::Divergence,
    rules::{Class, rule},
    suite::{AdapterReport, Counts, Remark, Report},
};

/// How many kinds of divergences are shown whole, below a long table or a short one.
fn shown_whole(rows: usize) -> usize {
    if rows > 10 { 1 } else { 4 }
}

/// How the report is written.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// The command that runs this program, such as `cargo run --`.
    pub program: &'a str,
    /// Whether every kind of divergence is shown whole.
    pub all: bool,
    /// What was run, such as `677 vectors`.
    pub what: &'a str,
    /// Where the kinds that are not shown are.
    pub rest: &'a str,
    /// The folder that the vectors are files of, where they are not those that come with this crate.
    pub folder: Option<&'a str>,
}

/// What was run, where that was vectors.
pub fn vectors_of(report: &Report) -> String {
    let cases = report.adapters.iter().map(|adapter| adapter.counts.cases).max().unwrap_or(0);
    format!("{cases} {}", if cases == 1 { "vector" } else { "vectors" })
}

/// Writes the report.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, style: Style<'_>, mut output: impl Write) -> io::Result<()> {
    if report.adapters.is_empty() {
        return Ok(());
    }
    writeln!(output, "{}, judged by the Fetch standard at {}\n", style.what, &FETCH_COMMIT[..9])?;
    write_matrix(report, &mut output)?;
    write_remarks(report, style, &mut output)?;
    let kinds = group_by_fingerprint(report);
    if kinds.is_empty() {
        return writeln!(output, "\nNo divergence.");
    }
    let known = kinds.iter().filter(|kind| kind.example.known).count();
    let kinds_of = if kinds.len() == 1 { "kind" } else { "kinds" };
    writeln!(output, "\n{} {kinds_of} of divergence, {known} in the baseline; the worst first:", kinds.len())?;
    let shown = if style.all { kinds.len() } else { shown_whole(report.adapters.len()) };
    for kind in kinds.iter().take(shown) {
        write_kind(kind, style, &mut output)?;
    }
    if kinds.len() > shown {
        writeln!(output, "\nAnd, {}:", style.rest)?;
        write_rest(&kinds[shown..], &mut output)?;
    }
    Ok(())
}

/// The kinds that are not shown whole, by rule, with whose they are.
fn write_rest(kinds: &[FingerprintGroup<'_>], output: &mut impl Write) -> io::Result<()> {
    let mut by_rule: Vec<(&Divergence, usize, Vec<&str>)> = Vec::new();
    for kind in kinds {
        let (divergence, adapter) = (kind.example, kind.adapter.name.as_str());
        let same = |other: &Divergence| (other.severity, &other.rule) == (divergence.severity, &divergence.rule);
        match by_rule.iter_mut().find(|(other, ..)| same(other)) {
            Some((_, count, adapters)) => {
                *count += 1;
                adapters.extend(Some(adapter).filter(|adapter| !adapters.contains(adapter)));
            }
            None => by_rule.push((divergence, 1, vec![adapter])),
        }
    }
    for (divergence, count, mut adapters) in by_rule {
        adapters.sort_unstable();
        let kinds = if count == 1 { "1 kind".to_owned() } else { format!("{count} kinds") };
        let more = adapters.len().saturating_sub(5);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        adapters.truncate(5);
        writeln!(output, "  {:8}  {}  {kinds}: {}{more}", divergence.severity, divergence.rule, adapters.join(", "))?;
    }
    Ok(())
}

/// Cases by outcome, and those that diverge by class: a row a middleware.
fn write_matrix(report: &Report, output: &mut impl Write) -> io::Result<()> {
    let outcomes = ["conform", "diverge", "unsup-ported", "rejected", "incon-clusive", "broken"];
    let classes = Class::ALL.map(|class| match class {
        Class::OverGrant => "over-grant",
        Class::UnderGrant => "under-grant",
        Class::CacheUnsafe => "cache-unsafe",
        Class::Interference => "inter-ference",
        Class::MissingOnError => "missing-on error",
        Class::UnsafeConfig => "unsafe-config",
        Class::Hygiene => "hy-giene",
        Class::Robustness => "robust-ness",
    });
    let halves = |title: &'static str| title.split_once('-').map_or(("", title), |(one, other)| (one, other));
    let columns: Vec<(&str, &str)> = outcomes.into_iter().chain(classes).map(halves).collect();
    let width_of = |(one, other): &(&str, &str)| one.len().max(other.len()) + usize::from(!one.is_empty());
    let name = |adapter: &AdapterReport| format!("{} {}", adapter.name, adapter.version);
    let width = report.adapters.iter().map(|adapter| name(adapter).len()).max().unwrap_or(0).max(18);
    let gap = |index: usize| if index == outcomes.len() { "   " } else { "  " };

    write!(output, "{:width$}", "")?;
    for (index, column) in columns.iter().enumerate() {
        let (hyphen, width) =
            (if column.0.is_empty() { String::new() } else { format!("{}-", column.0) }, width_of(column));
        write!(output, "{}{hyphen:>width$}", gap(index))?;
    }
    write!(output, "\n{:width$}", "cases by outcome")?;
    for (index, column) in columns.iter().enumerate() {
        let width = width_of(column);
        write!(output, "{}{:>width$}", gap(index), column.1)?;
    }
    writeln!(output)?;
    for adapter in &report.adapters {
        let Counts { cases: _, conform, diverge, unsupported, rejected, inconclusive, broken } = adapter.counts;
        let of_classes = Class::ALL.map(|class| adapter.cases_of(class));
        let numbers = [conform, diverge, unsupported, rejected, inconclusive, broken].into_iter().chain(of_classes);
        write!(output, "{:width$}", name(adapter))?;
        for (index, (column, number)) in columns.iter().zip(numbers).enumerate() {
            let (shown, width) = (if number == 0 { "·".to_owned() } else { number.to_string() }, width_of(column));
            write!(output, "{}{shown:>width$}", gap(index))?;
        }
        writeln!(output)?;
    }
    Ok(())
}

/// Why cases were not run; of many middlewares it is too much to read unless it is asked for.
fn write_remarks(report: &Report, style: Style<'_>, output: &mut impl Write) -> io::Result<()> {
    let is_short = style.all || report.adapters.len() <= 3;
    let is_shown = |remark: &Remark| is_short || remark.is_broken();
    let of_row = |adapter| AdapterReport::remarks(adapter).into_iter().map(move |remark| (adapter, remark));
    let shown: Vec<_> = report.adapters.iter().flat_map(of_row).filter(|(_, remark)| is_shown(remark)).collect();
    if !shown.is_empty() {
        writeln!(output)?;
    }
    for (adapter, remark) in shown {
        writeln!(output, "{}: {remark}", adapter.name)?;
    }
    if !is_short {
        writeln!(output, "\nWhy policies are unsupported or rejected: `{} run --adapter NAME`.", style.program)?;
    }
    Ok(())
}

fn write_kind(kind: &FingerprintGroup<'_>, style: Style<'_>, output: &mut impl Write) -> io::Result<()> {
    let divergence = kind.example;
    let known = if divergence.known { ", in the baseline" } else { "" };
    writeln!(output, "\n{}  {}  ({}{known})", divergence.severity, divergence.fingerprint, kind.case_count())?;
    writeln!(output, "  {}", divergence.evidence.message)?;
    if let Some(rule) = rule(&divergence.rule) {
        writeln!(output, "  rule: {}", rule.requirement)?;
    }
    let reason = divergence.evidence.reason.as_deref().map(|reason| format!("{reason}, ")).unwrap_or_default();
    writeln!(output, "  standard: {reason}{}", divergence.evidence.spec)?;
    for message in &divergence.evidence.exchanges {
        write_message(message, output)?;
    }
    let vector = match style.folder {
        Some(folder) => format!("{folder}/{}.json", file_name(&divergence.fingerprint)),
        None => divergence.case.id.clone(),
    };
    writeln!(output, "  replay: {} run {} --vector {vector}", style.program, adapter_option(kind.adapter))
}
