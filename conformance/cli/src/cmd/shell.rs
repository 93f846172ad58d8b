//! `completions` and `man`: what a shell and a manual say of this command.

use std::{fs, io, path::PathBuf};

use clap::Command;
use clap_complete::Shell;

use crate::Found;

/// Print completions for a shell.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance completions bash
  cors-conformance completions fish")]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

/// Write manual pages, one for each subcommand, into a folder.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance man target/man")]
pub(crate) struct Man {
    /// The folder; it is made where it is not there.
    folder: PathBuf,
}

pub(crate) fn completions(args: &Completions, mut command: Command) -> io::Result<Found> {
    clap_complete::generate(args.shell, &mut command, "cors-conformance", &mut io::stdout().lock());
    Ok(Found::Nothing)
}

pub(crate) fn man(args: &Man, command: Command) -> io::Result<Found> {
    fs::create_dir_all(&args.folder).map_err(|error| super::about(&args.folder, &error))?;
    clap_mangen::generate_to(command, &args.folder).map_err(|error| super::about(&args.folder, &error))?;
    Ok(Found::Nothing)
}
