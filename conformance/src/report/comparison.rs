//! How two middlewares compare, for a terminal.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    io::{self, Write},
};

use cors_adapters::handler::Handler;
use cors_reference::request::{CredentialsMode, Mode, RequestInit};

use super::{said_in_short, transcript::display_value};
use crate::{
    case::Visit,
    compare::{Comparison, Difference, Example, LeftOut, Shown, Side, Standing, What},
    divergence::{Message, MessageKind},
    rules::is_of_cors,
};

/// How many shapes, or reasons, are listed; `--format json` has them all.
const MOST: usize = 12;

/// Writes how two middlewares compare.
///
/// # Errors
///
/// Those of writing.
pub fn write(comparison: &Comparison, mut output: impl Write) -> io::Result<()> {
    let Comparison { a, b, cases, compared, .. } = comparison;
    writeln!(output, "{} {} -> {} {}", a.name, a.version, b.name, b.version)?;
    writeln!(output, "{compared} of {cases} cases compared")?;
    let kinds: Vec<&[Difference]> = comparison.differences.chunk_by(is_one_entry).collect();
    match kinds.len() {
        0 => writeln!(output, "\nNo difference that a browser lets through.")?,
        1 => writeln!(output, "\n1 kind of difference:")?,
        kinds => writeln!(output, "\n{kinds} kinds of difference, the worst first:")?,
    }
    kinds.into_iter().try_for_each(|of_kind| write_kind(comparison, of_kind, &mut output))?;
    write_left_out(comparison, &mut output)
}

/// Why cases were not compared, the most frequent reasons first.
fn write_left_out(comparison: &Comparison, output: &mut impl Write) -> io::Result<()> {
    let mut reasons: BTreeMap<(Reverse<usize>, bool, &str), Vec<&str>> = BTreeMap::new();
    for LeftOut { side, broken, why, cases } in &comparison.left_out {
        reasons.entry((Reverse(*cases), *broken, why)).or_default().push(name(comparison, *side));
    }
    if !reasons.is_empty() {
        writeln!(output, "\nNot compared:")?;
    }
    for ((cases, broken, why), names) in reasons.iter().take(MOST) {
        let how = if *broken { "broken" } else { "unsupported" };
        writeln!(output, "  {:5}  {} {how}: {why}", cases.0, names.join(" and "))?;
    }
    match reasons.len().saturating_sub(MOST) {
        0 => Ok(()),
        rest => writeln!(output, "  and {rest} reasons more, told by --format json"),
    }
}

/// Each message with which a policy is refused is an entry of its own.
fn is_one_entry(one: &Difference, other: &Difference) -> bool {
    one.kind == other.kind && one.kind.what != What::Server
}

fn name(comparison: &Comparison, side: Side) -> &str {
    match side {
        Side::A => &comparison.a.name,
        Side::B => &comparison.b.name,
    }
}

fn write_kind(comparison: &Comparison, of_kind: &[Difference], output: &mut impl Write) -> io::Result<()> {
    let size = |difference: &&Difference| difference.example.size();
    let Some(difference) = of_kind.iter().min_by_key(size) else { return Ok(()) };
    let (kind, example) = (difference.kind, &difference.example);
    let name = |side| name(comparison, side);
    let on_error = if kind.on_error { ", where the application's answer is an error" } else { "" };
    let (with, what) = (name(kind.with), format!("{}{on_error}", kind.what.says()));
    match kind.standing {
        Standing::Grants(side) => {
            let denied = kind.policy.denies().unwrap_or_default();
            writeln!(output, "\n{} grants what the policy denies, {denied}: {what}", name(side))?;
        }
        Standing::Refuses(side) => writeln!(output, "\n{} refuses a policy that {with} serves", name(side))?,
        Standing::Withholds(side) => {
            writeln!(output, "\n{} withholds what the policy permits: with {with} alone {what}", name(side))?;
        }
        Standing::Interferes(side) => {
            writeln!(output, "\n{} interferes with the application: with {with} alone {what}", name(side))?;
        }
        Standing::Open => writeln!(output, "\nLeft open by the policy or the standard: with {with} alone {what}")?,
    }
    let width = name(Side::A).len().max(name(Side::B).len()).max("policy".len());
    for (side, shown) in [(Side::A, &example.a), (Side::B, &example.b)] {
        write_shown(name(side), width, shown, output)?;
    }
    writeln!(output, "  {:width$}  {}", "policy", said_in_short(&example.case.policy))?;
    if kind.what == What::Server {
        let cases = if difference.visits == 1 { "case" } else { "cases" };
        return writeln!(output, "  {:width$}  {} {cases}", "seen", difference.visits);
    }
    write_case(example, kind.what, width, output)?;
    let mut shapes: Vec<&Difference> = of_kind.iter().collect();
    shapes.sort_by_key(|one| Reverse(one.visits));
    let rest = match shapes.len().saturating_sub(MOST) {
        0 => String::new(),
        rest => format!(" and {rest} shapes more"),
    };
    let shapes: Vec<String> = shapes.iter().take(MOST).map(|one| format!("{} {}", one.visits, one.shape)).collect();
    writeln!(output, "  {:width$}  {}{rest}", "seen", shapes.join(", "))
}

