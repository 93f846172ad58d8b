//! The kill matrix: which rules catch which mutants.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use cors_conformance::{
    rules::{Class, Rule, rules},
    self_check::kill_matrix::{Kill, only_its_family},
};
use serde::Serialize;

/// The kill matrix.
#[derive(Serialize)]
pub(super) struct Matrix {
    schema: u32,
    mutants: Vec<MutantRow>,
    rules: Vec<RuleSummary>,
    clean: Vec<CleanServer>,
}

/// A mutant and the number of vectors that caught it, by rule.
#[derive(Serialize)]
struct MutantRow {
    id: &'static str,
    wrong: &'static str,
    rule: &'static str,
    source: &'static str,
    caught: BTreeMap<String, usize>,
}

/// A rule and the mutants that no rule of another class catches.
#[derive(Serialize)]
struct RuleSummary {
    id: &'static str,
    class: Class,
    mutants: usize,
    only_its_family: Vec<&'static str>,
}

/// A correct server and the findings about it, which are false alarms.
#[derive(Serialize)]
struct CleanServer {
    server: &'static str,
    accusations: Vec<String>,
}

impl Matrix {
    /// Builds the matrix from the kills and from the accusations of each correct server.
    pub(super) fn new(kills: &[Kill], accusations: Vec<(&'static str, Vec<String>)>) -> Self {
        let row = |kill: &Kill| MutantRow {
            id: kill.mutant.id,
            wrong: kill.mutant.wrong,
            rule: kill.mutant.rule.id,
            source: kill.mutant.source,
            caught: kill.caught.iter().map(|(rule, caught)| (rule.clone(), caught.vectors)).collect(),
        };
        let summary = |rule: &'static Rule| RuleSummary {
            id: rule.id,
            class: rule.class,
            mutants: kills.iter().filter(|kill| kill.caught.contains_key(rule.id)).count(),
            only_its_family: only_its_family(kills, rule).iter().map(|kill| kill.mutant.id).collect(),
        };
        let clean = accusations.into_iter().map(|(server, accusations)| CleanServer { server, accusations });
        Self {
            schema: 1,
            mutants: kills.iter().map(row).collect(),
            rules: rules().map(summary).collect(),
            clean: clean.collect(),
        }
    }

    /// Returns true if every mutant is caught, every rule has a mutant of its own, and no correct server is accused.
    pub(super) fn is_good(&self) -> bool {
        self.missed().is_empty() && self.without_own_mutant().is_empty() && self.accused().is_empty()
    }

    /// Returns the mutants that the rule they are made for does not catch.
    fn missed(&self) -> Vec<&'static str> {
        self.mutants.iter().filter(|row| !row.caught.contains_key(row.rule)).map(|row| row.id).collect()
    }

    /// Returns the rules without a mutant that only their class catches.
    fn without_own_mutant(&self) -> Vec<&'static str> {
        self.rules.iter().filter(|rule| rule.only_its_family.is_empty()).map(|rule| rule.id).collect()
    }

    /// Returns the correct servers that are accused.
    fn accused(&self) -> Vec<&'static str> {
        self.clean.iter().filter(|clean| !clean.accusations.is_empty()).map(|clean| clean.server).collect()
    }

    /// Writes the matrix as text. `cases` is the number of generated cases for each correct server.
    pub(super) fn write(&self, cases: u64, output: &mut impl Write) -> io::Result<()> {
        let width = self.mutants.iter().map(|row| row.id.len()).max().unwrap_or(0);
        for rule in &self.rules {
            let own = rule.only_its_family.len();
            writeln!(output, "{}  ({} mutants, {own} caught only by its class)", rule.id, rule.mutants)?;
            for row in self.mutants.iter().filter(|row| row.rule == rule.id) {
                let own = row.caught.get(rule.id).map_or("missed".to_owned(), |vectors| vectors.to_string());
                let others = row.caught.iter().filter(|(id, _)| *id != rule.id);
                let others: Vec<String> = others.map(|(id, vectors)| format!("{id} {vectors}")).collect();
                writeln!(output, "  {:width$}  {own:>6}  {}", row.id, others.join(", "))?;
            }
        }
        writeln!(output, "\ncorrect servers, over all vectors and {cases} generated cases each:")?;
        for CleanServer { server, accusations } in &self.clean {
            let verdict = if accusations.is_empty() { "clean" } else { "accused" };
            writeln!(output, "  {server:width$}  {verdict}")?;
            for accusation in accusations {
                writeln!(output, "    {accusation}")?;
            }
        }
        let (missed, without) = (self.missed(), self.without_own_mutant());
        for (what, ids) in
            [("missed by their rule", &missed), ("rules without a mutant that only their class catches", &without)]
        {
            if !ids.is_empty() {
                writeln!(output, "\n{what}: {}", ids.join(", "))?;
            }
        }
        writeln!(
            output,
            "\n{} of {} mutants are caught by their rule. {} of {} rules have a mutant that only their class catches. \
             {} of {} correct servers are accused.",
            self.mutants.len() - missed.len(),
            self.mutants.len(),
            self.rules.len() - without.len(),
            self.rules.len(),
            self.accused().len(),
            self.clean.len()
        )
    }
}
