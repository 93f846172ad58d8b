//! Two runs held against each other: the counts must be the same, and so must the ranks but for close neighbours.

use std::{collections::BTreeMap, fmt::Write as _};

use super::Failed;

/// Instruction counts further apart than this are named.
const COUNTS_APART: f64 = 0.01;
/// Times closer than this may change ranks.
const TIMES_APART: f64 = 0.05;

/// A figure of a file of results: time and instructions, with the middleware.
#[derive(Debug, Clone, Copy)]
struct Row {
    time: f64,
    instructions: Option<f64>,
}

/// Model and size, and in them the rows.
type Results<'t> = BTreeMap<(&'t str, &'t str), BTreeMap<&'t str, Row>>;

fn read(text: &str) -> Result<Results<'_>, Failed> {
    let mut results = Results::new();
    for (at, line) in text.lines().enumerate().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [model, size, adapter, _, time, _, instructions, ..] = fields[..] else {
            return Err(format!("line {}: these are no results of a run: {line}", at + 1).into());
        };
        let number = |text: &str| text.parse::<f64>().map_err(|_| format!("line {}: `{text}` is no number", at + 1));
        let instructions = if instructions.is_empty() { None } else { Some(number(instructions)?) };
        let row = Row { time: number(time)?, instructions };
        results.entry((model, size)).or_default().insert(adapter, row);
    }
    Ok(results)
}

fn apart(one: f64, other: f64) -> f64 {
    (one - other).abs() / one.min(other).max(1.0)
}

/// What differs between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Each difference in a line, and their numbers.
    pub text: String,
    /// How many instruction counts are more than 1 % apart.
    pub counts_apart: usize,
    /// How many pairs of rows changed ranks, though their times are more than 5 % apart in each run.
    pub ranks_apart: usize,
}

/// What differs between two files of results, the texts of `results.csv`.
///
/// # Errors
///
/// The line of a text that is no result.
pub fn compare(one: &str, other: &str) -> Result<Comparison, Failed> {
    let (one, other) = (read(one)?, read(other)?);
    let (mut counts, mut counts_apart, mut farthest, mut pairs, mut ranks_apart) = (0, 0, 0.0_f64, 0, 0);
    let mut text = String::new();
    for ((model, size), rows) in &one {
        let Some(others) = other.get(&(*model, *size)) else { continue };
        let both: Vec<(&str, Row, Row)> =
            rows.iter().filter_map(|(name, row)| Some((*name, *row, *others.get(name)?))).collect();
        for (name, before, after) in &both {
            let (Some(before), Some(after)) = (before.instructions, after.instructions) else { continue };
            counts += 1;
            farthest = farthest.max(apart(before, after));
            if apart(before, after) > COUNTS_APART {
                counts_apart += 1;
                writeln!(text, "{model}/{size} {name}: {before:.0} and {after:.0} instructions")?;
            }
        }
        for (at, (name, before, after)) in both.iter().enumerate() {
            for (next, next_before, next_after) in &both[at + 1..] {
                pairs += 1;
                let turned = (before.time < next_before.time) != (after.time < next_after.time);
                let is_close = |one: f64, other: f64| apart(one, other) <= TIMES_APART;
                if turned && !is_close(before.time, next_before.time) && !is_close(after.time, next_after.time) {
                    ranks_apart += 1;
                    writeln!(
                        text,
                        "{model}/{size} {name} and {next}: {:.0} and {:.0} ns, then {:.0} and {:.0}",
                        before.time, next_before.time, after.time, next_after.time
                    )?;
                }
            }
        }
    }
    writeln!(
        text,
        "{counts_apart} of {counts} instruction counts are more than 1 % apart, the farthest {:.2} %",
        farthest * 100.0
    )?;
    writeln!(text, "{ranks_apart} of {pairs} pairs of rows changed ranks, though more than 5 % apart in each run")?;
    Ok(Comparison { text, counts_apart, ranks_apart })
}

#[cfg(test)]
mod tests {
    use super::compare;

    const HEAD: &str = "model,size,row,version,ns,floor_ns,instructions,floor_instructions\n";

    #[test]
    fn a_rank_and_a_count_that_changed_are_named() {
        let one = format!("{HEAD}hit,1,a,1,100.0,50.0,1000,500\nhit,1,b,1,200.0,50.0,2000,500\n");
        let other = format!("{HEAD}hit,1,a,1,200.0,50.0,1020,500\nhit,1,b,1,100.0,50.0,2001,500\n");
        let compared = compare(&one, &other).expect("results");
        assert_eq!((compared.counts_apart, compared.ranks_apart), (1, 1));
        let said = compared.text;
        assert!(said.contains("hit/1 a: 1000 and 1020 instructions"), "{said}");
        assert!(!said.contains("hit/1 b: 2000"), "{said}");
        assert!(said.contains("hit/1 a and b: 100 and 200 ns, then 200 and 100"), "{said}");
        assert!(said.contains("1 of 1 pairs"), "{said}");
    }

    #[test]
    fn close_neighbours_may_change_ranks() {
        let of = |a: u32, b: u32| format!("{HEAD}hit,1,a,1,{a},50,,\nhit,1,b,1,{b},50,,\n");
        assert_eq!(compare(&of(100, 104), &of(104, 100)).expect("results").ranks_apart, 0);
    }

    #[test]
    fn what_is_no_result_is_named_by_its_line() {
        let error = compare(HEAD, &format!("{HEAD}nonsense\n")).expect_err("no result");
        assert_eq!(error.to_string(), "line 2: these are no results of a run: nonsense");
    }
}
