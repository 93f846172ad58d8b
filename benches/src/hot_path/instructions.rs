//! Instruction counts, by valgrind's callgrind: they are the same on every machine that runs the same program, and noise
//! does not reach them. This program is run once more under valgrind for each row, so that no row's count depends on
//! another's; valgrind writes a file after each batch of [`counted`].

use std::{
    collections::BTreeMap,
    env, fs, io,
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
};

use super::{
    Failed,
    figures::{Cost, Figure},
    measure::often,
};

/// The argument that asks this program to make the calls of a row that are counted; the row comes after it, and by
/// standard input a line for each model and size.
pub const ARGUMENT: &str = "--count";

/// Makes a call whose instructions are counted, where this program runs under [`count`]: a few batches of so many calls.
pub fn counted(calls: usize, call: &mut dyn FnMut()) {
    (0..BATCHES).for_each(|_| counted_batch(calls, call));
}

/// The median of so many counts: now and then an allocator tidies up.
const BATCHES: usize = 3;

#[inline(never)]
fn counted_batch(calls: usize, call: &mut dyn FnMut()) {
    (0..calls).for_each(|_| call());
}

/// How it is named in this program's symbols.
const COUNTED: &str = "cors_benches::hot_path::instructions::counted_batch";

/// Counts the instructions of each figure, as many rows at once as there are cores. False where there is no valgrind.
///
/// # Errors
///
/// A program that fails, or a file of valgrind's that says nothing.
pub fn count(figures: &mut [Figure]) -> Result<bool, Failed> {
    match Command::new("valgrind").arg("--version").stdout(Stdio::null()).status() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        status => status?,
    };
    let mut rows: BTreeMap<&str, Vec<&mut Figure>> = BTreeMap::new();
    for figure in figures {
        rows.entry(figure.adapter).or_default().push(figure);
    }
    let rows = Mutex::new(rows.into_iter());
    let next = || rows.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some((row, mut figures)) = next() {
            count_row(row, &mut figures).map_err(|error| format!("{row}: {error}"))?;
        }
        Ok::<(), String>(())
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a panic".to_owned())))
    })?;
    Ok(true)
}

fn count_row(row: &str, figures: &mut [&mut Figure]) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let orders = folder.path().join("orders");
    let lines = figures.iter().map(|figure| format!("{} {}\n", figure.model, figure.size));
    fs::write(&orders, lines.collect::<String>())?;
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--combine-dumps=no"]);
    command.args(["toggle-collect", "dump-after"].map(|option| format!("--{option}={COUNTED}")));
    command.arg(format!("--callgrind-out-file={}", folder.path().join("counts").display()));
    command.arg(env::current_exe()?).args([ARGUMENT, row]);
    let command = command.stdin(fs::File::open(orders)?).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if !status.success() {
        return Err(format!("the program under valgrind ends with {status}").into());
    }
    let file = |number| folder.path().join(format!("counts.{number}"));
    let counts = (1..).map_while(|number| fs::read_to_string(file(number)).ok());
    let counts = counts.map(|text| total(&text).ok_or("a file of callgrind has no total"));
    let counts = counts.collect::<Result<Vec<u64>, _>>()?;
    if counts.len() != 2 * BATCHES * figures.len() {
        return Err(format!("{} counts of {} figures", counts.len(), figures.len()).into());
    }
    let mut counts = counts.into_iter();
    let mut next = || median(counts.by_ref().take(BATCHES).collect());
    for figure in figures {
        let calls = often(figure.size) as f64;
        figure.instructions = Some(Cost { with: next() / calls, floor: next() / calls });
    }
    Ok(())
}

fn median(mut counts: Vec<u64>) -> f64 {
    counts.sort_unstable();
    counts.get(counts.len() / 2).copied().unwrap_or_default() as f64
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
    fn one_batch_that_is_dear_leaves_the_median_alone() {
        assert_eq!(super::median(vec![10, 900, 11]), 11.0);
    }

    #[test]
    fn the_total_is_read_out_of_callgrinds_file() {
        assert_eq!(super::total("events: Ir\nfn=x\n0 5\n\ntotals: 1234\n"), Some(1234));
        assert_eq!(super::total("summary: 77\n"), Some(77));
        assert_eq!(super::total("events: Ir\n"), None);
    }
}
