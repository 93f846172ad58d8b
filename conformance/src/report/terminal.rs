//! The report for a terminal: at most two screens, unless all kinds of divergence are shown in full.

use std::io::{self, Write};

use cors_reference::spec::FETCH_COMMIT;

use super::{
    by_fingerprint::{FingerprintGroup, group_by_fingerprint},
    replay,
    reproduction::file_name,
    transcript::write_message,
};
use crate::{
    divergence::Divergence,
    rules::{Class, rule},
    suite::{AdapterReport, Counts, Report},
};

/// Returns the number of kinds of divergence that are shown in full: fewer below a long table.
fn full_entries(rows: usize) -> usize {
    if rows > 10 { 1 } else { 4 }
}

/// The options of the report.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// The command that runs this program, such as `cargo run --`.
    pub program: &'a str,
    /// True if every kind of divergence is shown in full.
    pub all: bool,
    /// What ran, such as `677 vectors`.
    pub what: &'a str,
    /// Where the reader finds the kinds of divergence that are not shown in full.
    pub rest: &'a str,
    /// The folder of the vector files, unless the vectors are those of this crate.
    pub folder: Option<&'a str>,
}

/// Returns the number of vectors with its noun, such as `677 vectors`.
pub fn vector_count(report: &Report) -> String {
    let cases = report.adapters.iter().map(|adapter| adapter.counts.cases).max().unwrap_or(0);
    format!("{cases} {}", if cases == 1 { "vector" } else { "vectors" })
}

/// Writes the report.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(report: &Report, style: Style<'_>, mut output: impl Write) -> io::Result<()> {
    if report.adapters.is_empty() {
        return Ok(());
    }
    writeln!(output, "{}, judged by the Fetch standard at {}\n", style.what, &FETCH_COMMIT[..9])?;
    write_matrix(report, &mut output)?;
    write_remarks(report, style, &mut output)?;
    let groups = group_by_fingerprint(report);
    if groups.is_empty() {
        return writeln!(output, "\nNo divergence.");
    }
    let known = groups.iter().filter(|group| group.example.known).count();
    let kinds = if groups.len() == 1 { "kind" } else { "kinds" };
    writeln!(output, "\n{} {kinds} of divergence, {known} in the baseline; the worst first:", groups.len())?;
    let (shown, rest) = match style.all {
        true => (&groups[..], &[][..]),
        false => groups.split_at(groups.len().min(full_entries(report.adapters.len()))),
    };
    shown.iter().try_for_each(|group| write_group(group, style, &mut output))?;
    if !rest.is_empty() {
        writeln!(output, "\nOther kinds, {}:", style.rest)?;
        write_rest(rest, &mut output)?;
    }
    Ok(())
}

/// Writes groups by rule, with the names of their adapters.
fn write_rest(groups: &[FingerprintGroup<'_>], output: &mut impl Write) -> io::Result<()> {
    const MAX_ADAPTERS: usize = 5;
    let mut by_rule: Vec<(&Divergence, usize, Vec<&str>)> = Vec::new();
    for group in groups {
        let (divergence, adapter) = (group.example, group.adapter.name.as_str());
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
        let more = adapters.len().saturating_sub(MAX_ADAPTERS);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        adapters.truncate(MAX_ADAPTERS);
        writeln!(output, "  {:8}  {}  {kinds}: {}{more}", divergence.severity, divergence.rule, adapters.join(", "))?;
    }
    Ok(())
}

/// Writes a table with a row per middleware: cases by outcome, and diverging cases by class.
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

/// Writes why cases did not run. With many middlewares, only failures of the harness are shown.
fn write_remarks(report: &Report, style: Style<'_>, output: &mut impl Write) -> io::Result<()> {
    let shows_all = style.all || report.adapters.len() <= 3;
    let remarks = |adapter| AdapterReport::remarks(adapter).into_iter().map(move |remark| (adapter, remark));
    let remarks = report.adapters.iter().flat_map(remarks);
    let shown: Vec<_> = remarks.filter(|(_, remark)| shows_all || remark.is_broken()).collect();
    if !shown.is_empty() {
        writeln!(output)?;
    }
    for (adapter, remark) in shown {
        writeln!(output, "{}: {remark}", adapter.name)?;
    }
    if !shows_all {
        let program = style.program;
        writeln!(output, "\nTo see why policies are unsupported or rejected: `{program} run --adapter NAME`.")?;
    }
    Ok(())
}

fn write_group(group: &FingerprintGroup<'_>, style: Style<'_>, output: &mut impl Write) -> io::Result<()> {
    let divergence = group.example;
    let known = if divergence.known { ", in the baseline" } else { "" };
    writeln!(output, "\n{}  {}  ({}{known})", divergence.severity, divergence.fingerprint, group.case_count())?;
    writeln!(output, "  {}", divergence.evidence.message)?;
    if let Some(rule) = rule(&divergence.rule) {
        writeln!(output, "  rule: {}", rule.requirement)?;
    }
    let reason = divergence.evidence.reason.as_deref().map(|reason| format!("{reason}, ")).unwrap_or_default();
    writeln!(output, "  standard: {reason}{}", divergence.evidence.spec)?;
    for message in &divergence.evidence.exchanges {
        write_message(message, output)?;
    }
    let replay = match style.folder {
        Some(folder) => {
            let vector = format!("{folder}/{}.json", file_name(&divergence.fingerprint));
            replay::command(style.program, group.adapter, &vector)
        }
        None => group.replay_command(style.program),
    };
    writeln!(output, "  replay: {replay}")
}
