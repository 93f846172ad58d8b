//! The baseline of expected divergences: checking a report against it, and updating it.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use cors_conformance::{baseline::Baseline, input::InputError, suite::Report};
use tempfile::Builder;

use crate::{
    files,
    status::{Status, print_errors},
};

/// The options about the baseline.
#[derive(clap::Args)]
pub(super) struct BaselineOptions {
    /// Read the expected divergences from this file.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Update the baseline: remove entries that match nothing, correct `covers`, and add new divergences.
    ///
    /// Each added entry needs a reason and a link, which you write. The command exits with status 1 until every entry has
    /// both.
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
}

impl BaselineOptions {
    /// Reads the baseline and marks the divergences of a report that it expects.
    ///
    /// Returns `None` if there is no baseline or it cannot be read. The reasons are added to `errors`.
    pub(super) fn apply(&self, report: &mut Report, errors: &mut Vec<String>) -> Option<Baseline> {
        let baseline = self.read(errors)?;
        baseline.apply(report);
        Some(baseline)
    }

    fn read(&self, errors: &mut Vec<String>) -> Option<Baseline> {
        let path = self.baseline.as_deref()?;
        if !self.update_baseline {
            return read_baseline(path, errors);
        }
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => match Baseline::read_unfinished(&file, &text) {
                Ok(baseline) => return Some(baseline),
                Err(invalid) => errors.extend(invalid.iter().map(ToString::to_string)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Baseline::empty(&file)),
            Err(error) => errors.push(format!("--baseline {file}: {error}")),
        }
        None
    }

    /// Checks a report, with its expected divergences marked, against the baseline; or updates the baseline.
    ///
    /// Divergences beyond the baseline and entries that match nothing give [`Status::Divergences`].
    pub(super) fn check_against_baseline(
        &self,
        baseline: Option<&Baseline>,
        report: &Report,
        errors: &mut Vec<String>,
    ) -> io::Result<Status> {
        if report.adapters.iter().any(|adapter| adapter.counts.broken > 0) {
            errors.push("a middleware could not be run; its row gives the reason".to_owned());
        }
        let found = new_divergences(report);
        let (Some(baseline), Some(path)) = (baseline, &self.baseline) else { return Ok(found) };
        let faults = if !self.update_baseline {
            baseline.stale(report)
        } else if report.adapters.iter().all(|row| row.part.is_whole()) {
            update(baseline, path, report)?
        } else {
            errors.push(
                "--update-baseline: this result covers only a part of the suite; merge all shards first".to_owned(),
            );
            return Ok(found);
        };
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        print_errors(&faults);
        Ok(if faults.is_empty() { found } else { Status::Divergences })
    }
}

/// Returns [`Status::Divergences`] if a report has divergences that no baseline expects.
pub(super) fn new_divergences(report: &Report) -> Status {
    let mut divergences = report.adapters.iter().flat_map(|row| &row.divergences);
    if divergences.any(|divergence| !divergence.known) { Status::Divergences } else { Status::Success }
}

/// Reads a baseline. Returns `None` and adds to `errors` if it cannot be read.
pub(super) fn read_baseline(path: &Path, errors: &mut Vec<String>) -> Option<Baseline> {
    match files::read(path) {
        Ok(text) => match Baseline::read(&path.display().to_string(), &text) {
            Ok(baseline) => return Some(baseline),
            Err(invalid) => errors.extend(invalid.iter().map(ToString::to_string)),
        },
        Err(error) => errors.push(format!("--baseline {error}")),
    }
    None
}

/// Updates the file of a baseline, prints the changes, and returns the entries that still need a reason or a link.
fn update(baseline: &Baseline, path: &Path, report: &Report) -> io::Result<Vec<InputError>> {
    let update = baseline.update(report);
    replace_file(path, &update.text).map_err(|error| files::with_path(path, &error))?;
    for change in &update.changes {
        eprintln!("{}: {change}", path.display());
    }
    let summary = match update.changes.len() {
        0 => "nothing to change".to_owned(),
        1 => "1 entry changed".to_owned(),
        changes => format!("{changes} entries changed"),
    };
    eprintln!("{}: {summary}", path.display());
    Ok(update.unexplained)
}

/// Replaces the content of a file as a whole, unless the file has this content already.
fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    // A symbolic link keeps pointing to the file.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = fs::metadata(&path).map_or(Permissions::from_mode(0o666), |old| old.permissions());
    let mut file = Builder::new().prefix(".baseline").permissions(permissions).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}
