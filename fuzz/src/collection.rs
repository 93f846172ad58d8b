//! A collection of findings in files. With it a finding does not end the fuzzer.

use std::{
    collections::HashSet,
    env, fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use cors_conformance::{case::vectors::Vector, report::reproduction::file_name};

use crate::targets::{Finding, Targets};

/// The environment variable with the folder.
pub const COLLECT: &str = "CORS_FUZZ_COLLECT";

/// A folder with a case for each fingerprint that was found.
pub struct Collection {
    folder: PathBuf,
    known: Mutex<HashSet<String>>,
}

impl Collection {
    /// Opens the folder that [`CORS_FUZZ_COLLECT`](COLLECT) names. Returns `None` if it is not set.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be created or read.
    pub fn from_environment() -> io::Result<Option<Self>> {
        env::var_os(COLLECT).map(|folder| Self::of(folder.into())).transpose()
    }

    /// Opens a folder and reads the names of its files.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be created or read.
    pub fn of(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let known = fs::read_dir(&folder)?.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
        Ok(Self { known: Mutex::new(known.collect::<io::Result<_>>()?), folder })
    }

    /// Writes the smallest case that shows a finding, if its fingerprint is new. Returns true if it is.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written.
    pub fn keep(&self, targets: &Targets, finding: &Finding, vector: &Vector) -> io::Result<bool> {
        let file = format!("{}.json", file_name(&finding.fingerprint));
        if !self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(file.clone()) {
            return Ok(false);
        }
        let case = targets.minimised(finding, vector);
        fs::write(self.folder.join(file), serde_json::to_string_pretty(&case)? + "\n")?;
        Ok(true)
    }
}
