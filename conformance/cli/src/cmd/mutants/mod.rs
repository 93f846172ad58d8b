//! `mutants`: what the rules detect, and whom they never accuse.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
    time::Duration,
};

use cors_conformance::self_check::mutants::{Mutant, deadly_mutants, mutants};
use cors_conformance::{
    case::vectors::{Vector, built_in},
    report::transcript::write_message,
    rules::{Class, Rule, rules},
    search::generate::Settings,
    self_check::{
        false_alarms::{clean_servers, false_alarms, of_vectors},
        kill_matrix::{Kill, kill, kill_matrix, only_its_family},
    },
};
use serde::Serialize;

mod search;

use super::Format;
use crate::{
    Found,
    worker::{Subject, Watchdog},
};

/// Which rules catch which mutants, and that no server which is right is accused.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance mutants
  cors-conformance mutants --mutant unescaped-dot
  cors-conformance mutants --cases 1000000 --seed 7
  cors-conformance mutants --search 10

Exit status: 0 every mutant is caught by its rule, every rule has a mutant that its family alone catches, and no clean
server is accused; 1 otherwise; 2 it could not run.")]
pub(crate) struct Args {
    /// Only this mutant, with what shows it best (repeatable).
    #[arg(long, value_name = "ID")]
    mutant: Vec<String>,
    /// How many generated cases each clean server is asked.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    cases: u64,
    /// The seed of the generated cases.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Search for every mutant for that many seconds, as a campaign does, under ten seeds and without any vector.
    #[arg(long, value_name = "SECONDS")]
    search: Option<u64>,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Those that show only from outside are asked this one, under a watchdog: it has many names, and it grows.
const FOR_THE_DEADLY: &str = "growth/many-names";
const LIMIT: Duration = Duration::from_secs(5);

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let known: Vec<&'static Mutant> = mutants().chain(deadly_mutants()).collect();
    let unknown: Vec<&String> = args.mutant.iter().filter(|id| !known.iter().any(|mutant| mutant.id == **id)).collect();
    for id in &unknown {
        eprintln!("error: --mutant {id}: no such mutant; `cors-conformance mutants` lists them");
    }
    if !unknown.is_empty() {
        return Ok(Found::Errors);
    }
    let vectors = built_in().vectors;
    if let Some(seconds) = args.search {
        let mut output = BufWriter::new(io::stdout().lock());
        let is_enough = search::write(Duration::from_secs(seconds), &mut output)?;
        output.flush()?;
        return Ok(if is_enough { Found::Nothing } else { Found::Divergences });
    }
    if !args.mutant.is_empty() {
        return show(args, &vectors);
    }
    let mut kills = kill_matrix(&vectors);
    for mutant in deadly_mutants() {
        kills.push(kill_outside(mutant, &vectors)?);
    }
    let clean = accusations(args, &vectors);
    let result = Matrix::new(&kills, &clean);
    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut output, &result)?;
            output.write_all(b"\n")?;
        }
        Format::Terminal => result.write(args, &mut output)?,
    }
    output.flush()?;
    Ok(if result.is_good() { Found::Nothing } else { Found::Divergences })
}

/// A mutant that no one in its process can watch.
pub(in crate::cmd) fn kill_outside(mutant: &'static Mutant, vectors: &[Vector]) -> io::Result<Kill> {
    let asked: Vec<Vector> = vectors.iter().filter(|vector| vector.id == FOR_THE_DEADLY).cloned().collect();
    let report = Watchdog { subject: Subject::BuiltIn(mutant), rules: &[], limit: LIMIT }.run(&asked, || {})?;
    let mut kill = Kill { mutant, caught: BTreeMap::new() };
    kill.add(report.divergences);
    Ok(kill)
}

/// What came of one mutant, whole.
fn show(args: &Args, vectors: &[Vector]) -> io::Result<Found> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut found = Found::Nothing;
    for mutant in mutants().chain(deadly_mutants()).filter(|mutant| args.mutant.iter().any(|id| id == mutant.id)) {
        let is_deadly = deadly_mutants().any(|deadly| deadly.id == mutant.id);
        let kill = if is_deadly { kill_outside(mutant, vectors)? } else { kill(mutant, vectors) };
        writeln!(output, "{}\n  {}\n  made for {}, see {}", mutant.id, mutant.wrong, mutant.rule.id, mutant.source)?;
        for (rule, caught) in &kill.caught {
            writeln!(output, "\n  {rule}, by {} vectors, such as {}", caught.vectors, caught.smallest.case.id)?;
            writeln!(output, "    {}", caught.smallest.evidence.message)?;
            for message in &caught.smallest.evidence.exchanges {
                write_message(message, &mut output)?;
            }
        }
        writeln!(output)?;
        if !kill.is_caught_by_its_rule() {
            found = Found::Divergences;
        }
    }
    output.flush()?;
    Ok(found)
}

