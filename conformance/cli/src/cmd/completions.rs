//! `completions`: prints a completion script for a shell.

use std::io::{self, Write};

use clap::Command;
use clap_complete::{Shell, generate};

use crate::status::Status;

/// Print the completion script for a shell.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance completions bash > /etc/bash_completion.d/cors-conformance
  cors-conformance completions zsh
  cors-conformance completions fish

Exit status:
  0  success")]
pub(crate) struct Args {
    /// Shell to complete in.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, command: &Command) -> io::Result<Status> {
    io::stdout().lock().write_all(&script(args.shell, command))?;
    Ok(Status::Success)
}

/// Returns the script that completes a command.
pub(crate) fn script(shell: Shell, command: &Command) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut command.clone(), "cors-conformance", &mut script);
    if shell == Shell::Bash {
        // The generator spells a hyphen in the name of the command in two ways, so the script would complete nothing after a
        // subcommand.
        return String::from_utf8_lossy(&script).replace("cors__subcmd__conformance", "cors__conformance").into_bytes();
    }
    script
}
