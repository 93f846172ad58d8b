//! The report as a comment on a pull request: new divergences first, within the size limit of GitHub.

use std::io::{self, Write};

use cors_reference::spec::FETCH_COMMIT;

use super::{
    by_fingerprint::{FingerprintGroup, group_by_fingerprint},
    markup::{Page, code, code_block, html},
    terminal::vector_count,
    transcript::transcript,
};
use crate::{
    rules::{Class, rule},
    suite::Report,
};

/// The greatest number of lines of a transcript.
const MAX_LINES: usize = 60;
/// The greatest number of rows, or of remarks.
const MAX_LISTED: usize = 60;

/// Writes the report; `program` is the command that runs this program.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(report: &Report, program: &str, mut output: impl Write) -> io::Result<()> {
    let kinds = group_by_fingerprint(report);
    let (known, new): (Vec<&FingerprintGroup<'_>>, Vec<&FingerprintGroup<'_>>) =
        kinds.iter().partition(|kind| kind.example.known);
    let mut page = Page::new(500);
    page.add(&heading(report, new.len(), known.len()));
    page.add(&broken(report));
    page.add(&classes(&kinds));
    page.add(&rows(report));
    if !new.is_empty() {
        page.add("\n#### New\n\n");
    }
    new.iter().for_each(|kind| page.add(&details(kind, program)));
    let note = |omitted| format!("\n{omitted} more do not fit here; `{program} report FILE --all` shows every kind.\n");
    output.write_all(page.end(note).as_bytes())
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn heading(report: &Report, new: usize, known: usize) -> String {
    let title = match new {
        0 => "nothing new".to_owned(),
        new => format!("{} of divergence", counted(new, "new kind")),
    };
    let (rows, vectors) = (counted(report.adapters.len(), "row"), vector_count(report));
    format!(
        "### CORS conformance: {title}\n\n{rows}, {vectors}, judged by the Fetch standard at `{}`; {known} in the \
         baseline.\n",
        &FETCH_COMMIT[..9]
    )
}

fn broken(report: &Report) -> String {
    let rows = report.adapters.iter().filter(|row| row.counts.broken > 0);
    let remarks = rows.flat_map(|row| row.remarks().into_iter().map(move |remark| (row, remark)));
    let remarks: Vec<_> = remarks.filter(|(_, remark)| remark.is_broken()).collect();
    let mut text: String = remarks
        .iter()
        .take(MAX_LISTED)
        .map(|(row, remark)| format!("- {} {}\n", code(&row.name), code(&shorten(&remark.to_string()))))
        .collect();
    if remarks.len() > MAX_LISTED {
        text.push_str(&format!("- and {} more\n", remarks.len() - MAX_LISTED));
    }
    if text.is_empty() { text } else { format!("\n**Could not run:**\n\n{text}") }
}

/// Cuts a long text.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns a table of the kinds of divergence by class.
fn classes(kinds: &[FingerprintGroup<'_>]) -> String {
    let mut text = String::new();
    for class in Class::ALL {
        let of_class = kinds.iter().filter(|kind| kind.example.class == class);
        let (known, new): (Vec<_>, Vec<_>) = of_class.partition(|kind| kind.example.known);
        let worst = new.iter().chain(&known).map(|kind| kind.example.severity).max();
        if let Some(worst) = worst {
            text.push_str(&format!("| {class} | {} | {} | {worst} |\n", new.len(), known.len()));
        }
    }
    match text.is_empty() {
        true => "\nNo divergence.\n".to_owned(),
        false => format!("\n| kinds of divergence | new | in the baseline | worst |\n|---|--:|--:|---|\n{text}"),
    }
}

/// Returns a table of the cases by outcome, one row per middleware.
fn rows(report: &Report) -> String {
    let mut text = String::new();
    for row in report.adapters.iter().take(MAX_LISTED) {
        let counts = &row.counts;
        let numbers =
            [counts.conform, counts.diverge, counts.unsupported, counts.rejected, counts.inconclusive, counts.broken];
        let numbers = numbers.map(|number| number.to_string()).join(" | ");
        text.push_str(&format!(
            "| {} | {numbers} |\n",
            code(&format!("{} {}", shorten(&row.name), shorten(&row.version)))
        ));
    }
    if report.adapters.len() > MAX_LISTED {
        text.push_str(&format!("| and {} more | | | | | | |\n", report.adapters.len() - MAX_LISTED));
    }
    let head =
        "| | conform | diverge | unsupported | rejected | inconclusive | broken |\n|---|--:|--:|--:|--:|--:|--:|\n";
    format!("\n<details><summary>Cases by outcome</summary>\n\n{head}{text}\n</details>\n")
}

/// Returns one kind of divergence as a section that can be unfolded.
fn details(kind: &FingerprintGroup<'_>, program: &str) -> String {
    let found = kind.example;
    let summary =
        format!("{} <code>{}</code> ({})", found.severity, html(&shorten(&found.fingerprint)), kind.case_count());
    let mut text = format!("{}\n", found.evidence.message);
    if let Some(rule) = rule(&found.rule) {
        text.push_str(&format!("rule: {}\n", rule.requirement));
    }
    let reason = found.evidence.reason.as_deref().map(|reason| format!("{reason}, ")).unwrap_or_default();
    text.push_str(&format!("standard: {reason}{}\n{}", found.evidence.spec, transcript(&found.evidence.exchanges)));
    let (text, replay) = (code_block(&text, MAX_LINES), code_block(&kind.replay_command(program), 1));
    format!("<details><summary>{summary}</summary>\n\n{text}\n{replay}\n</details>\n\n")
}
