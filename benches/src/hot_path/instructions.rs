//! Instruction counts, by valgrind's callgrind: they are the same on every machine that runs the same program, and noise
//! does not reach them. This program is run once more under valgrind, which writes a file after each call of [`counted`].

use std::{
    env, fs,
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
};

/// The argument that asks this program to make the calls that are counted; what to call comes by standard input.
pub const ARGUMENT: &str = "--count";

/// Makes a call whose instructions are counted, where this program runs under [`count`].
#[inline(never)]
pub fn counted(call: &mut dyn FnMut()) {
    call();
}

/// How it is named in this program's symbols.
const COUNTED: &str = "cors_benches::hot_path::instructions::counted";

/// Runs this program again under valgrind with that input, and gives the instructions of each call of [`counted`], in
/// order; nothing where there is no valgrind.
///
/// # Errors
///
/// A program that fails, or a file of valgrind's that says nothing.
pub fn count(input: &str, folder: &Path) -> io::Result<Option<Vec<u64>>> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--combine-dumps=no"]);
    command.args(["toggle-collect", "dump-after"].map(|option| format!("--{option}={COUNTED}")));
    command.arg(format!("--callgrind-out-file={}", folder.join("counts").display()));
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
        return Err(io::Error::other(format!("the program under valgrind ends with {status}")));
    }
    let counts = (1..).map_while(|number| fs::read_to_string(folder.join(format!("counts.{number}"))).ok());
    let counts = counts.map(|text| total(&text).ok_or_else(|| io::Error::other("a file of callgrind has no total")));
    counts.collect::<io::Result<Vec<u64>>>().map(Some)
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
