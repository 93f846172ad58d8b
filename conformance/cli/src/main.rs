//! The command `cors-conformance`.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

mod browsers;
mod cmd;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    CompareRuns(cmd::compare_runs::Args),
    Report(cmd::report::Args),
    Judge(cmd::judge::Args),
    Assess(cmd::assess::Args),
    Policy(cmd::policy::Args),
    Rules(cmd::rules::Args),
    Vectors(cmd::vectors::Args),
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
        Command::Vectors(args) => cmd::vectors::run(&args),
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

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, ValueEnum};

    use super::*;

    /// The command lines of an example: what stands behind a pipe, and before a file that the shell opens.
    fn examples(help: &str) -> Vec<Vec<String>> {
        let lines = help.lines().filter_map(|line| {
            let (before, command) = line.split_once("cors-conformance ")?;
            (before.trim().is_empty() || before.ends_with("| ")).then_some(command)
        });
        let words = |command: &str| {
            let words = shlex::split(command).unwrap_or_default().into_iter();
            let words = words.take_while(|word| !["<", ">", "|"].contains(&word.as_str()));
            std::iter::once("cors-conformance".to_owned()).chain(words).collect()
        };
        lines.map(words).collect()
    }

    #[test]
    fn every_example_in_a_help_is_a_command_line_and_every_command_has_one() {
        Args::command().debug_assert();
        for command in Args::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples = examples(&help);
            assert!(!examples.is_empty(), "{} has no example", command.get_name());
            for example in examples {
                assert_eq!(example[1], command.get_name());
                if let Err(error) = Args::try_parse_from(&example) {
                    panic!("{}: {error}", example.join(" "));
                }
            }
        }
    }

    #[test]
    fn every_shell_completes_every_command() {
        for shell in clap_complete::Shell::value_variants() {
            let script = String::from_utf8(cmd::completions::script(*shell)).unwrap();
            for command in Args::command().get_subcommands().filter(|command| !command.is_hide_set()) {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
            assert!(script.contains("update-baseline"), "{shell}");
        }
    }

    #[test]
    fn every_command_has_a_manual_page() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("man1");
        let written = ["cors-conformance", "man", "--out", out.to_str().unwrap()];
        let Some(Command::Man(args)) = Args::parse_from(written).command else { panic!("no `man`") };
        assert!(cmd::man::run(&args).is_ok());
        let page = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        assert!(page("cors-conformance.1").contains("cors\\-conformance"));
        for command in Args::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = command.get_name();
            let page = page(&format!("cors-conformance-{name}.1"));
            assert!(page.contains("Examples:"), "{name}: {page}");
        }
        assert!(!out.join("cors-conformance-worker.1").exists());
    }
}
