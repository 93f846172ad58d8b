//! Generated cases: policies of every shape, pages and raw clients whose origins are allowed or one mistake away, and
//! handlers of every kind. A case is a function of the bytes that it is made of, so that a seed and a number replay it.

use arbitrary::{Result, Unstructured};
use cors_reference::policy::Policy;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::case::Case;

mod handlers;
mod mutation;
mod policies;
mod visits;

pub use mutation::{cross, mutate};

/// How many bytes a case is made of, at most.
const BYTES: usize = 512;

/// What is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The most visits that a case has; at least one.
    pub visits: usize,
    /// The most entries that a list has.
    pub entries: usize,
    /// Of a hundred visits, how many are of clients that are no browsers.
    pub raw: u8,
    /// Of a hundred handlers, how many fail, or stand behind a router that leads nowhere.
    pub failing: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self { visits: 3, entries: 4, raw: 20, failing: 10 }
    }
}

impl Settings {
    /// A case made of bytes. Where they run out, what is left is as plain as can be.
    ///
    /// # Errors
    ///
    /// Those of `arbitrary`.
    pub fn case(&self, bytes: &mut Unstructured<'_>) -> Result<Case> {
        let policy = policies::policy(bytes, self)?;
        self.case_under(policy, bytes)
    }

    /// A case under that policy, made of bytes.
    ///
    /// # Errors
    ///
    /// Those of `arbitrary`.
    pub fn case_under(&self, policy: Policy, bytes: &mut Unstructured<'_>) -> Result<Case> {
        let handler = handlers::handler(bytes, self)?;
        let visits = visits::visits(bytes, self, &policy)?;
        Ok(Case { policy, handler, visits })
    }

    /// The case of that number under a seed.
    pub fn numbered(&self, seed: u64, number: u64) -> Option<Case> {
        self.case(&mut Unstructured::new(&bytes_of(seed, number))).ok()
    }

    /// The case of that number under a seed and a policy.
    pub fn numbered_under(&self, policy: &Policy, seed: u64, number: u64) -> Option<Case> {
        self.case_under(policy.clone(), &mut Unstructured::new(&bytes_of(seed, number))).ok()
    }
}

fn bytes_of(seed: u64, number: u64) -> [u8; BYTES] {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number);
    let mut bytes = [0; BYTES];
    random.fill_bytes(&mut bytes);
    bytes
}

/// One of some, or nothing where there is none.
fn one<'s, T>(bytes: &mut Unstructured<'_>, of: &'s [T]) -> Result<Option<&'s T>> {
    if of.is_empty() { Ok(None) } else { bytes.choose(of).map(Some) }
}

/// Some of them, in their order.
fn some<T: Clone>(bytes: &mut Unstructured<'_>, of: &[T], most: usize) -> Result<Vec<T>> {
    let mut chosen = Vec::new();
    for item in of {
        if chosen.len() < most && bytes.ratio(1_u8, 3_u8)? {
            chosen.push(item.clone());
        }
    }
    Ok(chosen)
}
