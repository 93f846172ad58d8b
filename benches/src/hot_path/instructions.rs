//! Instruction counts, by valgrind's callgrind: they are the same on every machine that runs the same program, and noise
//! does not reach them. This program is run once more under valgrind, which writes a file after each call of [`counted`].

use std::{
    env, fs, io,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::{
    Failed,
    figures::Cost,
    models::{MODELS, Model},
};

/// The argument that asks this program to make the calls that are counted; what to call comes by standard input.
pub const ARGUMENT: &str = "--count";

/// Makes a call whose instructions are counted, where this program runs under [`count`]; as many times as it is told, since
/// frameworks tell the time anew now and then, allocators tidy up, and hash maps are seeded at random. The least counts.
pub fn counted(times: usize, call: &mut dyn FnMut()) {
    (0..times).for_each(|_| counted_once(call));
}

/// How many times a call is counted: what is large is left to its size.
pub fn times(size: usize) -> usize {
    if size > 1_024 { 2 } else { 12 }
}

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

/// Runs this program again under valgrind, once a core, and gives what each order costs in instructions, in their order;
/// nothing where there is no valgrind.
///
/// # Errors
///
/// A program that fails, or a file of valgrind's that says nothing.
pub fn count(orders: &[Order<&str, &str>]) -> Result<Option<Vec<Cost>>, Failed> {
    // Those of one server come one after another.
    let mut turns: Vec<usize> = (0..orders.len()).collect();
    turns.sort_by_key(|at| orders.get(*at).map(|order| (key(order.model, order.size), order.adapter)));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut counters = Vec::new();
    for turns in turns.chunks(orders.len().div_ceil(cores).max(1)) {
        let orders = turns.iter().filter_map(|at| orders.get(*at));
        match Counter::start(orders) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            counter => counters.push(counter?),
        }
    }
    let mut costs = Vec::new();
    for counter in counters {
        costs.append(&mut counter.costs()?);
    }
    let mut in_order: Vec<(usize, Cost)> = turns.into_iter().zip(costs).collect();
    in_order.sort_by_key(|(at, _)| *at);
    Ok(Some(in_order.into_iter().map(|(_, cost)| cost).collect()))
}

/// This program under valgrind, at work.
struct Counter {
    /// How many times each order's calls are counted.
    calls: Vec<usize>,
    folder: TempDir,
    program: Child,
}

impl Counter {
    fn start<'o>(orders: impl Iterator<Item = &'o Order<&'o str, &'o str>>) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (lines, calls): (Vec<String>, Vec<usize>) =
            orders.map(|Order { model, size, adapter }| (format!("{model} {size} {adapter}\n"), times(*size))).unzip();
        let input = folder.path().join("orders");
        fs::write(&input, lines.concat())?;
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--combine-dumps=no"]);
        command.args(["toggle-collect", "dump-after"].map(|option| format!("--{option}={COUNTED}")));
        command.arg(format!("--callgrind-out-file={}", folder.path().join("counts").display()));
        command.arg(env::current_exe()?).arg(ARGUMENT);
        let program = command.stdin(fs::File::open(input)?).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok(Self { calls, folder, program })
    }

    fn costs(mut self) -> Result<Vec<Cost>, Failed> {
        let status = self.program.wait()?;
        if !status.success() {
            return Err(format!("the program under valgrind ends with {status}").into());
        }
        let file = |number| self.folder.path().join(format!("counts.{number}"));
        let counts = (1..).map_while(|number| fs::read_to_string(file(number)).ok());
        let counts = counts.map(|text| total(&text).ok_or("a file of callgrind has no total"));
        let counts = counts.collect::<Result<Vec<u64>, _>>()?;
        if counts.len() != 2 * self.calls.iter().sum::<usize>() {
            return Err(format!("{} counts of {} orders", counts.len(), self.calls.len()).into());
        }
        let mut counts = counts.into_iter();
        let mut least = |times: usize| counts.by_ref().take(times).min().unwrap_or_default() as f64;
        let costs = self.calls.iter().map(|times| Cost { with: least(*times), floor: least(*times) });
        Ok(costs.collect())
    }
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
