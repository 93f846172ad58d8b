//! The journal of a search: one JSON value a line, each written as soon as it is known, so that whatever ends the
//! process, what was found is there and the search goes on where it was.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Batch, Found};

/// The version of this format.
const VERSION: u32 = 1;

/// What a journal is of; another search needs another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The version of this format: 1.
    pub journal: u32,
    /// The version of the program whose generator made the cases.
    pub program: String,
    /// The adapter's name.
    pub adapter: String,
    /// The middleware's version.
    pub version: String,
    /// The seed.
    pub seed: u64,
}

impl Heading {
    /// The heading of a search by this program.
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
    Search(Heading),
    Found(Box<Found>),
    Searched { next: u64, batch: Box<Batch> },
}

/// How far a search is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// The number of the first case that was not yet counted.
    pub next: u64,
    /// What was found, by fingerprint.
    pub found: BTreeMap<String, Found>,
    /// All batches in one.
    pub batch: Batch,
}

impl State {
    /// The fingerprints that every case before [`next`](Self::next) showed.
    pub fn known(&self) -> impl Iterator<Item = &String> {
        // What a later case showed is found anew as its batch is searched again.
        self.found.iter().filter(|(_, found)| found.number < self.next).map(|(fingerprint, _)| fingerprint)
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Search(_) => {}
            Line::Found(found) => drop(self.found.insert(found.divergence.fingerprint.clone(), *found)),
            Line::Searched { next, batch } => {
                self.next = next;
                self.batch.merge(&batch);
            }
        }
    }
}

/// A journal, open for more, and what it says so far.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// How far the search is.
    pub state: State,
}

impl Journal {
    /// Opens a journal, or begins one. A last line that was cut off counts as never written.
    ///
    /// # Errors
    ///
    /// Those of the file, with its name; and a journal of another search, or with a line that cannot be read.
    pub fn open(path: &Path, heading: &Heading) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let invalid = |line: usize, why: String| {
            let path = path.display();
            io::Error::new(io::ErrorKind::InvalidData, format!("{path}:{line}: {why}; remove the file to begin anew"))
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
                Line::Search(of) if of == heading => {}
                Line::Search(of) => {
                    return Err(invalid(index + 1, format!("this is the journal of another search, {of}")));
                }
                _ if index == 0 => return Err(invalid(1, "the heading is not there".to_owned())),
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
            journal.write(Line::Search(heading.clone()))?;
        }
        Ok(journal)
    }

    /// Keeps what was found; of the same fingerprint, the last that was told.
    ///
    /// # Errors
    ///
    /// Those of writing; the state has it all the same.
    pub fn found(&mut self, found: Found) -> io::Result<()> {
        self.write(Line::Found(Box::new(found)))
    }

    /// Keeps that every case before that number is counted.
    ///
    /// # Errors
    ///
    /// Those of writing; the state has it all the same.
    pub fn searched(&mut self, next: u64, batch: Batch) -> io::Result<()> {
        self.write(Line::Searched { next, batch: Box::new(batch) })
    }

    fn write(&mut self, line: Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.state.take(line);
        // One write, so that a line is there or cut off at the end, and never mixed with another.
        let written = self.file.write_all(&text);
        written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.path.display())))
    }
}

impl std::fmt::Display for Heading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { journal, program, adapter, version, seed } = self;
        write!(f, "of {adapter} {version} under seed {seed}, by version {program} of this program (format {journal})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::campaign::Search;
    use crate::self_check::mutants::mutants;

    fn heading() -> Heading {
        Heading::new("unescaped-dot", "1", 7)
    }

    /// Searches numbers as a campaign does.
    fn search(journal: &mut Journal, to: u64) {
        let mutant = mutants().find(|mutant| mutant.id == "unescaped-dot").unwrap();
        let mut search = Search::new(mutant, 7, journal.state.known().cloned().collect::<Vec<_>>(), None);
        let mut batch = Batch::default();
        for number in journal.state.next..to {
            for found in search.run(number, &mut batch) {
                journal.found(found.clone()).unwrap();
                journal.found(search.small(&found, &mut || {}).unwrap()).unwrap();
            }
        }
        journal.searched(to, batch).unwrap();
    }

    #[test]
    fn wherever_it_is_cut_off_the_search_goes_on_to_the_same_end() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole");
        let mut journal = Journal::open(&whole, &heading()).unwrap();
        search(&mut journal, 200);
        search(&mut journal, 400);
        assert!(!journal.state.found.is_empty());
        let text = fs::read(&whole).unwrap();
        for cut in (0..text.len()).step_by(text.len() / 40 + 1) {
            let path = folder.path().join("cut");
            fs::write(&path, &text[..cut]).unwrap();
            let mut again = Journal::open(&path, &heading()).unwrap();
            let before: Vec<_> = again.state.found.keys().cloned().collect();
            if again.state.next < 200 {
                search(&mut again, 200);
            }
            if again.state.next < 400 {
                search(&mut again, 400);
            }
            assert!(before.iter().all(|fingerprint| again.state.found.contains_key(fingerprint)), "lost at {cut}");
            assert_eq!(again.state, journal.state, "cut at {cut}");
            assert_eq!(Journal::open(&path, &heading()).unwrap().state, journal.state, "read again, cut at {cut}");
        }
    }

    #[test]
    fn the_journal_of_another_search_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        Journal::open(&path, &heading()).unwrap();
        let error = Journal::open(&path, &Heading { seed: 8, ..heading() }).unwrap_err().to_string();
        assert!(
            error.contains("journal:1: this is the journal of another search, of unescaped-dot 1 under seed 7"),
            "{error}"
        );
    }
}
