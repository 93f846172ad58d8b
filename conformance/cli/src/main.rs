//! The command `cors-conformance`.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

mod browsers;
mod cmd;
mod worker;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

/// Does a CORS middleware serve its policy? Judged by the Fetch standard's own algorithms.
#[derive(Parser)]
#[command(name = "cors-conformance", version, arg_required_else_help = false)]
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
    Report(cmd::report::Args),
    CompareRuns(cmd::compare_runs::Args),
    Judge(cmd::judge::Args),
    Assess(cmd::assess::Args),
    Policy(cmd::policy::Args),
    Rules(cmd::rules::Args),
    Vectors(cmd::vectors::Args),
    Mutants(cmd::mutants::Args),
    Browsers(cmd::browsers::Args),
    Completions(cmd::shell::Completions),
    Man(cmd::shell::Man),
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
        Command::Report(args) => cmd::report::run(&args),
        Command::CompareRuns(args) => cmd::compare_runs::run(&args),
        Command::Judge(args) => cmd::judge::run(&args),
        Command::Assess(args) => cmd::assess::run(&args),
        Command::Policy(args) => cmd::policy::run(&args),
        Command::Rules(args) => cmd::rules::run(&args),
        Command::Vectors(args) => cmd::vectors::run(&args),
        Command::Mutants(args) => cmd::mutants::run(&args),
        Command::Browsers(args) => cmd::browsers::run(&args),
        Command::Completions(args) => cmd::shell::completions(&args, Args::command()),
        Command::Man(args) => cmd::shell::man(&args, Args::command()),
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

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::Args;

    #[test]
    fn each_subcommand_has_examples_and_each_example_is_a_command() {
        for command in Args::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> =
                help.lines().filter_map(|line| Some(&line[line.find(" cors-conformance ")?..])).collect();
            assert!(!examples.is_empty(), "{} --help has no example", command.get_name());
            for example in examples {
                let words = shlex::split(example).unwrap_or_default().into_iter().take_while(|word| word != "<");
                let parsed = Args::try_parse_from(words);
                assert!(
                    parsed.is_ok(),
                    "{example}: {}",
                    parsed.err().map(|error| error.to_string()).unwrap_or_default()
                );
            }
        }
    }
}
