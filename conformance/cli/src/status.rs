//! The outcome of a command, as its exit status reports it.

use std::process::ExitCode;

/// The outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// The command found nothing beyond what is expected.
    Success,
    /// The command found divergences, differences or dangerous policies.
    Divergences,
    /// Some input could not be used, or something could not be run.
    Errors,
}

impl Status {
    /// Returns [`Self::Errors`] if there are errors, and this status otherwise.
    pub(crate) fn unless(self, errors: &[String]) -> Self {
        if errors.is_empty() { self } else { Self::Errors }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Success => Self::SUCCESS,
            Status::Divergences => Self::from(1),
            Status::Errors => Self::from(2),
        }
    }
}

/// Writes each error as a line on standard error.
pub(crate) fn print_errors(errors: &[String]) {
    for error in errors {
        eprintln!("error: {error}");
    }
}
