//! Reading the result files of `run --format json`.

use std::{fs, io, path::Path};

use cors_conformance::{report::json, suite::Report};

use crate::files;

/// Reads a result file.
pub(super) fn read(path: &Path) -> io::Result<Report> {
    let bytes = fs::read(path).map_err(|error| files::with_path(path, &error))?;
    json::read(&path.display().to_string(), &bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
