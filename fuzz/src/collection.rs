//! Findings kept as files, so that one of them does not end the search.

use std::{
    collections::HashSet,
    env, fs, io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use cors_conformance::{case::vectors::Vector, report::reproduction::file_name};

use crate::asked::{Asked, Finding};

/// The variable that names the folder.
pub const COLLECT: &str = "CORS_FUZZ_COLLECT";

/// A folder of cases, one for each fingerprint that was found.
pub struct Collection {
    folder: PathBuf,
    known: Mutex<HashSet<String>>,
}

impl Collection {
    /// The folder that [`CORS_FUZZ_COLLECT`](COLLECT) names, where it names one.
    ///
    /// # Errors
    ///
    /// A folder that cannot be made.
    pub fn of_environment() -> io::Result<Option<Self>> {
        env::var_os(COLLECT).map(|folder| Self::of(folder.into())).transpose()
    }

    /// A folder, with what is in it already.
    ///
    /// # Errors
    ///
    /// A folder that cannot be made.
    pub fn of(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let known = fs::read_dir(&folder)?.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
        Ok(Self { known: Mutex::new(known.collect::<io::Result<_>>()?), folder })
    }

    /// Keeps a finding with the smallest case that shows it, where its fingerprint is new, and tells whether it is.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn keep(&self, asked: &Asked, finding: &Finding, vector: &Vector) -> io::Result<bool> {
        let file = format!("{}.json", file_name(&finding.fingerprint));
        if !self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(file.clone()) {
            return Ok(false);
        }
        let case = asked.minimised(finding, vector);
        fs::write(self.folder.join(file), serde_json::to_string_pretty(&case)? + "\n")?;
        Ok(true)
    }
}
