//! Mutants: servers that are deliberately wrong, each in exactly one way. A mutant proves that the rule it names can fail.

mod caches;
mod credentials;
mod dangers;
mod deadly;
mod errors;
mod hygiene;
mod interference;
mod layers;
mod lists;
mod mutant;
mod origin;
mod private_network;
mod robustness;

pub use mutant::Mutant;

/// Returns the mutants that run in the process of the caller.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    [
        origin::MUTANTS,
        credentials::MUTANTS,
        lists::MUTANTS,
        private_network::MUTANTS,
        caches::MUTANTS,
        interference::MUTANTS,
        layers::MUTANTS,
        errors::MUTANTS,
        dangers::MUTANTS,
        hygiene::MUTANTS,
        robustness::MUTANTS,
    ]
    .into_iter()
    .flatten()
}

/// Returns the mutants that must run in a worker process under a watchdog. They hang, end their process, or allocate more
/// than they should.
pub fn deadly_mutants() -> impl Iterator<Item = &'static Mutant> {
    deadly::MUTANTS.iter()
}
