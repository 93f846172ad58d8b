//! What a campaign asked, and whether it has stopped learning.

use std::io::{self, Write};

use crate::search::campaign::{Counted, Statistics, journal::State};

/// Writes what was asked of all middlewares together, and of each how much there is left to learn.
///
/// # Errors
///
/// Those of writing.
pub fn write(states: &[(&str, &State)], output: &mut impl Write) -> io::Result<()> {
    let mut all = Statistics::default();
    states.iter().for_each(|(_, state)| all.merge(&state.batch.statistics));
    let never = all.steps_never_taken().collect::<Vec<_>>().join(", ");
    writeln!(output, "\nWhat was asked")?;
    for (what, counted) in [
        ("cases", &all.cases),
        ("visits", &all.visits),
        ("origins", &all.origins),
        ("intents", &all.intents),
        ("findings", &all.classes),
        ("fetches ended by step", &all.steps),
    ] {
        writeln!(output, "  {what}: {}", shares(counted))?;
    }
    writeln!(output, "  steps that ended no fetch: {}", if never.is_empty() { "none" } else { &never })?;
    writeln!(output, "\nHow much there is left to learn")?;
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

/// How much a search may still find.
fn saturation(state: &State) -> String {
    let cases = state.batch.counts.cases as u64;
    let last = state.found.values().map(|found| found.number + 1).max();
    let found = match last {
        None => "nothing found".to_owned(),
        Some(last) => format!("{} fingerprints, the last new one after {last} of {cases} cases", state.found.len()),
    };
    // What showed nothing new for nine tenths of the search is not likely to.
    let is_saturated = cases >= 1_000 && last.unwrap_or(0) * 10 <= cases;
    let chance = state.batch.probability_of_new();
    let more = match chance {
        _ if cases == 0 => "no case yet".to_owned(),
        0.0 => format!("less than 1 in {cases}"),
        chance => format!("about 1 in {:.0}", 1.0 / chance),
    };
    let note = if is_saturated { "; saturated: it has stopped learning" } else { "" };
    format!("{found}; the chance that one more case shows something new: {more}{note}")
}
