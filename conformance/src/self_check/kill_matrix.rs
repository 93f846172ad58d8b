//! The kill matrix: which rules catch which mutants, over which vectors.

use std::collections::BTreeMap;

use crate::self_check::mutants::{Mutant, mutants};

use crate::{
    case::vectors::Vector,
    divergence::Divergence,
    drive::drive,
    parallel,
    rules::{Rule, evaluate, rule},
};

/// What became of a mutant.
#[derive(Debug)]
pub struct Kill {
    /// The mutant.
    pub mutant: &'static Mutant,
    /// The rules that caught it, by id.
    pub caught: BTreeMap<String, Caught>,
}

/// By how much a rule caught a mutant.
#[derive(Debug)]
pub struct Caught {
    /// How many vectors show it.
    pub vectors: usize,
    /// The one that shows it best: with the fewest requests, and of these the fewest headers.
    pub smallest: Divergence,
}

impl Kill {
    /// Whether the rule that it was made for caught it.
    pub fn is_caught_by_its_rule(&self) -> bool {
        self.caught.contains_key(self.mutant.rule.id)
    }

    /// Whether no rule of another class than that one's caught it.
    pub fn is_of_one_family(&self) -> bool {
        let is_of_class = |id: &str| rule(id).is_some_and(|rule| rule.class == self.mutant.rule.class);
        self.caught.keys().all(|id| is_of_class(id))
    }

    /// Takes the divergences of one case.
    pub fn add(&mut self, of_case: impl IntoIterator<Item = Divergence>) {
        let mut counted: Vec<Box<str>> = Vec::new();
        for divergence in of_case {
            let rule = divergence.rule.clone();
            let caught = self
                .caught
                .entry(rule.to_string())
                .or_insert_with(|| Caught { vectors: 0, smallest: divergence.clone() });
            if !counted.contains(&rule) {
                caught.vectors += 1;
                counted.push(rule);
            }
            if size(&divergence) < caught.size() {
                caught.smallest = divergence;
            }
        }
    }
}

impl Caught {
    /// How much there is to read of the smallest: its requests, and all their headers.
    pub fn size(&self) -> (usize, usize) {
        size(&self.smallest)
    }
}

fn size(divergence: &Divergence) -> (usize, usize) {
    let exchanges = &divergence.evidence.exchanges;
    let headers = exchanges.iter().map(|message| message.request_headers.len() + message.response_headers.len());
    (exchanges.len(), headers.sum())
}

/// Runs a mutant over vectors, in this process.
pub fn kill(mutant: &'static Mutant, vectors: &[Vector]) -> Kill {
    let mut kill = Kill { mutant, caught: BTreeMap::new() };
    for vector in vectors {
        if let Ok(run) = drive(mutant, &vector.case) {
            let findings = evaluate(&run).findings;
            kill.add(findings.iter().map(|(rule, found)| Divergence::new(mutant.id, rule, found, &run, vector)));
        }
    }
    kill
}

/// Runs every mutant that can be run in this process over vectors, on every core.
pub fn kill_matrix(vectors: &[Vector]) -> Vec<Kill> {
    let mutants: Vec<&'static Mutant> = mutants().collect();
    parallel::map(&mutants, None, |mutant| kill(mutant, vectors))
}

/// The mutants made for a rule that no other class's rule catches: without one, nothing shows that the rule is needed.
pub fn only_its_family<'k>(kills: &'k [Kill], rule: &Rule) -> Vec<&'k Kill> {
    let is_own = |kill: &&Kill| kill.mutant.rule == rule && kill.is_caught_by_its_rule() && kill.is_of_one_family();
    kills.iter().filter(is_own).collect()
}
