//! A result, written for whoever asked.

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

/// How a result is written.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A screen or two of text, for a person.
    #[default]
    Terminal,
    /// The result file: one JSON text, of which `report` makes every other format.
    Json,
    /// JUnit XML, for a CI.
    Junit,
    /// Markdown, for a comment on a pull request.
    Markdown,
    /// SARIF 2.1.0, for what collects the findings of many tools.
    Sarif,
    /// One HTML file, to be read in a browser.
    Html,
    /// The JSON of a badge of shields.io.
    Badge,
}

/// For whom a result is written, and where.
#[derive(clap::Args)]
pub(super) struct Rendered {
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

/// The file to write to, where there is one.
pub(super) struct Opened(Option<(PathBuf, File)>);

impl Rendered {
    /// Opens the file: one that cannot be written is told before hours of work.
    pub(super) fn open(&self) -> io::Result<Opened> {
        let open = |path: &PathBuf| match File::create(path) {
            Ok(file) => Ok((path.clone(), file)),
            Err(error) => Err(super::about(path, &error)),
        };
        self.out.as_ref().map(open).transpose().map(Opened)
    }

    /// Writes the result.
    pub(super) fn write(&self, report: &Report, Opened(out): Opened) -> io::Result<()> {
        match out {
            None => {
                let mut output = BufWriter::new(io::stdout().lock());
                self.write_to(report, &mut output)?;
                output.flush()
            }
            Some((path, file)) => {
                let mut output = BufWriter::new(file);
                let written = self.write_to(report, &mut output).and_then(|()| output.flush());
                written.map_err(|error| super::about(&path, &error))
            }
        }
    }

    fn write_to(&self, report: &Report, output: impl Write) -> io::Result<()> {
        match self.format {
            Format::Terminal => {
                let program = super::program();
                let (what, rest) = (terminal::vectors_of(report), format!("shown whole by `{program} run --all`"));
                let style = terminal::Style { program, all: self.all, what: &what, rest: &rest, folder: None };
                terminal::write(report, style, output)
            }
            Format::Json => json::write(report, output),
            Format::Junit => junit::write(report, output),
            Format::Markdown => markdown::write(report, output),
            Format::Sarif => sarif::write(report, output),
            Format::Html => html::write(report, output),
            Format::Badge => badge::write(report, output),
        }
    }
}
