//! `man`: writes the manual pages.

use std::{fs, io, path::PathBuf};

use clap::Command;

use crate::{files, status::Status};

/// Write the manual pages, one for each subcommand.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance man --out man1

Exit status:
  0  success
  2  the pages could not be written")]
pub(crate) struct Args {
    /// Folder to write to; it is created if it does not exist.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args, command: Command) -> io::Result<Status> {
    let with_path = |error: io::Error| files::with_path(&args.out, &error);
    fs::create_dir_all(&args.out).map_err(with_path)?;
    clap_mangen::generate_to(command, &args.out).map_err(with_path)?;
    Ok(Status::Success)
}
