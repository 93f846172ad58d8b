//! Two runs held against each other: the counts must be the same, and so must the ranks but for close neighbours.

use std::{collections::BTreeMap, fmt::Write as _};

use super::Failed;

/// What is counted, by the columns of the results. In two runs of one program it is the same to the last, but for an
/// instruction here and there and the length of a number in a text.
const COUNTED: [&str; 3] = ["instructions", "allocations", "bytes"];
/// Counts further apart than this are named.
const COUNTS_APART: f64 = 0.01;
/// Times closer than this may change ranks.
const TIMES_APART: f64 = 0.05;

/// A figure of a file of results, with the middleware.
#[derive(Debug, Clone, Copy)]
struct Row {
    time: f64,
    /// Of [`COUNTED`], where there are any.
    counts: [Option<f64>; COUNTED.len()],
}

/// Model and size, and in them the rows.
type Results<'t> = BTreeMap<(&'t str, &'t str), BTreeMap<&'t str, Row>>;

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
            return Err(format!("line {}: these are no results of a run: {line}", at + 1).into());
        }
        let number = |at_column: usize| match fields[at_column] {
            "" => Ok(None),
            text => text.parse::<f64>().map(Some).map_err(|_| format!("line {}: `{text}` is no number", at + 1)),
        };
        let [instructions, allocations, bytes] = counted.map(number);
        let time = number(time)?.ok_or_else(|| format!("line {}: no time", at + 1))?;
        let counts = [instructions?, allocations?, bytes?];
        results.entry((fields[model], fields[size])).or_default().insert(fields[row], Row { time, counts });
    }
    Ok(results)
}

fn apart(one: f64, other: f64) -> f64 {
    (one - other).abs() / one.min(other).max(1.0)
}

/// What differs between two runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Each difference in a line, and their numbers.
    pub text: String,
    /// How many counts are in both.
    pub counts: usize,
    /// How many of them are more than 1 % apart.
    pub apart: usize,
    /// How many are that much more in the second.
    pub dearer: usize,
    /// How far the farthest is, as a part of the lesser.
    pub farthest: f64,
    /// How many figures of the first the second does not have.
    pub missing: usize,
    /// How many pairs of rows are in both.
    pub pairs: usize,
    /// How many of them changed ranks, though their times are more than 5 % apart in each run.
    pub ranks_apart: usize,
}

impl Comparison {
    /// Whether the second costs no more than the first, and leaves nothing out that the first has.
    pub fn is_good(&self) -> bool {
        self.dearer == 0 && self.missing == 0
    }

    fn hold_counts(&mut self, name: &str, before: &Row, after: &Row) -> std::fmt::Result {
        for (what, (before, after)) in COUNTED.iter().zip(before.counts.iter().zip(after.counts)) {
            let (Some(before), Some(after)) = (*before, after) else { continue };
            self.counts += 1;
            self.farthest = self.farthest.max(apart(before, after));
            if apart(before, after) > COUNTS_APART {
                self.apart += 1;
                self.dearer += usize::from(after > before);
                writeln!(self.text, "{name}: {before:.0} {what}, then {after:.0}")?;
            }
        }
        Ok(())
    }

    fn hold_ranks(&mut self, name: &str, [one, next]: [&(&str, Row, Row); 2]) -> std::fmt::Result {
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

/// What differs between two files of results, the texts of `results.csv`. What only the second has is left alone.
///
/// # Errors
///
/// The line of a text that is no result.
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
                    writeln!(compared.text, "{name} {row}: then left out")?;
                }
            }
        }
        for (at, one) in both.iter().enumerate() {
            compared.hold_counts(&format!("{name} {}", one.0), &one.1, &one.2)?;
            for next in &both[at + 1..] {
                compared.hold_ranks(&name, [one, next])?;
            }
        }
    }
    let Comparison { counts, apart, dearer, farthest, missing, pairs, ranks_apart, .. } = compared;
    write!(
        compared.text,
        "{apart} of {counts} counts are more than 1 % apart, {dearer} of them dearer; the farthest {:.2} %\n\
        {ranks_apart} of {pairs} pairs of rows changed ranks, though more than 5 % apart in each run\n\
        {missing} figures are left out\n",
        farthest * 100.0
    )?;
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use super::compare;

    const HEAD: &str = "model,size,row,version,ns,floor_ns,instructions,floor_instructions,allocations,floor_allocations,bytes,floor_bytes\n";

    #[test]
    fn a_rank_and_a_count_that_changed_are_named() {
        let one = format!("{HEAD}hit,1,a,1,100.0,50.0,1000,500,3,1,80,40\nhit,1,b,1,200.0,50.0,2000,500,3,1,80,40\n");
        let other = format!("{HEAD}hit,1,a,1,200.0,50.0,1020,500,3,1,80,40\nhit,1,b,1,100.0,50.0,2001,500,4,1,80,40\n");
        let compared = compare(&one, &other).expect("results");
        assert_eq!((compared.counts, compared.dearer, compared.ranks_apart), (6, 2, 1));
        assert!(!compared.is_good());
        let said = compared.text;
        assert!(said.contains("hit/1 a: 1000 instructions, then 1020"), "{said}");
        assert!(said.contains("hit/1 b: 3 allocations, then 4"), "{said}");
        assert!(!said.contains("2001"), "{said}");
        assert!(said.contains("hit/1 a and b: 100 and 200 ns, then 200 and 100"), "{said}");
        assert!(said.contains("1 of 1 pairs"), "{said}");
    }

    #[test]
    fn what_became_cheaper_is_named_and_good() {
        let of = |instructions: u32| format!("{HEAD}hit,1,a,1,100,50,{instructions},500,3,1,80,40\n");
        let compared = compare(&of(1_000), &of(900)).expect("results");
        assert_eq!((compared.apart, compared.is_good()), (1, true));
    }

    #[test]
    fn a_figure_that_is_gone_is_named_and_not_good() {
        let one = format!("{HEAD}hit,1,a,1,100,50,,,3,1,80,40\n");
        let compared = compare(&one, HEAD).expect("results");
        assert!(compared.text.contains("hit/1 a: then left out"), "{}", compared.text);
        assert_eq!((compared.missing, compared.is_good()), (1, false));
    }

    #[test]
    fn close_neighbours_may_change_ranks() {
        let of = |a: u32, b: u32| format!("{HEAD}hit,1,a,1,{a},50,,,3,1,80,40\nhit,1,b,1,{b},50,,,3,1,80,40\n");
        assert_eq!(compare(&of(100, 104), &of(104, 100)).expect("results").ranks_apart, 0);
    }

    #[test]
    fn what_is_no_result_is_named_by_its_line() {
        let error = compare(HEAD, &format!("{HEAD}nonsense\n")).expect_err("no result");
        assert_eq!(error.to_string(), "line 2: these are no results of a run: nonsense");
        let error = compare("a,b\n", HEAD).expect_err("no results");
        assert_eq!(error.to_string(), "line 1: there is no column `model`");
    }
}
