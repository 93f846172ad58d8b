//! The statistics of a campaign, and an estimate of how much it can still find.

use std::io::{self, Write};

use crate::search::campaign::{Counted, Statistics, journal::State};

/// Writes the statistics of all middlewares together, and an estimate for each middleware.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(states: &[(&str, &State)], output: &mut impl Write) -> io::Result<()> {
    let mut all = Statistics::default();
    states.iter().for_each(|(_, state)| all.merge(&state.batch.statistics));
    let never = all.steps_never_taken().collect::<Vec<_>>().join(", ");
    writeln!(output, "\nStatistics")?;
    for (what, counted) in [
        ("cases", &all.cases),
        ("visits", &all.visits),
        ("origins", &all.origins),
        ("intents", &all.intents),
        ("findings", &all.classes),
        ("steps that ended a fetch", &all.steps),
    ] {
        writeln!(output, "  {what}: {}", shares(counted))?;
    }
    writeln!(output, "  steps that never ended a fetch: {}", if never.is_empty() { "none" } else { &never })?;
    writeln!(output, "\nProgress")?;
    for (name, state) in states {
        writeln!(output, "  {name}: {}", saturation(state))?;
    }
    Ok(())
}

fn shares(counted: &Counted) -> String {
    let all: u64 = counted.values().sum();
    let mut by_number: Vec<_> = counted.iter().collect();
    by_number.sort_by_key(|(name, number)| (std::cmp::Reverse(**number), name.as_str()));
    let shares = by_number.into_iter().map(|(name, number)| {
        let share = *number as f64 * 100.0 / all.max(1) as f64;
        if share < 0.1 { format!("{name} {number}") } else { format!("{name} {share:.1} %") }
    });
    shares.collect::<Vec<_>>().join(", ")
}

/// Estimates how much a search can still find.
fn saturation(state: &State) -> String {
    let cases = state.batch.counts.cases as u64;
    let last = state.found.values().map(|found| found.number + 1).max();
    let found = match last {
        None => "nothing found".to_owned(),
        Some(last) => format!("{} fingerprints, the last after {last} of {cases} cases", state.found.len()),
    };
    // A search with nothing new in its last nine tenths is unlikely to find more.
    let is_saturated = cases >= 1_000 && last.unwrap_or(0) * 10 <= cases;
    let chance = state.batch.probability_of_new();
    let more = match chance {
        _ if cases == 0 => "unknown size: no case has run".to_owned(),
        0.0 => format!("less than 1 in {cases}"),
        chance => format!("about 1 in {:.0}", 1.0 / chance),
    };
    let note = if is_saturated { "; saturated" } else { "" };
    format!("{found}; the next case shows something new with a probability of {more}{note}")
}
