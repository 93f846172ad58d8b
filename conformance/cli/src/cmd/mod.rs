//! One file a subcommand.

pub(crate) mod browsers;
pub(crate) mod judge;
pub(crate) mod run;

use std::{fs, io, path::Path};

/// Reads a file, or says which one could not be read.
fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}
