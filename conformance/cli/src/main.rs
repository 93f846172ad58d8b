//! The command `cors-conformance`.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

mod browsers;
mod cmd;
mod files;
mod select;
mod status;
mod worker;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use status::Status;

/// Check whether CORS middlewares serve their policies
///
/// The command runs the Fetch standard's own algorithms as a browser, and compares what a page gets with what the policy
/// permits. Without a subcommand, it runs the suite over every built-in middleware.
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
        Command::Completions(args) => cmd::completions::run(&args, &public_command()),
        Command::Man(args) => cmd::man::run(&args, public_command()),
        Command::Worker(args) => worker::run(&args),
    };
    match result {
        Ok(status) => status.into(),
        // The reader of the output has closed the pipe, so it needs no more.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            Status::Errors.into()
        }
    }
}

/// Returns the command line without the hidden subcommand, which completions would list.
fn public_command() -> clap::Command {
    let whole = Args::command();
    clap::Command::new("cors-conformance")
        .version(env!("CARGO_PKG_VERSION"))
        .about(whole.get_about().cloned().unwrap_or_default())
        .long_about(whole.get_long_about().cloned().unwrap_or_default())
        .disable_help_subcommand(true)
        .subcommands(whole.get_subcommands().filter(|command| !command.is_hide_set()).cloned())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    /// Returns the command lines of the examples in a help text, without what belongs to the shell: what comes before a
    /// pipe and after a redirection.
    fn examples(help: &str) -> Vec<Vec<String>> {
        let lines = help.lines().filter_map(|line| {
            let (before, command) = line.split_once("cors-conformance ")?;
            (before.trim().is_empty() || before.ends_with("| ")).then_some(command)
        });
        let split = |command: &str| {
            let arguments = shlex::split(command).unwrap_or_default().into_iter();
            let arguments = arguments.take_while(|argument| !["<", ">", "|"].contains(&argument.as_str()));
            std::iter::once("cors-conformance".to_owned()).chain(arguments).collect()
        };
        lines.map(split).collect()
    }

    fn public_subcommands() -> Vec<clap::Command> {
        public_command().get_subcommands().cloned().collect()
    }

    #[test]
    fn every_command_has_examples_and_each_of_them_parses() {
        Args::command().debug_assert();
        for command in public_subcommands() {
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
    fn every_help_describes_the_exit_status() {
        for command in public_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Exit status:\n"), "{}: {help}", command.get_name());
        }
    }

    #[test]
    fn every_argument_is_described_without_a_final_period() {
        for command in public_subcommands() {
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !help.is_empty() && !help.ends_with('.'),
                    "{} {}: {help}",
                    command.get_name(),
                    argument.get_id()
                );
            }
        }
    }

    #[test]
    fn every_shell_completes_every_command_and_its_options() {
        for shell in clap_complete::Shell::value_variants() {
            let script = String::from_utf8(cmd::completions::script(*shell, &public_command())).unwrap();
            for command in public_subcommands() {
                assert!(script.contains(command.get_name()), "{shell}: {}", command.get_name());
            }
            assert!(script.contains("update-baseline") && !script.contains("worker"), "{shell}: {script}");
        }
    }

    #[test]
    fn the_script_for_bash_completes_after_each_subcommand() {
        let script =
            String::from_utf8(cmd::completions::script(clap_complete::Shell::Bash, &public_command())).unwrap();
        let states = script.lines().filter_map(|line| line.trim().strip_prefix("cmd=\"")?.strip_suffix('"'));
        let states: Vec<&str> = states.filter(|state| !state.is_empty()).collect();
        assert!(states.len() >= public_subcommands().len(), "{states:?}");
        for state in states {
            assert!(script.lines().any(|line| line.trim() == format!("{state})")), "{state} completes nothing");
        }
    }

    #[test]
    fn every_command_has_a_manual_page() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("man1");
        let command_line = ["cors-conformance", "man", "--out", out.to_str().unwrap()];
        let Some(Command::Man(args)) = Args::parse_from(command_line).command else { panic!("no `man`") };
        assert!(cmd::man::run(&args, public_command()).is_ok());
        let page = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        assert!(page("cors-conformance.1").contains("cors\\-conformance"));
        for command in public_subcommands() {
            let name = command.get_name();
            let page = page(&format!("cors-conformance-{name}.1"));
            assert!(page.contains("Examples:"), "{name}: {page}");
        }
        assert!(!out.join("cors-conformance-worker.1").exists());
    }
}
