//! How a report is written, and where.

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

/// A format of a report: a line here, and a line in [`Output::write_to`].
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text, for a person.
    #[default]
    Terminal,
    /// The result file, which `report` and `compare-runs` read.
    Json,
    /// JUnit XML, for what shows test results.
    Junit,
    /// A comment on a pull request.
    Markdown,
    /// SARIF 2.1.0, for what collects findings.
    Sarif,
    /// One HTML file, to be read in a browser.
    Html,
    /// The badge of one middleware, for shields.io.
    Badge,
}

/// How a report is written, and where.
#[derive(clap::Args)]
pub(super) struct Output {
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write there, not to standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Show every kind of divergence whole, not the worst alone.
    #[arg(long)]
    all: bool,
}

impl Output {
    /// Opens what is written to, for that many rows: what cannot be written is told before hours of work.
    pub(super) fn open(&self, rows: usize) -> io::Result<Opened<'_>> {
        if self.format == Format::Badge && rows != 1 {
            let message =
                format!("--format badge is of one middleware, and there are {rows}: choose by --adapter NAME");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let open = |path: &PathBuf| File::create(path).map_err(|error| super::about(path, &error));
        Ok(Opened { output: self, file: self.out.as_ref().map(open).transpose()? })
    }

    fn write_to(&self, report: &Report, mut output: &mut dyn Write) -> io::Result<()> {
        let program = super::program();
        match self.format {
            Format::Terminal => {
                let (what, rest) = (terminal::vectors_of(report), format!("shown whole by `{program} run --all`"));
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

/// What a report is written to.
pub(super) struct Opened<'o> {
    output: &'o Output,
    file: Option<File>,
}

impl Opened<'_> {
    /// Writes the report.
    pub(super) fn write(self, report: &Report) -> io::Result<()> {
        let write = |mut to: Box<dyn Write>| {
            self.output.write_to(report, &mut to)?;
            to.flush()
        };
        match (self.file, &self.output.out) {
            (Some(file), Some(path)) => {
                write(Box::new(BufWriter::new(file))).map_err(|error| super::about(path, &error))
            }
            _ => write(Box::new(BufWriter::new(io::stdout().lock()))),
        }
    }
}
