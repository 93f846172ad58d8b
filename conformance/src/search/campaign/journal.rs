//! The journal of a campaign.
//!
//! A journal holds one JSON value on each line. Each line is written as soon as its content is known. A campaign that was
//! interrupted therefore loses no divergence and continues where it stopped.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::batch::{Batch, NumberedDivergence};

/// The version of the format.
const VERSION: u32 = 1;

/// Identifies the campaign that a journal belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The version of the format, which is 1.
    pub journal: u32,
    /// The version of the program that generated the cases.
    pub program: String,
    /// The name of the adapter.
    pub adapter: String,
    /// The version of the middleware.
    pub version: String,
    /// The seed of the cases.
    pub seed: u64,
}

impl Heading {
    /// Returns the heading of a campaign by this program.
    pub fn new(adapter: &str, version: &str, seed: u64) -> Self {
        Self {
            journal: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            adapter: adapter.to_owned(),
            version: version.to_owned(),
            seed,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    #[serde(rename = "search")]
    Heading(Heading),
    Found(Box<NumberedDivergence>),
    Searched {
        next: u64,
        batch: Box<Batch>,
    },
}

/// The progress of a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The number of the first case that is not counted yet.
    pub next: u64,
    /// The divergences by fingerprint.
    pub found: BTreeMap<String, NumberedDivergence>,
    /// The sum of all batches.
    pub batch: Batch,
}

impl State {
    /// Returns the fingerprints that the cases before [`next`](Self::next) showed.
    pub fn known(&self) -> impl Iterator<Item = &String> {
        // The batch of a later case runs again, and must find its divergences again.
        self.found.iter().filter(|(_, found)| found.number < self.next).map(|(fingerprint, _)| fingerprint)
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Heading(_) => {}
            Line::Found(found) => drop(self.found.insert(found.divergence.fingerprint.clone(), *found)),
            Line::Searched { next, batch } => {
                self.next = next;
                self.batch.merge(&batch);
            }
        }
    }
}

/// An open journal, with the progress that it records.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// The progress of the campaign.
    pub state: State,
}

impl Journal {
    /// Opens a journal, or creates it if there is no such file. An incomplete last line is removed.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or written, if it belongs to another campaign, or if a line is invalid. The message
    /// names the file.
    pub fn open(path: &Path, heading: &Heading) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let invalid = |line: usize, why: String| {
            let path = path.display();
            io::Error::new(io::ErrorKind::InvalidData, format!("{path}:{line}: {why}; remove the file to start again"))
        };
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(named(error)),
        };
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let mut state = State::default();
        for (index, line) in text[..whole].split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty())
        {
            let line: Line = serde_json::from_slice(line).map_err(|error| invalid(index + 1, error.to_string()))?;
            match &line {
                Line::Heading(of) if of == heading => {}
                Line::Heading(of) => {
                    return Err(invalid(index + 1, format!("the journal belongs to another campaign: {of}")));
                }
                _ if index == 0 => return Err(invalid(1, "the heading is missing".to_owned())),
                _ => {}
            }
            state.take(line);
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(named)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(named)?;
        file.set_len(whole as u64).map_err(named)?;
        let mut journal = Self { path: path.to_owned(), file, state };
        if whole == 0 {
            journal.write(Line::Heading(heading.clone()))?;
        }
        Ok(journal)
    }

    /// Records a divergence. It replaces an earlier one with the same fingerprint.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written. The state contains the divergence even then.
    pub fn found(&mut self, found: NumberedDivergence) -> io::Result<()> {
        self.write(Line::Found(Box::new(found)))
    }

    /// Records the results of all cases before `next`.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written. The state contains the results even then.
    pub fn searched(&mut self, next: u64, batch: Batch) -> io::Result<()> {
        self.write(Line::Searched { next, batch: Box::new(batch) })
    }

    fn write(&mut self, line: Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.state.take(line);
        // A single write never mixes two lines. At worst it leaves an incomplete last line.
        let written = self.file.write_all(&text);
        written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.path.display())))
    }
}

impl std::fmt::Display for Heading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { journal, program, adapter, version, seed } = self;
        write!(f, "{adapter} {version} with seed {seed}, by version {program} of this program (format {journal})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::campaign::CaseRunner;
    use crate::self_check::mutants::mutants;

    fn heading() -> Heading {
        Heading::new("unescaped-dot", "1", 7)
    }

    /// Runs the cases before `to` as a campaign does.
    fn run(journal: &mut Journal, to: u64) {
        let mutant = mutants().find(|mutant| mutant.id == "unescaped-dot").unwrap();
        let mut runner = CaseRunner::new(mutant, 7, journal.state.known().cloned().collect::<Vec<_>>(), None);
        let mut batch = Batch::default();
        for number in journal.state.next..to {
            for found in runner.run(number, &mut batch) {
                journal.found(found.clone()).unwrap();
                journal.found(runner.shrink(&found, &mut || {})).unwrap();
            }
        }
        journal.searched(to, batch).unwrap();
    }

    #[test]
    fn a_campaign_continues_from_a_journal_that_is_cut_off_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole");
        let mut journal = Journal::open(&whole, &heading()).unwrap();
        run(&mut journal, 200);
        run(&mut journal, 400);
        assert!(!journal.state.found.is_empty());
        let text = fs::read(&whole).unwrap();
        for cut in (0..text.len()).step_by(text.len() / 40 + 1) {
            let path = folder.path().join("cut");
            fs::write(&path, &text[..cut]).unwrap();
            let mut again = Journal::open(&path, &heading()).unwrap();
            let before: Vec<_> = again.state.found.keys().cloned().collect();
            if again.state.next < 200 {
                run(&mut again, 200);
            }
            if again.state.next < 400 {
                run(&mut again, 400);
            }
            assert!(before.iter().all(|fingerprint| again.state.found.contains_key(fingerprint)), "lost at {cut}");
            assert_eq!(again.state, journal.state, "cut at {cut}");
            assert_eq!(Journal::open(&path, &heading()).unwrap().state, journal.state, "read again, cut at {cut}");
        }
    }

    #[test]
    fn the_journal_of_another_campaign_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        Journal::open(&path, &heading()).unwrap();
        let error = Journal::open(&path, &Heading { seed: 8, ..heading() }).unwrap_err().to_string();
        assert!(
            error.contains("journal:1: the journal belongs to another campaign: unescaped-dot 1 with seed 7"),
            "{error}"
        );
    }
}