/// What happens with one of the two, and the headers that decide it.
fn write_shown(name: &str, width: usize, shown: &Shown, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "  {name:width$}  {}", shown.says)?;
    let told: Vec<String> = shown.exchanges.iter().map(told).collect();
    told.chunk_by(|one, other| one == other).try_for_each(|alike| {
        let times = if alike.len() == 1 { String::new() } else { format!(" ({} times)", alike.len()) };
        writeln!(output, "  {:width$}    {}{times}", "", alike[0])
    })
}

/// An exchange in a line: whose request, the status, and what the answer says of CORS.
fn told(message: &Message) -> String {
    let mut line = message.method.clone();
    if let Some(origin) = message.request_headers.get("Origin").map(|origin| origin.to_vec()) {
        let origin = String::from_utf8_lossy(&origin).into_owned();
        line.push_str(&format!(" by {}", if origin.is_empty() { "an empty origin" } else { &origin }));
    }
    let from_cache = if message.kind == MessageKind::Cached { " out of the cache" } else { "" };
    match (message.status, &message.failure) {
        (Some(status), _) => line.push_str(&format!(": {status}{from_cache}")),
        (None, failure) => line.push_str(&format!(": {}", failure.as_deref().unwrap_or("no answer"))),
    }
    for (name, value) in message.response_headers.iter() {
        if is_of_cors(name.as_str()) || *name == *"Vary" {
            line.push_str(&format!("; {name}: {}", display_value(value)));
        }
    }
    line
}

/// The application, and who fetches what, up to the visit that shows the difference.
fn write_case(example: &Example, what: What, width: usize, output: &mut impl Write) -> io::Result<()> {
    let case = &example.case;
    if case.handler != Handler::default() {
        writeln!(output, "  {:width$}  {}", "answer", application(&case.handler))?;
    }
    // Who visits through a cache is told by the exchanges.
    let visits = if what == What::CachedAnswer { 0 } else { example.visit + 1 };
    for (index, visit) in case.visits.iter().enumerate().take(visits) {
        let told = match visit {
            Visit::Fetch(fetch) => {
                let after = if index == 0 || fetch.after_ms == 0 {
                    String::new()
                } else {
                    format!("{} ms later ", fetch.after_ms)
                };
                format!(
                    "{after}{} fetches {} {}{}",
                    fetch.page_origin,
                    fetch.request.method,
                    fetch.url,
                    with(&fetch.request)
                )
            }
            Visit::Raw(raw) => {
                let headers = raw.headers.iter().map(|(name, value)| format!(", {name}: {}", display_value(value)));
                format!("a client that is no browser asks {} {}{}", raw.method, raw.url, headers.collect::<String>())
            }
        };
        writeln!(output, "  {:width$}  {told}", "visit")?;
    }
    Ok(())
}

/// What a fetch has beside its URL.
fn with(request: &RequestInit) -> String {
    let mut with = String::new();
    if request.credentials == CredentialsMode::Include {
        with.push_str(" with credentials");
    }
    match request.mode {
        Mode::Cors => {}
        Mode::NoCors => with.push_str(", no-cors"),
        Mode::SameOrigin => with.push_str(", same-origin"),
    }
    for (name, value) in request.headers.iter() {
        with.push_str(&format!(", {name}: {}", display_value(value)));
    }
    with
}

/// What the application answers: its JSON without what every other application has, too.
fn application(handler: &Handler) -> String {
    let value = |handler: &Handler| serde_json::to_value(handler).unwrap_or_default();
    let (mut said, default) = (value(handler), value(&Handler::default()));
    if let Some(fields) = said.as_object_mut() {
        fields.retain(|name, value| default.get(name) != Some(value));
    }
    said.to_string()
}
