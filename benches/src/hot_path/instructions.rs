//! Instruction counts, by valgrind's callgrind: they are the same on every machine that runs the same program, and noise
//! does not reach them. This program is run once more under valgrind, which writes a file after each call of [`counted`].

use std::{
    env, fs,
    io::{self, Write as _},
    process::{Command, Stdio},
};

use super::{
    Failed,
    figures::Cost,
    models::{MODELS, Model},
};

/// The argument that asks this program to make the calls that are counted; what to call comes by standard input.
pub const ARGUMENT: &str = "--count";

/// Makes a call whose instructions are counted, where this program runs under [`count`]; twice, since now and then a
/// framework does more in one call, such as telling the time anew. The lesser counts.
pub fn counted(call: &mut dyn FnMut()) {
    (0..TIMES).for_each(|_| counted_once(call));
}

const TIMES: usize = 2;

#[inline(never)]
fn counted_once(call: &mut dyn FnMut()) {
    call();
}

/// How it is named in this program's symbols.
const COUNTED: &str = "cors_benches::hot_path::instructions::counted_once";

/// A call to count: of a row, in a model at a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<M, A> {
    /// The model.
    pub model: M,
    /// The size.
    pub size: usize,
    /// The row.
    pub adapter: A,
}

impl<'l> Order<&'static Model, &'l str> {
    /// Reads an order; nothing of what is none.
    pub fn parse(line: &'l str) -> Option<Self> {
        let [model, size, adapter] = line.split(' ').collect::<Vec<_>>()[..] else { return None };
        let model = MODELS.iter().find(|own| own.id == model)?;
        Some(Self { model, size: size.parse().ok()?, adapter })
    }
}

/// Runs this program again under valgrind, and gives what each order costs in instructions, in their order; nothing where
/// there is no valgrind.
///
/// # Errors
///
/// A program that fails, or a file of valgrind's that says nothing.
pub fn count(orders: &[Order<&str, &str>]) -> Result<Option<Vec<Cost>>, Failed> {
    let folder = tempfile::tempdir()?;
    // Those of one server come one after another.
    let mut turns: Vec<usize> = (0..orders.len()).collect();
    turns.sort_by_key(|at| orders.get(*at).map(|order| (key(order.model, order.size), order.adapter)));
    let lines = turns
        .iter()
        .filter_map(|at| orders.get(*at))
        .map(|Order { model, size, adapter }| format!("{model} {size} {adapter}\n"));
    let input: String = lines.collect();
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--combine-dumps=no"]);
    command.args(["toggle-collect", "dump-after"].map(|option| format!("--{option}={COUNTED}")));
    command.arg(format!("--callgrind-out-file={}", folder.path().join("counts").display()));
    command.arg(env::current_exe()?).arg(ARGUMENT);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = match command.spawn() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        child => child?,
    };
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("the program under valgrind ends with {status}").into());
    }
    let counts = (1..).map_while(|number| fs::read_to_string(folder.path().join(format!("counts.{number}"))).ok());
    let counts = counts.map(|text| total(&text).ok_or("a file of callgrind has no total"));
    let counts = counts.collect::<Result<Vec<u64>, _>>()?;
    if counts.len() != 2 * TIMES * orders.len() {
        return Err(format!("{} counts of {} calls", counts.len(), 2 * TIMES * orders.len()).into());
    }
    let least = |counts: &[u64]| counts.iter().copied().min().unwrap_or_default() as f64;
    let costs = counts.chunks_exact(2 * TIMES).map(|counts| {
        let (with, floor) = counts.split_at(TIMES);
        Cost { with: least(with), floor: least(floor) }
    });
    let mut in_order: Vec<(usize, Cost)> = turns.into_iter().zip(costs).collect();
    in_order.sort_by_key(|(at, _)| *at);
    Ok(Some(in_order.into_iter().map(|(_, cost)| cost).collect()))
}

fn key(model: &str, size: usize) -> Option<(super::models::Listing, usize)> {
    MODELS.iter().find(|own| own.id == model).map(|model| model.policy.key(size))
}

/// The instructions that a file of callgrind's tells.
fn total(text: &str) -> Option<u64> {
    let line =
        text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_total_is_read_out_of_callgrinds_file() {
        assert_eq!(super::total("events: Ir\nfn=x\n0 5\n\ntotals: 1234\n"), Some(1234));
        assert_eq!(super::total("summary: 77\n"), Some(77));
        assert_eq!(super::total("events: Ir\n"), None);
    }
}
