//! The command `cors-conformance`.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

mod browsers;
mod cmd;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Does a CORS middleware serve its policy? Judged by the Fetch standard's own algorithms.
#[derive(Parser)]
#[command(version, arg_required_else_help = false)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Run(cmd::run::Args),
    Campaign(cmd::campaign::Args),
    Adapters(cmd::adapters::Args),
    Compare(cmd::compare::Args),
    CompareRuns(cmd::compare_runs::Args),
    Report(cmd::report::Args),
    Judge(cmd::judge::Args),
    Assess(cmd::assess::Args),
    Policy(cmd::policy::Args),
    Rules(cmd::rules::Args),
    Mutants(cmd::mutants::Args),
    Browsers(cmd::browsers::Args),
    Completions(cmd::completions::Args),
    Man(cmd::man::Args),
    #[command(hide = true)]
    Worker(worker::Args),
}

/// What a run found.
enum Found {
    /// Nothing beyond the baseline.
    Nothing,
    /// Divergences, or a dangerous policy.
    Divergences,
    /// Something could not be run.
    Errors,
}

fn main() -> ExitCode {
    let command = Args::parse().command.unwrap_or_else(|| Command::Run(cmd::run::Args::default()));
    let result = match command {
        Command::Run(args) => cmd::run::run(&args),
        Command::Campaign(args) => cmd::campaign::run(&args),
        Command::Adapters(args) => cmd::adapters::run(&args),
        Command::Compare(args) => cmd::compare::run(&args),
        Command::CompareRuns(args) => cmd::compare_runs::run(&args),
        Command::Report(args) => cmd::report::run(&args),
        Command::Judge(args) => cmd::judge::run(&args),
        Command::Assess(args) => cmd::assess::run(&args),
        Command::Policy(args) => cmd::policy::run(&args),
        Command::Rules(args) => cmd::rules::run(&args),
        Command::Mutants(args) => cmd::mutants::run(&args),
        Command::Browsers(args) => cmd::browsers::run(&args),
        Command::Completions(args) => cmd::completions::run(&args),
        Command::Man(args) => cmd::man::run(&args),
        Command::Worker(args) => worker::run(&args),
    };
    match result {
        Ok(Found::Nothing) => ExitCode::SUCCESS,
        Ok(Found::Divergences) => ExitCode::from(1),
        Ok(Found::Errors) => ExitCode::from(2),
        // A reader that closes the pipe has what it wanted.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
