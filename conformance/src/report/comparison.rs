//! The comparison of two middlewares, for a terminal.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    io::{self, Write},
};

use cors_adapters::handler::Handler;
use cors_reference::request::{CredentialsMode, Mode, RequestInit};

use super::{compact_json::compact_json, transcript::display_value};
use crate::{
    case::Visit,
    compare::{Aspect, Comparison, Consequence, Difference, Example, LeftOut, Side, SideExample},
    drive::{Message, MessageKind, is_cors_header},
};

/// The greatest number of shapes, or reasons, that are listed. `--format json` lists all.
const MAX_LISTED: usize = 12;

/// Writes the comparison of two middlewares.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(comparison: &Comparison, mut output: impl Write) -> io::Result<()> {
    let Comparison { a, b, cases, compared, .. } = comparison;
    writeln!(output, "{} {} -> {} {}", a.name, a.version, b.name, b.version)?;
    writeln!(output, "{compared} of {cases} cases compared")?;
    let entries: Vec<&[Difference]> = comparison.differences.chunk_by(share_entry).collect();
    match entries.len() {
        0 => writeln!(output, "\nNo difference that a page can observe.")?,
        1 => writeln!(output, "\n1 kind of difference:")?,
        kinds => writeln!(output, "\n{kinds} kinds of difference, the worst first:")?,
    }
    entries.into_iter().try_for_each(|entry| write_entry(comparison, entry, &mut output))?;
    write_left_out(comparison, &mut output)
}

/// Writes why cases were not compared; the most frequent reasons come first.
fn write_left_out(comparison: &Comparison, output: &mut impl Write) -> io::Result<()> {
    let mut reasons: BTreeMap<(Reverse<usize>, bool, &str), Vec<&str>> = BTreeMap::new();
    for LeftOut { side, broken, reason, cases } in &comparison.left_out {
        reasons.entry((Reverse(*cases), *broken, reason)).or_default().push(name(comparison, *side));
    }
    if !reasons.is_empty() {
        writeln!(output, "\nNot compared:")?;
    }
    for ((cases, broken, reason), names) in reasons.iter().take(MAX_LISTED) {
        let outcome = if *broken { "broken" } else { "unsupported" };
        writeln!(output, "  {:5}  {} {outcome}: {reason}", cases.0, names.join(" and "))?;
    }
    match reasons.len().saturating_sub(MAX_LISTED) {
        0 => Ok(()),
        rest => writeln!(output, "  and {rest} more reasons (see --format json)"),
    }
}

/// Returns true if both differences belong to one entry of the report. Each message that refuses a policy has an entry of
/// its own.
fn share_entry(one: &Difference, other: &Difference) -> bool {
    one.kind == other.kind && one.kind.aspect != Aspect::Server
}

fn name(comparison: &Comparison, side: Side) -> &str {
    match side {
        Side::A => &comparison.a.name,
        Side::B => &comparison.b.name,
    }
}

/// Writes the differences of one kind, with the smallest example.
fn write_entry(comparison: &Comparison, differences: &[Difference], output: &mut impl Write) -> io::Result<()> {
    let size = |difference: &&Difference| difference.example.size();
    let Some(difference) = differences.iter().min_by_key(size) else { return Ok(()) };
    let (kind, example) = (difference.kind, &difference.example);
    let name = |side| name(comparison, side);
    let on_error = if kind.on_error { ", if the application's response is an error" } else { "" };
    let (with, aspect) = (name(kind.with), format!("{}{on_error}", kind.aspect.description()));
    match kind.consequence {
        Consequence::Grants(side) => {
            let denied = kind.intended.denied().unwrap_or_default();
            writeln!(output, "\n{} grants what the policy denies ({denied}): {aspect}", name(side))?;
        }
        Consequence::Refuses(side) => writeln!(output, "\n{} refuses a policy that {with} serves", name(side))?,
        Consequence::Withholds(side) => {
            writeln!(output, "\n{} withholds what the policy permits; only with {with}, {aspect}", name(side))?;
        }
        Consequence::Interferes(side) => {
            writeln!(output, "\n{} interferes with the application; only with {with}, {aspect}", name(side))?;
        }
        Consequence::Open => {
            writeln!(output, "\nThe policy or the standard leaves this open; only with {with}, {aspect}")?;
        }
    }
    let width = name(Side::A).len().max(name(Side::B).len()).max("response".len());
    for (side, side_example) in [(Side::A, &example.a), (Side::B, &example.b)] {
        write_side(name(side), width, side_example, output)?;
    }
    writeln!(output, "  {:width$}  {}", "policy", compact_json(&example.case.policy))?;
    if kind.aspect == Aspect::Server {
        let cases = if difference.visits == 1 { "case" } else { "cases" };
        return writeln!(output, "  {:width$}  {} {cases}", "seen", difference.visits);
    }
    write_case(example, kind.aspect, width, output)?;
    let mut shapes: Vec<&Difference> = differences.iter().collect();
    shapes.sort_by_key(|shape| Reverse(shape.visits));
    let rest = match shapes.len().saturating_sub(MAX_LISTED) {
        0 => String::new(),
        rest => format!(" and {rest} more shapes"),
    };
    let listed = shapes.iter().take(MAX_LISTED).map(|shape| format!("{} {}", shape.visits, shape.shape));
    writeln!(output, "  {:width$}  {}{rest}", "seen", listed.collect::<Vec<_>>().join(", "))
}

