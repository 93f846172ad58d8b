//! The report for a terminal: a screen or two.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use cors_reference::spec::FETCH_COMMIT;

use crate::{
    divergence::{Divergence, Message},
    rules::{Class, rule},
    suite::{AdapterReport, Counts, Report},
};

/// How many kinds of divergences are shown whole.
const SHOWN: usize = 4;

/// How the report is written.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// The command that runs this program, such as `cargo run --`.
    pub program: &'a str,
    /// Whether every kind of divergence is shown whole.
    pub all: bool,
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
    let cases = report.adapters.iter().map(|adapter| adapter.counts.cases).max().unwrap_or(0);
    let vectors = if cases == 1 { "vector" } else { "vectors" };
    writeln!(output, "{cases} {vectors}, judged by the Fetch standard at {}\n", &FETCH_COMMIT[..9])?;
    write_matrix(report, &mut output)?;
    let remarks: Vec<_> = report.adapters.iter().flat_map(|a| a.remarks.iter().map(|r| (&a.name, r))).collect();
    if !remarks.is_empty() {
        writeln!(output)?;
    }
    for (name, remark) in remarks {
        writeln!(output, "{name}: {remark}")?;
    }
    let kinds = kinds(report);
    if kinds.is_empty() {
        return writeln!(output, "\nNo divergence.");
    }
    let known = kinds.iter().filter(|of_kind| of_kind[0].known).count();
    let kinds_of = if kinds.len() == 1 { "kind" } else { "kinds" };
    writeln!(output, "\n{} {kinds_of} of divergence, {known} in the baseline; the worst first:", kinds.len())?;
    let shown = if style.all { kinds.len() } else { SHOWN };
    for of_kind in kinds.iter().take(shown) {
        write_kind(of_kind, style, &mut output)?;
    }
    if kinds.len() > shown {
        writeln!(output, "\nAnd, shown whole by `{} run --all`:", style.program)?;
        for of_kind in kinds.iter().skip(shown) {
            writeln!(output, "  {:8}  {}  {}", of_kind[0].severity, of_kind[0].fingerprint, count(of_kind))?;
        }
    }
    Ok(())
}

fn write_matrix(report: &Report, output: &mut impl Write) -> io::Result<()> {
    let outcomes = ["cases", "conform", "diverge", "unsupported", "rejected", "inconclusive", "broken"];
    let counts = |adapter: &AdapterReport| {
        let Counts { cases, conform, diverge, unsupported, rejected, inconclusive, broken } = adapter.counts;
        [cases, conform, diverge, unsupported, rejected, inconclusive, broken].to_vec()
    };
    write_table("cases by outcome", &outcomes, report, counts, output)?;
    writeln!(output)?;
    let classes = Class::ALL.map(|class| class.to_string());
    let of_class = |adapter: &AdapterReport| Class::ALL.map(|class| adapter.cases_of(class)).to_vec();
    write_table("cases that diverge", &classes, report, of_class, output)
}

/// A row a middleware, a number a column.
fn write_table(
    title: &str,
    columns: &[impl AsRef<str>],
    report: &Report,
    numbers: impl Fn(&AdapterReport) -> Vec<usize>,
    output: &mut impl Write,
) -> io::Result<()> {
    let name = |adapter: &AdapterReport| format!("{} {}", adapter.name, adapter.version);
    let width = report.adapters.iter().map(|adapter| name(adapter).len()).max().unwrap_or(0).max(18);
    write!(output, "{title:width$}")?;
    for column in columns {
        write!(output, "  {}", column.as_ref())?;
    }
    writeln!(output)?;
    for adapter in &report.adapters {
        write!(output, "{:width$}", name(adapter))?;
        for (column, number) in columns.iter().zip(numbers(adapter)) {
            write!(output, "  {number:0$}", column.as_ref().len())?;
        }
        writeln!(output)?;
    }
    Ok(())
}

/// The divergences by fingerprint, the worst and the new ones first.
fn kinds(report: &Report) -> Vec<Vec<&Divergence>> {
    let mut kinds: BTreeMap<&str, Vec<&Divergence>> = BTreeMap::new();
    for divergence in report.adapters.iter().flat_map(|adapter| &adapter.divergences) {
        kinds.entry(&divergence.fingerprint).or_default().push(divergence);
    }
    let mut kinds: Vec<_> = kinds.into_values().collect();
    for of_kind in &mut kinds {
        // The shortest story tells it best.
        of_kind.sort_by_key(|divergence| divergence.evidence.exchanges.len());
    }
    kinds.sort_by_key(|of_kind| (std::cmp::Reverse(of_kind[0].severity), of_kind[0].known));
    kinds
}

fn count(of_kind: &[&Divergence]) -> String {
    let mut ids: Vec<&str> = of_kind.iter().map(|divergence| divergence.case.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() == 1 { "1 case".to_owned() } else { format!("{} cases", ids.len()) }
}

fn write_kind(of_kind: &[&Divergence], style: Style<'_>, output: &mut impl Write) -> io::Result<()> {
    let divergence = of_kind[0];
    let known = if divergence.known { ", in the baseline" } else { "" };
    writeln!(output, "\n{}  {}  ({}{known})", divergence.severity, divergence.fingerprint, count(of_kind))?;
    writeln!(output, "  {}", divergence.evidence.message)?;
    if let Some(rule) = rule(&divergence.rule) {
        writeln!(output, "  rule: {}", rule.says)?;
    }
    let reason = divergence.evidence.reason.as_deref().map(|reason| format!("{reason}, ")).unwrap_or_default();
    writeln!(output, "  standard: {reason}{}", divergence.evidence.spec)?;
    for message in &divergence.evidence.exchanges {
        write_message(message, output)?;
    }
    let adapter = divergence.fingerprint.split('/').next().unwrap_or_default();
    let id = &divergence.case.id;
    writeln!(output, "  replay: {} run --adapter {adapter} --vector {id}", style.program)
}

fn write_message(message: &Message, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "    > {} {}", message.method, message.url)?;
    for (name, value) in message.request_headers.iter() {
        writeln!(output, "    > {name}: {}", value.isomorphic_decode().escape_debug())?;
    }
    match (message.status, &message.failure) {
        (Some(status), _) => {
            let calls = if message.handler_calls == 0 { "the handler was not called" } else { "by the handler" };
            writeln!(output, "    < {status}  ({calls})")?;
        }
        (None, failure) => writeln!(output, "    < {}", failure.as_deref().unwrap_or("no answer"))?,
    }
    for (name, value) in message.response_headers.iter() {
        writeln!(output, "    < {name}: {}", value.isomorphic_decode().escape_debug())?;
    }
    Ok(())
}
