//! The report for a comment on a pull request: what is new first, short enough to be posted.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use cors_reference::spec::FETCH_COMMIT;

use super::{Kinds, exchanges_as_text, finding::file_name};
use crate::{
    divergence::Divergence,
    rules::{Class, rule},
    suite::Report,
};

/// What GitHub takes for one comment, in bytes to be safe, with room for the last line.
const MOST: usize = 65_536 - 300;

/// Writes the report; what does not fit into a comment is counted.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    let mut kinds: Vec<Vec<&Divergence>> = report.adapters.iter().flat_map(|row| Kinds::of(row).0).collect();
    kinds.sort_by_key(|of_kind| (of_kind[0].known, std::cmp::Reverse(of_kind[0].severity)));
    let new = kinds.iter().filter(|of_kind| !of_kind[0].known).count();
    let mut text = format!(
        "## CORS conformance: {}\n\n{} kinds of divergence, {} of them expected by the baseline. Judged by the \
         [Fetch standard](https://fetch.spec.whatwg.org/) at `{}`.\n",
        if new == 0 { "nothing new".to_owned() } else { format!("{new} new") },
        kinds.len(),
        kinds.len() - new,
        &FETCH_COMMIT[..9],
    );
    let rest_of_rows = write_table(report, &mut text);
    let mut left_out = 0;
    for of_kind in kinds.iter().filter(|of_kind| !of_kind[0].known) {
        let told = details(of_kind);
        if left_out > 0 || text.len() + told.len() > MOST {
            left_out += 1;
        } else {
            text.push_str(&told);
        }
    }
    say(&mut text, format_args!("{rest_of_rows}"));
    if left_out > 0 {
        say(&mut text, format_args!("\nAnd {left_out} new kinds more, for which there is no room here.\n"));
    }
    output.write_all(text.as_bytes())
}

/// Cases by outcome and class, a row a middleware; gives what did not fit.
fn write_table(report: &Report, text: &mut String) -> String {
    text.push_str("\n| middleware | conform | diverge | unsupported | rejected | inconclusive | broken |");
    Class::ALL.iter().for_each(|class| say(text, format_args!(" {class} |")));
    text.push_str("\n|---|");
    text.push_str(&"---:|".repeat(6 + Class::ALL.len()));
    text.push('\n');
    for (index, row) in report.adapters.iter().enumerate() {
        let number = |cases: usize| if cases == 0 { "·".to_owned() } else { cases.to_string() };
        let outcomes = row.counts.by_outcome().into_iter().map(|(_, cases)| cases);
        let cells = outcomes.chain(Class::ALL.map(|class| row.cases_of(class))).map(number);
        let cells = cells.collect::<Vec<_>>().join(" | ");
        say(text, format_args!("| {} {} | {cells} |\n", escaped(&row.name), escaped(&row.version)));
        if text.len() > MOST / 2 {
            let rest = report.adapters.len() - index - 1;
            return if rest == 0 { String::new() } else { format!("\nAnd {rest} middlewares more.\n") };
        }
    }
    String::new()
}

fn details(of_kind: &[&Divergence]) -> String {
    let Divergence { fingerprint, severity, evidence, case, .. } = of_kind[0];
    let adapter = fingerprint.split('/').next().unwrap_or_default();
    let cases = if of_kind.len() == 1 { "1 case".to_owned() } else { format!("{} cases", of_kind.len()) };
    let mut text = format!(
        "\n<details><summary><b>{severity}</b> {}: {} ({cases})</summary>\n\n`{}`\n",
        escaped(adapter),
        escaped(&evidence.message),
        file_name(fingerprint).replace('+', "/"),
    );
    if let Some(rule) = rule(&of_kind[0].rule) {
        say(&mut text, format_args!("\n{} {}\n\nMend: {} [Why]({}).\n", rule.says, rule.why, rule.mend, rule.link));
    }
    let reason = evidence.reason.as_deref().unwrap_or("no step of the standard");
    say(&mut text, format_args!("\nDecided by {reason}.\n\n{}", fenced(&exchanges_as_text(&evidence.exchanges))));
    let replay = format!("cors-conformance run --adapter {adapter} --vector {}", case.id);
    say(&mut text, format_args!("\n{}\n</details>\n", fenced(&replay)));
    text
}

/// A block of code that nothing within it ends.
fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", code.trim_end())
}

/// Text in which nothing is markup, of Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            '|' | '*' | '_' | '[' | ']' | '`' | '\\' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' | '\r' => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writing to memory does not fail.
fn say(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::{escaped, fenced};

    #[test]
    fn no_text_of_a_case_becomes_markup() {
        assert_eq!(escaped("</details>|@all `x`\n# y"), "&lt;/details&gt;\\|&#64;all \\`x\\` \\# y");
        assert_eq!(fenced("a\n```\n</details>"), "````text\na\n```\n</details>\n````\n");
    }
}