/// Writes what happens with one of the two middlewares, and the headers that decide it.
fn write_side(name: &str, width: usize, example: &SideExample, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "  {name:width$}  {}", example.summary)?;
    let lines: Vec<String> = example.exchanges.iter().map(exchange_line).collect();
    lines.chunk_by(|one, other| one == other).try_for_each(|equal| {
        let times = if equal.len() == 1 { String::new() } else { format!(" ({} times)", equal.len()) };
        writeln!(output, "  {:width$}    {}{times}", "", equal[0])
    })
}

/// Returns an exchange on one line: the method, the origin, the status, and the headers of the CORS protocol.
fn exchange_line(message: &Message) -> String {
    let mut line = message.method.clone();
    if let Some(origin) = message.request_headers.get("Origin").map(|origin| origin.to_vec()) {
        let origin = String::from_utf8_lossy(&origin).into_owned();
        line.push_str(&format!(" from {}", if origin.is_empty() { "an empty origin" } else { &origin }));
    }
    let from_cache = if message.kind == MessageKind::Cached { " from the cache" } else { "" };
    match (message.status, &message.failure) {
        (Some(status), _) => line.push_str(&format!(": {status}{from_cache}")),
        (None, failure) => line.push_str(&format!(": {}", failure.as_deref().unwrap_or("no answer"))),
    }
    for (name, value) in message.response_headers.iter() {
        if is_cors_header(name.as_str()) || *name == *"Vary" {
            line.push_str(&format!("; {name}: {}", display_value(value)));
        }
    }
    line
}

/// Writes the application's response and the visits up to the one that shows the difference.
fn write_case(example: &Example, aspect: Aspect, width: usize, output: &mut impl Write) -> io::Result<()> {
    let case = &example.case;
    if case.handler != Handler::default() {
        writeln!(output, "  {:width$}  {}", "response", compact_json(&case.handler))?;
    }
    // Behind a cache, the exchanges already show the visitors.
    let visits = if aspect == Aspect::CachedAnswer { 0 } else { example.visit + 1 };
    for (index, visit) in case.visits.iter().enumerate().take(visits) {
        writeln!(output, "  {:width$}  {}", "visit", visit_line(index, visit))?;
    }
    Ok(())
}

fn visit_line(index: usize, visit: &Visit) -> String {
    match visit {
        Visit::Fetch(fetch) => {
            let is_delayed = index > 0 && fetch.after_ms > 0;
            let delay = if is_delayed { format!("{} ms later, ", fetch.after_ms) } else { String::new() };
            let options = fetch_options(&fetch.request);
            format!("{delay}{} fetches {} {}{options}", fetch.page_origin, fetch.request.method, fetch.url)
        }
        Visit::Raw(raw) => {
            let headers = raw.headers.iter().map(|(name, value)| format!(", {name}: {}", display_value(value)));
            format!("a raw client sends {} {}{}", raw.method, raw.url, headers.collect::<String>())
        }
    }
}

/// Returns the options of a fetch that differ from the defaults, and its headers.
fn fetch_options(request: &RequestInit) -> String {
    let mut options = String::new();
    if request.credentials == CredentialsMode::Include {
        options.push_str(" with credentials");
    }
    match request.mode {
        Mode::Cors => {}
        Mode::NoCors => options.push_str(", no-cors"),
        Mode::SameOrigin => options.push_str(", same-origin"),
    }
    for (name, value) in request.headers.iter() {
        options.push_str(&format!(", {name}: {}", display_value(value)));
    }
    options
}