/// What is said above severity low of each clean server.
fn accusations(args: &Args, vectors: &[Vector]) -> Vec<(&'static str, Vec<String>)> {
    let of_server = |server| {
        let of_cases = false_alarms(server, &Settings::default(), args.seed, args.cases);
        let of_cases = of_cases.iter().map(|alarm| {
            format!("case {} of seed {}: {}: {}", alarm.number, args.seed, alarm.found.0.id, alarm.found.1.message)
        });
        of_vectors(server, vectors).into_iter().chain(of_cases).collect()
    };
    clean_servers().map(|server| (server.describe().name, of_server(server))).collect()
}

/// The kill matrix, as it is written.
#[derive(Serialize)]
struct Matrix {
    schema: u32,
    mutants: Vec<Row>,
    rules: Vec<Column>,
    clean: Vec<Clean>,
}

/// A mutant, and how many vectors of each rule caught it.
#[derive(Serialize)]
struct Row {
    id: &'static str,
    wrong: &'static str,
    rule: &'static str,
    source: &'static str,
    caught: BTreeMap<String, usize>,
}

/// A rule, and the mutants that show what it is for.
#[derive(Serialize)]
struct Column {
    id: &'static str,
    class: Class,
    mutants: usize,
    only_its_family: Vec<&'static str>,
}

/// A server that is right, and what is said of it.
#[derive(Serialize)]
struct Clean {
    server: &'static str,
    accusations: Vec<String>,
}

impl Matrix {
    fn new(kills: &[Kill], clean: &[(&'static str, Vec<String>)]) -> Self {
        let row = |kill: &Kill| Row {
            id: kill.mutant.id,
            wrong: kill.mutant.wrong,
            rule: kill.mutant.rule.id,
            source: kill.mutant.source,
            caught: kill.caught.iter().map(|(rule, caught)| (rule.clone(), caught.vectors)).collect(),
        };
        let column = |rule: &'static Rule| Column {
            id: rule.id,
            class: rule.class,
            mutants: kills.iter().filter(|kill| kill.caught.contains_key(rule.id)).count(),
            only_its_family: only_its_family(kills, rule).iter().map(|kill| kill.mutant.id).collect(),
        };
        let clean = clean.iter().map(|(server, accusations)| Clean { server, accusations: accusations.clone() });
        Self {
            schema: 1,
            mutants: kills.iter().map(row).collect(),
            rules: rules().map(column).collect(),
            clean: clean.collect(),
        }
    }

    fn missed(&self) -> Vec<&Row> {
        self.mutants.iter().filter(|row| !row.caught.contains_key(row.rule)).collect()
    }

    fn shared(&self) -> Vec<&Column> {
        self.rules.iter().filter(|rule| rule.only_its_family.is_empty()).collect()
    }

    fn accused(&self) -> Vec<&Clean> {
        self.clean.iter().filter(|clean| !clean.accusations.is_empty()).collect()
    }

    fn is_good(&self) -> bool {
        self.missed().is_empty() && self.shared().is_empty() && self.accused().is_empty()
    }

    fn write(&self, args: &Args, output: &mut impl Write) -> io::Result<()> {
        let width = self.mutants.iter().map(|row| row.id.len()).max().unwrap_or(0);
        for rule in &self.rules {
            let alone = rule.only_its_family.len();
            writeln!(output, "{}  ({} mutants, {alone} that its family alone catches)", rule.id, rule.mutants)?;
            for row in self.mutants.iter().filter(|row| row.rule == rule.id) {
                let own = row.caught.get(rule.id).map_or("missed".to_owned(), |vectors| vectors.to_string());
                let others = row.caught.iter().filter(|(id, _)| *id != rule.id);
                let others: Vec<String> = others.map(|(id, vectors)| format!("{id} {vectors}")).collect();
                writeln!(output, "  {:width$}  {own:>6}  {}", row.id, others.join(", "))?;
            }
        }
        writeln!(output, "\nservers that are right, over every vector and {} generated cases each:", args.cases)?;
        for clean in &self.clean {
            writeln!(
                output,
                "  {:width$}  {}",
                clean.server,
                if clean.accusations.is_empty() { "clean" } else { "accused" }
            )?;
            for accusation in &clean.accusations {
                writeln!(output, "    {accusation}")?;
            }
        }
        let missed: Vec<&str> = self.missed().iter().map(|row| row.id).collect();
        let shared: Vec<&str> = self.shared().iter().map(|rule| rule.id).collect();
        for (what, ids) in
            [("missed by their rule", missed), ("without a mutant that its family alone catches", shared)]
        {
            if !ids.is_empty() {
                writeln!(output, "\n{what}: {}", ids.join(", "))?;
            }
        }
        writeln!(
            output,
            "\n{} of {} mutants caught by their rule; {} of {} rules with a mutant that their family alone catches; {} of \
             {} clean servers accused.",
            self.mutants.len() - self.missed().len(),
            self.mutants.len(),
            self.rules.len() - self.shared().len(),
            self.rules.len(),
            self.accused().len(),
            self.clean.len()
        )
    }
}
