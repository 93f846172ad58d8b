//! Comparison of two runs. Their counts must be equal, and so must the ranks of rows that are not close to each other.

use std::{collections::BTreeMap, fmt::Write as _};

use super::extent::Failed;

/// The columns of counts in the results. They are equal in two runs of one program, except for a few instructions and the
/// length of a number in a text.
const COUNTED: [&str; 3] = ["instructions", "allocations", "bytes"];
/// The relative difference from which two counts are reported.
const COUNTS_APART: f64 = 0.01;
/// The relative difference below which two times may change ranks.
const TIMES_APART: f64 = 0.05;

/// A line of a file of results, with the costs with the middleware.
#[derive(Debug, Clone, Copy)]
struct Line {
    time: f64,
    /// The counts in the order of [`COUNTED`], if they were measured.
    counts: [Option<f64>; COUNTED.len()],
}

/// The lines by model and size, and then by row.
type Results<'t> = BTreeMap<(&'t str, &'t str), BTreeMap<&'t str, Line>>;

/// Reads a file of results.
fn read(text: &str) -> Result<Results<'_>, Failed> {
    let head: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let column =
        |name| head.iter().position(|own| *own == name).ok_or_else(|| format!("line 1: there is no column `{name}`"));
    let [model, size, row, time] = [column("model")?, column("size")?, column("row")?, column("ns")?];
    let [instructions, allocations, bytes] = COUNTED.map(column);
    let counted = [instructions?, allocations?, bytes?];
    let mut results = Results::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        if fields.len() != head.len() {
            return Err(format!("line {}: not a result of a run: {line}", at + 1).into());
        }
        let number = |at_column: usize| match fields[at_column] {
            "" => Ok(None),
            text => text.parse::<f64>().map(Some).map_err(|_| format!("line {}: `{text}` is not a number", at + 1)),
        };
        let [instructions, allocations, bytes] = counted.map(number);
        let time = number(time)?.ok_or_else(|| format!("line {}: no time", at + 1))?;
        let counts = [instructions?, allocations?, bytes?];
        results.entry((fields[model], fields[size])).or_default().insert(fields[row], Line { time, counts });
    }
    Ok(results)
}

/// Returns the relative difference of two numbers.
fn apart(one: f64, other: f64) -> f64 {
    (one - other).abs() / one.min(other).max(1.0)
}

/// The differences between two runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// A line for each difference, and a summary.
    pub text: String,
    /// The number of counts in both runs.
    pub counts: usize,
    /// The number of counts that differ by more than 1 %.
    pub apart: usize,
    /// The number of counts that are greater by more than 1 % in the second run.
    pub costlier: usize,
    /// The greatest relative difference of a count.
    pub farthest: f64,
    /// The number of figures that only the first run has.
    pub missing: usize,
    /// The number of pairs of rows in both runs.
    pub pairs: usize,
    /// The number of pairs that changed ranks although their times differ by more than 5 % in both runs.
    pub ranks_apart: usize,
}

impl Comparison {
    /// Returns true if the second run costs no more than the first and has all its figures.
    pub fn is_good(&self) -> bool {
        self.costlier == 0 && self.missing == 0
    }

    fn compare_counts(&mut self, name: &str, before: &Line, after: &Line) -> std::fmt::Result {
        for (what, (before, after)) in COUNTED.iter().zip(before.counts.iter().zip(after.counts)) {
            let (Some(before), Some(after)) = (*before, after) else { continue };
            self.counts += 1;
            self.farthest = self.farthest.max(apart(before, after));
            if apart(before, after) > COUNTS_APART {
                self.apart += 1;
                self.costlier += usize::from(after > before);
                writeln!(self.text, "{name}: {before:.0} {what}, then {after:.0}")?;
            }
        }
        Ok(())
    }

    fn compare_ranks(&mut self, name: &str, [one, next]: [&(&str, Line, Line); 2]) -> std::fmt::Result {
        self.pairs += 1;
        let [before, after] = [[one.1.time, next.1.time], [one.2.time, next.2.time]];
        let turned = (before[0] < before[1]) != (after[0] < after[1]);
        if turned && [before, after].iter().all(|times| apart(times[0], times[1]) > TIMES_APART) {
            self.ranks_apart += 1;
            let ([one_before, next_before], [one_after, next_after]) = (before, after);
            writeln!(
                self.text,
                "{name} {} and {}: {one_before:.0} and {next_before:.0} ns, then {one_after:.0} and {next_after:.0}",
                one.0, next.0
            )?;
        }
        Ok(())
    }
}

