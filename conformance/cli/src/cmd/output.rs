//! The output options of commands that write a report.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use cors_conformance::{
    report::{badge, html, json, junit, markdown, sarif, terminal},
    suite::Report,
};

use crate::{files, select::usage_error};

/// The format of a report.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Plain text.
    #[default]
    Terminal,
    /// A result file, which `report` and `compare-runs` read.
    Json,
    /// JUnit XML, for test result viewers.
    Junit,
    /// A comment on a pull request.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// One HTML file.
    Html,
    /// The badge of one middleware, for shields.io.
    Badge,
}

/// The output options.
#[derive(clap::Args)]
pub(super) struct Output {
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show every kind of divergence in full, not only the most severe.
    #[arg(long)]
    all: bool,
}

impl Output {
    /// Creates the output file, if any, for a report with a number of rows.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be created, or the format does not fit the number of rows.
    pub(super) fn open(&self, rows: usize) -> io::Result<OpenOutput<'_>> {
        if self.format == Format::Badge && rows != 1 {
            return Err(usage_error(format!(
                "--format badge needs exactly one middleware, and there are {rows}: choose one with --adapter NAME"
            )));
        }
        Ok(OpenOutput { options: self, file: self.out.as_deref().map(files::create).transpose()? })
    }

    fn write_to(&self, report: &Report, mut output: &mut dyn Write) -> io::Result<()> {
        let program = command_prefix();
        match self.format {
            Format::Terminal => {
                let (what, rest) = (terminal::vector_count(report), format!("shown in full by `{program} run --all`"));
                let style = terminal::Style { program, all: self.all, what: &what, rest: &rest, folder: None };
                terminal::write(report, style, &mut output)
            }
            Format::Json => json::write(report, &mut output),
            Format::Junit => junit::write(report, program, &mut output),
            Format::Markdown => markdown::write(report, program, &mut output),
            Format::Sarif => sarif::write(report, program, &mut output),
            Format::Html => html::write(report, &mut output),
            Format::Badge => report.adapters.iter().try_for_each(|row| badge::write(row, &mut output)),
        }
    }
}

/// The output options with the open file.
pub(super) struct OpenOutput<'o> {
    options: &'o Output,
    file: Option<File>,
}

impl OpenOutput<'_> {
    /// Writes the report.
    pub(super) fn write(self, report: &Report) -> io::Result<()> {
        let write = |mut output: Box<dyn Write>| {
            self.options.write_to(report, &mut output)?;
            output.flush()
        };
        match (self.file, &self.options.out) {
            (Some(file), Some(path)) => {
                write(Box::new(BufWriter::new(file))).map_err(|error| files::with_path(path, &error))
            }
            _ => write(Box::new(BufWriter::new(io::stdout().lock()))),
        }
    }
}

/// Returns how a user starts this program again.
pub(super) fn command_prefix() -> &'static str {
    if std::env::var_os("CARGO").is_some() { "cargo run --" } else { "cors-conformance" }
}
