//! How soon a campaign finds each mutant, without any vector.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use cors_adapters::Middleware;
use cors_conformance::self_check::mutants::{Mutant, deadly_mutants, mutants};
use cors_conformance::{
    parallel,
    search::campaign::journal::{Heading, Journal},
};

use crate::worker::Searcher;

/// The seeds that every mutant is searched with.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;

/// What takes longer than this has hung.
const HANGS: Duration = Duration::from_secs(2);

/// How long the search for one mutant took under one seed; nothing where its rule found nothing in time.
struct Searched {
    seed: u64,
    found: Option<(Duration, u64)>,
}

/// Searches for every mutant under every seed, each for so long, and tells how many were found under every one.
pub(super) fn write(limit: Duration, output: &mut impl Write) -> io::Result<bool> {
    let mutants: Vec<&'static Mutant> = mutants().chain(deadly_mutants()).collect();
    let bar = super::super::progress_bar(mutants.len());
    let searched = parallel::map(&mutants, None, |mutant| {
        let of_seeds = SEEDS.map(|seed| search(mutant, seed, limit)).collect::<io::Result<Vec<_>>>();
        bar.inc(1);
        of_seeds
    });
    bar.finish_and_clear();
    writeln!(output, "{:40} {:>6} {:>10} {:>10}", "", "seeds", "slowest", "cases")?;
    let mut whole = 0;
    for (mutant, searched) in mutants.iter().zip(searched) {
        let searched = searched?;
        let found: Vec<(Duration, u64)> = searched.iter().filter_map(|of_seed| of_seed.found).collect();
        let slowest = found.iter().max().map_or_else(String::new, |(time, _)| format!("{:.1} s", time.as_secs_f64()));
        let cases = found.iter().map(|(_, cases)| cases).max().map_or_else(String::new, u64::to_string);
        let (id, seeds) = (mutant.id, format!("{}/{}", found.len(), searched.len()));
        write!(output, "{id:40} {seeds:>6} {slowest:>10} {cases:>10}")?;
        let missed = searched.iter().filter(|of_seed| of_seed.found.is_none()).map(|of_seed| of_seed.seed.to_string());
        let missed = missed.collect::<Vec<_>>().join(", ");
        writeln!(output, "{}", if missed.is_empty() { String::new() } else { format!("  not under {missed}") })?;
        whole += usize::from(found.len() == searched.len());
    }
    let share = whole as f64 * 100.0 / mutants.len() as f64;
    let (all, seconds) = (mutants.len(), limit.as_secs());
    writeln!(output, "\n{whole} of {all} mutants ({share:.1} %) are found within {seconds} s under every seed.")?;
    Ok(share >= 95.0)
}

fn search(mutant: &'static Mutant, seed: u64, limit: Duration) -> io::Result<Searched> {
    let folder = tempfile::tempdir()?;
    let description = mutant.describe();
    let heading = Heading::new(description.name, description.version, seed);
    let begun = Instant::now();
    let journal = Journal::open(&folder.path().join("journal"), &heading)?;
    let mut searcher = Searcher::new(mutant, journal, seed, HANGS);
    let mut found = None;
    while found.is_none() && searcher.ended.is_none() && begun.elapsed() < limit {
        searcher.batch(u64::MAX, &mut |new| {
            if *new.divergence.rule == *mutant.rule.id && found.is_none() {
                found = Some((begun.elapsed(), new.number + 1));
            }
            Ok(())
        })?;
    }
    Ok(Searched { seed, found: found.filter(|(time, _)| *time <= limit) })
}