/// Compares two files of results in the format of `results.csv`. Ignores figures that only the second has.
///
/// # Errors
///
/// Fails with the number of the line if a line is not a result.
pub fn compare(one: &str, other: &str) -> Result<Comparison, Failed> {
    let (one, other) = (read(one)?, read(other)?);
    let nothing = BTreeMap::new();
    let mut compared = Comparison::default();
    for ((model, size), rows) in &one {
        let name = format!("{model}/{size}");
        let others = other.get(&(*model, *size)).unwrap_or(&nothing);
        let mut both = Vec::new();
        for (row, before) in rows {
            match others.get(row) {
                Some(after) => both.push((*row, *before, *after)),
                None => {
                    compared.missing += 1;
                    writeln!(compared.text, "{name} {row}: missing in the second run")?;
                }
            }
        }
        for (at, one) in both.iter().enumerate() {
            compared.compare_counts(&format!("{name} {}", one.0), &one.1, &one.2)?;
            for next in &both[at + 1..] {
                compared.compare_ranks(&name, [one, next])?;
            }
        }
    }
    let Comparison { counts, apart, costlier, farthest, missing, pairs, ranks_apart, .. } = compared;
    write!(
        compared.text,
        "{apart} of {counts} counts differ by more than 1 %, {costlier} of them upwards; the greatest difference is {:.2} %\n\
        {ranks_apart} of {pairs} pairs of rows changed ranks although they differ by more than 5 % in both runs\n\
        {missing} figures are missing in the second run\n",
        farthest * 100.0
    )?;
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use super::compare;

    const HEAD: &str = "model,size,row,version,ns,floor_ns,instructions,floor_instructions,allocations,floor_allocations,bytes,floor_bytes\n";

    #[test]
    fn a_changed_rank_and_a_changed_count_are_reported() {
        let one = format!("{HEAD}hit,1,a,1,100.0,50.0,1000,500,3,1,80,40\nhit,1,b,1,200.0,50.0,2000,500,3,1,80,40\n");
        let other = format!("{HEAD}hit,1,a,1,200.0,50.0,1020,500,3,1,80,40\nhit,1,b,1,100.0,50.0,2001,500,4,1,80,40\n");
        let compared = compare(&one, &other).expect("results");
        assert_eq!((compared.counts, compared.costlier, compared.ranks_apart), (6, 2, 1));
        assert!(!compared.is_good());
        let text = compared.text;
        assert!(text.contains("hit/1 a: 1000 instructions, then 1020"), "{text}");
        assert!(text.contains("hit/1 b: 3 allocations, then 4"), "{text}");
        assert!(!text.contains("2001"), "{text}");
        assert!(text.contains("hit/1 a and b: 100 and 200 ns, then 200 and 100"), "{text}");
        assert!(text.contains("1 of 1 pairs"), "{text}");
    }

    #[test]
    fn a_lower_cost_is_reported_and_good() {
        let of = |instructions: u32| format!("{HEAD}hit,1,a,1,100,50,{instructions},500,3,1,80,40\n");
        let compared = compare(&of(1_000), &of(900)).expect("results");
        assert_eq!((compared.apart, compared.is_good()), (1, true));
    }

    #[test]
    fn a_missing_figure_is_reported_and_not_good() {
        let one = format!("{HEAD}hit,1,a,1,100,50,,,3,1,80,40\n");
        let compared = compare(&one, HEAD).expect("results");
        assert!(compared.text.contains("hit/1 a: missing in the second run"), "{}", compared.text);
        assert_eq!((compared.missing, compared.is_good()), (1, false));
    }

    #[test]
    fn rows_with_similar_times_may_change_ranks() {
        let of = |a: u32, b: u32| format!("{HEAD}hit,1,a,1,{a},50,,,3,1,80,40\nhit,1,b,1,{b},50,,,3,1,80,40\n");
        assert_eq!(compare(&of(100, 104), &of(104, 100)).expect("results").ranks_apart, 0);
    }

    #[test]
    fn an_invalid_line_is_reported_by_number() {
        let error = compare(HEAD, &format!("{HEAD}nonsense\n")).expect_err("no result");
        assert_eq!(error.to_string(), "line 2: not a result of a run: nonsense");
        let error = compare("a,b\n", HEAD).expect_err("no results");
        assert_eq!(error.to_string(), "line 1: there is no column `model`");
    }
}
