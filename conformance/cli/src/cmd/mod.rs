//! One file a subcommand.

pub(crate) mod adapters;
pub(crate) mod assess;
pub(crate) mod browsers;
pub(crate) mod campaign;
pub(crate) mod compare;
pub(crate) mod compare_runs;
pub(crate) mod completions;
mod expected;
pub(crate) mod judge;
pub(crate) mod man;
pub(crate) mod mutants;
mod output;
pub(crate) mod policy;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod run;
pub(crate) mod vectors;

use std::{fs, io, path::Path};

use clap::ValueEnum;
use cors_adapters::registry;
use indicatif::{ProgressBar, ProgressStyle};

/// For whom a command writes.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text, for a person.
    #[default]
    Terminal,
    /// One JSON text, for a program.
    Json,
}

/// What a person types to run this program again.
fn program() -> &'static str {
    if std::env::var_os("CARGO").is_some() { "cargo run --" } else { "cors-conformance" }
}

/// What is told of a name that nothing has.
fn no_such(adapter: &str) -> String {
    format!("--adapter {adapter}: no such middleware here; there are {}, and the mutants", registry::known())
}

/// Reads a file, or says which one could not be read.
fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| about(path, &error))
}

/// The error, with the file that it is about.
pub(crate) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// What is shown while an end is not in sight. It is drawn on standard error, and only where that is a terminal.
fn spinner(template: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A bar over cases. It is drawn on standard error, and only where that is a terminal.
fn progress_bar(cases: usize) -> ProgressBar {
    let bar = ProgressBar::new(cases as u64);
    match ProgressStyle::with_template("{bar:30} {pos}/{len} cases  {msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
