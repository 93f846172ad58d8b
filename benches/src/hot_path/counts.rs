//! What is counted, and so is the same in every run: instructions, by valgrind's callgrind, and allocations. This program is
//! run once more for each row, so that no row's counts depend on another's, and under valgrind, where addresses are the same,
//! too; it writes a file of instructions after each batch of [`counted`].

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::Path,
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
const COUNTED: &str = "cors_benches::hot_path::counts::counted_batch";

/// Counts what each figure costs, as many rows at once as there are cores. False where there is no valgrind, and so no
/// instructions are counted.
///
/// # Errors
///
/// A program that fails, or does not say all that it is asked.
pub fn count(figures: &mut [Figure]) -> Result<bool, Failed> {
    let valgrind = match Command::new("valgrind").arg("--version").stdout(Stdio::null()).status() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        status => status?.success(),
    };
    let mut rows: BTreeMap<&str, Vec<&mut Figure>> = BTreeMap::new();
    for figure in figures {
        rows.entry(figure.adapter).or_default().push(figure);
    }
    let rows = Mutex::new(rows.into_iter());
    let next = || rows.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some((row, mut figures)) = next() {
            count_row(row, &mut figures, valgrind).map_err(|error| format!("{row}: {error}"))?;
        }
        Ok::<(), String>(())
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a panic".to_owned())))
    })?;
    Ok(valgrind)
}

fn count_row(row: &str, figures: &mut [&mut Figure], valgrind: bool) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let orders = folder.path().join("orders");
    let lines = figures.iter().map(|figure| format!("{} {}\n", figure.model, figure.size));
    fs::write(&orders, lines.collect::<String>())?;
    let own = env::current_exe()?;
    let mut command = if valgrind { under_callgrind(&own, folder.path()) } else { Command::new(own) };
    let output = command.args([ARGUMENT, row]).stdin(fs::File::open(orders)?).stderr(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(format!("the program that is counted ends with {}", output.status).into());
    }
    read_allocations(str::from_utf8(&output.stdout)?, figures)?;
    if valgrind { read_instructions(folder.path(), figures) } else { Ok(()) }
}

/// What the program says: allocations and bytes in a line, with the middleware and then without it.
fn read_allocations(text: &str, figures: &mut [&mut Figure]) -> Result<(), Failed> {
    let read = |line: &str| {
        let (allocations, bytes) = line.split_once(' ')?;
        Some([allocations.parse().ok()?, bytes.parse().ok()?])
    };
    let lines: Vec<[f64; 2]> = text.lines().map(read).collect::<Option<_>>().ok_or("no counts of allocations")?;
    if lines.len() != 2 * figures.len() {
        return Err(format!("{} counts of allocations of {} figures", lines.len(), figures.len()).into());
    }
    for (figure, lines) in figures.iter_mut().zip(lines.chunks_exact(2)) {
        let [allocations, bytes] = [0, 1].map(|at| Cost { with: lines[0][at], floor: lines[1][at] });
        (figure.allocations, figure.bytes) = (allocations, bytes);
    }
    Ok(())
}

/// What valgrind wrote: so many batches with the middleware, and then without it.
fn read_instructions(folder: &Path, figures: &mut [&mut Figure]) -> Result<(), Failed> {
    let file = |number| folder.join(format!("{COUNTS}.{number}"));
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

/// The name of callgrind's files, each with a number after it.
const COUNTS: &str = "counts";

fn under_callgrind(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--combine-dumps=no"]);
    command.args(["toggle-collect", "dump-after"].map(|option| format!("--{option}={COUNTED}")));
    command.arg(format!("--callgrind-out-file={}", folder.join(COUNTS).display())).arg(program);
    command
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
