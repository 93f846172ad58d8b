//! The counts, which are equal in every run: instructions, by callgrind of valgrind, and allocations.
//!
//! Each row is counted in its own process, so its counts do not depend on other rows. Under valgrind the addresses are
//! equal in every run, too. Callgrind writes a file of instructions after each batch of [`counted`].

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::Path,
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
};

use super::{
    extent::Failed,
    figures::{Cost, Figure},
    measure::calls_for_mean,
};

/// The argument with which this program makes the counted calls of one row. The name of the row follows it, and standard
/// input has a line for each model and size.
pub const ARGUMENT: &str = "--count";

/// Makes a few batches of calls. Their instructions are counted if [`count`] runs this program under callgrind.
pub fn counted(calls: usize, call: &mut dyn FnMut()) {
    (0..BATCHES).for_each(|_| counted_batch(calls, call));
}

/// The number of batches, of which the median counts. Occasionally an allocator cleans up during a batch.
const BATCHES: usize = 3;

#[inline(never)]
fn counted_batch(calls: usize, call: &mut dyn FnMut()) {
    (0..calls).for_each(|_| call());
}

/// The symbol of the function.
const COUNTED: &str = "cors_benches::hot_path::counts::counted_batch";

/// Counts the costs of each figure. Counts as many rows at once as there are cores.
///
/// Returns false if valgrind is not installed. No instructions are counted then.
///
/// # Errors
///
/// Fails if a program fails or does not report all counts.
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
        return Err(format!("the counted program ends with {}", output.status).into());
    }
    read_allocations(str::from_utf8(&output.stdout)?, figures)?;
    if valgrind { read_instructions(folder.path(), figures) } else { Ok(()) }
}

/// Reads the output of the program. Each line has allocations and bytes. The line with the middleware comes before the
/// line without it.
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

/// Reads the files of callgrind. The batches with the middleware come before the batches without it.
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
        let calls = calls_for_mean(figure.size) as f64;
        figure.instructions = Some(Cost { with: next() / calls, floor: next() / calls });
    }
    Ok(())
}

/// The name of the files of callgrind. A number follows it.
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

/// Returns the total number of instructions in a file of callgrind.
fn total(text: &str) -> Option<u64> {
    let line =
        text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_expensive_batch_does_not_change_the_median() {
        assert_eq!(super::median(vec![10, 900, 11]), 11.0);
    }

    #[test]
    fn the_total_is_read_from_the_file_of_callgrind() {
        assert_eq!(super::total("events: Ir\nfn=x\n0 5\n\ntotals: 1234\n"), Some(1234));
        assert_eq!(super::total("summary: 77\n"), Some(77));
        assert_eq!(super::total("events: Ir\n"), None);
    }
}
