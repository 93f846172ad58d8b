//! `man`: the manual pages.

use std::{fs, io, path::PathBuf};

use clap::CommandFactory;

use crate::Found;

/// Write the manual pages, one a subcommand.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance man --out man1")]
pub(crate) struct Args {
    /// The folder that they go to; it is made where it is not there.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let named = |error: io::Error| super::about(&args.out, &error);
    fs::create_dir_all(&args.out).map_err(named)?;
    clap_mangen::generate_to(crate::Args::command(), &args.out).map_err(named)?;
    Ok(Found::Nothing)
}
