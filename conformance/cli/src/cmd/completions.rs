//! `completions`: what a shell needs to complete this command.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::Found;

/// Print the completions of a shell.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance completions bash > /etc/bash_completion.d/cors-conformance
  cors-conformance completions zsh
  cors-conformance completions fish")]
pub(crate) struct Args {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    io::stdout().lock().write_all(&script(args.shell))?;
    Ok(Found::Nothing)
}

pub(crate) fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut crate::Args::command(), "cors-conformance", &mut script);
    script
}
