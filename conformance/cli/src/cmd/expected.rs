//! What is expected, and whether a result is beyond it.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use cors_conformance::{baseline::Baseline, suite::Report};
use tempfile::Builder;

use super::run::Complaints;
use crate::Found;

/// Divergences that are expected.
#[derive(clap::Args)]
pub(super) struct Expected {
    /// Divergences that are expected.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Bring the baseline up to date: drop what matches nothing, correct `covers`, and add what is new, whose reason and
    /// link you then write.
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
}

impl Expected {
    /// Reads the baseline.
    pub(super) fn read(&self, complaints: &mut Complaints) -> Option<Baseline> {
        let path = self.baseline.as_deref()?;
        if !self.update_baseline {
            return read_baseline(Some(path), complaints);
        }
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => match Baseline::read_unfinished(&file, &text) {
                Ok(baseline) => return Some(baseline),
                Err(errors) => complaints.extend(errors.iter().map(ToString::to_string)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Baseline::empty(&file)),
            Err(error) => complaints.push(format!("--baseline {file}: {error}")),
        }
        None
    }

    /// Tells whether a report is beyond the baseline, and what of the baseline no longer holds; or brings it up to date.
    pub(super) fn settle(
        &self,
        baseline: Option<&Baseline>,
        report: &Report,
        complaints: &mut Complaints,
    ) -> io::Result<Found> {
        let mut found = report.adapters.iter().flat_map(|row| &row.divergences).map(|divergence| !divergence.known);
        let mut found = if found.any(|is_new| is_new) { Found::Divergences } else { Found::Nothing };
        match (baseline, &self.baseline) {
            (Some(_), _) if self.update_baseline && report.adapters.iter().any(|row| !row.part.is_whole()) => {
                complaints.push("--update-baseline: only a whole result can tell, and this is a part".to_owned());
            }
            (Some(baseline), Some(path)) if self.update_baseline => {
                let update = baseline.update(report);
                write_whole(path, &update.text).map_err(|error| super::about(path, &error))?;
                for change in &update.changes {
                    eprintln!("{}: {change}", path.display());
                }
                eprintln!("{}: {}", path.display(), counted(&update.changes.len()));
                for unexplained in &update.unexplained {
                    eprintln!("error: {unexplained}");
                    found = Found::Divergences;
                }
            }
            (Some(baseline), _) => {
                for stale in baseline.stale(report) {
                    eprintln!("error: {stale}");
                    found = Found::Divergences;
                }
            }
            (None, _) => {}
        }
        if report.adapters.iter().any(|adapter| adapter.counts.broken > 0) {
            complaints.push("a middleware could not be driven; its row says why".to_owned());
        }
        Ok(found)
    }
}

fn counted(changes: &usize) -> String {
    match changes {
        0 => "nothing to change".to_owned(),
        1 => "1 entry changed".to_owned(),
        changes => format!("{changes} entries changed"),
    }
}

pub(super) fn read_baseline(path: Option<&Path>, complaints: &mut Complaints) -> Option<Baseline> {
    let path = path?;
    match super::read(path) {
        Ok(text) => match Baseline::read(&path.display().to_string(), &text) {
            Ok(baseline) => return Some(baseline),
            Err(errors) => complaints.extend(errors.iter().map(ToString::to_string)),
        },
        Err(error) => complaints.push(format!("--baseline {error}")),
    }
    None
}

/// Writes a file whole or not at all, and not where it says the same already.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    // What a link points to is written, not the link.
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
