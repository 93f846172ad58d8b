//! Reading and writing files, with errors that name the file.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Reads a text file.
pub(crate) fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| with_path(path, &error))
}

/// Opens a file for reading.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::open(path).map_err(|error| with_path(path, &error))
}

/// Creates a file, or empties it if it exists.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    File::create(path).map_err(|error| with_path(path, &error))
}

/// Adds the path of a file to an error about that file.
pub(crate) fn with_path(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
