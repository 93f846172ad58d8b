//! Reading a policy from a file or from standard input.

use std::{io, path::Path};

use cors_conformance::input::{InputError, from_json};
use cors_policy::Policy;
use serde_json::{Map, Value};

use crate::files;

/// Reads the policy in a file, or on standard input if the path is `-`.
///
/// # Errors
///
/// Returns the outer error if the text cannot be read, and the inner one if it is not a policy.
pub(super) fn read(path: &Path) -> io::Result<Result<Policy, InputError>> {
    let text = if is_standard_input(path) {
        io::read_to_string(io::stdin().lock()).map_err(|error| files::with_path(Path::new(&name(path)), &error))?
    } else {
        files::read(path)?
    };
    // Serde would also accept an array that lists the fields in their order.
    let policy = from_json::<Map<String, Value>>(&text).and_then(|_| from_json(&text));
    Ok(policy.map_err(|error| InputError { file: Some(name(path)), ..error }))
}

/// Returns the name of a path in reports.
pub(super) fn name(path: &Path) -> String {
    if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// Returns true if a path means standard input.
pub(super) fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}
