//! How soon a campaign finds each mutant without vectors.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use cors_adapters::Middleware;
use cors_conformance::{
    parallel,
    search::campaign::journal::{Heading, Journal},
    self_check::mutants::{Mutant, deadly_mutants, mutants},
};

use crate::{cmd::progress::progress_bar, worker::Searcher};

/// The seeds of the searches for each mutant.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;

/// The time limit for a case.
const CASE_LIMIT: Duration = Duration::from_secs(2);

/// The search for one mutant under one seed.
struct SeedResult {
    seed: u64,
    /// The time and the number of cases until the mutant's rule caught it; `None` if it did not in time.
    found: Option<(Duration, u64)>,
}

/// The share of mutants, in percent, that must be found under every seed.
const NEEDED_PERCENT: f64 = 95.0;

/// Searches for every mutant under every seed, each for at most `limit`, and writes the results.
///
/// Returns true if enough mutants are found under every seed.
pub(super) fn write(limit: Duration, output: &mut impl Write) -> io::Result<bool> {
    let mutants: Vec<&'static Mutant> = mutants().chain(deadly_mutants()).collect();
    let bar = progress_bar(mutants.len());
    let searched = parallel::map(&mutants, None, |mutant| {
        let results = SEEDS.map(|seed| search(mutant, seed, limit)).collect::<io::Result<Vec<_>>>();
        bar.inc(1);
        results
    });
    bar.finish_and_clear();
    writeln!(output, "{:40} {:>6} {:>10} {:>10}", "", "seeds", "slowest", "cases")?;
    let mut found_by_all = 0;
    for (mutant, searched) in mutants.iter().zip(searched) {
        let searched = searched?;
        let found: Vec<(Duration, u64)> = searched.iter().filter_map(|result| result.found).collect();
        let slowest = found.iter().max().map_or_else(String::new, |(time, _)| format!("{:.1} s", time.as_secs_f64()));
        let cases = found.iter().map(|(_, cases)| cases).max().map_or_else(String::new, u64::to_string);
        let (id, seeds) = (mutant.id, format!("{}/{}", found.len(), searched.len()));
        write!(output, "{id:40} {seeds:>6} {slowest:>10} {cases:>10}")?;
        let missed = searched.iter().filter(|result| result.found.is_none()).map(|result| result.seed.to_string());
        let missed = missed.collect::<Vec<_>>().join(", ");
        writeln!(output, "{}", if missed.is_empty() { String::new() } else { format!("  not under {missed}") })?;
        found_by_all += usize::from(found.len() == searched.len());
    }
    let share = found_by_all as f64 * 100.0 / mutants.len() as f64;
    let (all, seconds) = (mutants.len(), limit.as_secs());
    writeln!(
        output,
        "\n{found_by_all} of {all} mutants ({share:.1} %) are found within {seconds} s under every seed."
    )?;
    Ok(share >= NEEDED_PERCENT)
}

/// Searches for one mutant under one seed.
fn search(mutant: &'static Mutant, seed: u64, limit: Duration) -> io::Result<SeedResult> {
    let folder = tempfile::tempdir()?;
    let description = mutant.describe();
    let heading = Heading::new(description.name, description.version, seed);
    let start = Instant::now();
    let journal = Journal::open(&folder.path().join("journal"), &heading)?;
    let mut searcher = Searcher::new(mutant, journal, seed, CASE_LIMIT);
    let mut found = None;
    while found.is_none() && searcher.ended.is_none() && start.elapsed() < limit {
        searcher.batch(u64::MAX, &mut |new| {
            if *new.divergence.rule == *mutant.rule.id && found.is_none() {
                found = Some((start.elapsed(), new.number + 1));
            }
            Ok(())
        })?;
    }
    Ok(SeedResult { seed, found: found.filter(|(time, _)| *time <= limit) })
}
