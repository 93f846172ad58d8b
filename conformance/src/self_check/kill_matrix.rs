//! The kill matrix: the rules that catch each mutant.

use std::collections::BTreeMap;

use crate::{
    case::vectors::Vector,
    divergence::Divergence,
    drive::drive,
    parallel,
    rules::{Rule, evaluate, rule},
    self_check::mutants::{Mutant, mutants},
};

/// The result of running a mutant.
#[derive(Debug)]
pub struct Kill {
    /// The mutant.
    pub mutant: &'static Mutant,
    /// The rules that caught it, by id.
    pub caught: BTreeMap<String, Caught>,
}

/// The divergences by which one rule caught a mutant.
#[derive(Debug)]
pub struct Caught {
    /// The number of vectors with a divergence.
    pub vectors: usize,
    /// The divergence with the fewest requests and, among those, the fewest headers.
    pub smallest: Divergence,
}

impl Kill {
    /// Returns true if the rule that the mutant names caught it.
    pub fn is_caught_by_its_rule(&self) -> bool {
        self.caught.contains_key(self.mutant.rule.id)
    }

    /// Returns true if only rules of the same class as the named one caught the mutant.
    pub fn is_of_one_family(&self) -> bool {
        let is_of_class = |id: &str| rule(id).is_some_and(|rule| rule.class == self.mutant.rule.class);
        self.caught.keys().all(|id| is_of_class(id))
    }

    /// Adds the divergences of one case.
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
    /// Returns the number of requests of the smallest divergence and the number of all their headers.
    pub fn size(&self) -> (usize, usize) {
        size(&self.smallest)
    }
}

fn size(divergence: &Divergence) -> (usize, usize) {
    let exchanges = &divergence.evidence.exchanges;
    let headers = exchanges.iter().map(|message| message.request_headers.len() + message.response_headers.len());
    (exchanges.len(), headers.sum())
}

/// Runs a mutant on the vectors in this process.
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

/// Runs every mutant that can run in this process on the vectors. Uses all cores.
pub fn kill_matrix(vectors: &[Vector]) -> Vec<Kill> {
    let mutants: Vec<&'static Mutant> = mutants().collect();
    parallel::map(&mutants, None, |mutant| kill(mutant, vectors))
}

/// Returns the mutants that name a rule and that only rules of its class catch. At least one such mutant proves that the
/// rule is needed.
pub fn only_its_family<'k>(kills: &'k [Kill], rule: &Rule) -> Vec<&'k Kill> {
    let is_own = |kill: &&Kill| kill.mutant.rule == rule && kill.is_caught_by_its_rule() && kill.is_of_one_family();
    kills.iter().filter(is_own).collect()
}
