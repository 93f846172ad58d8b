//! Generated cases: policies of every shape that a configuration can say, pages and raw clients whose origins are allowed
//! or one mistake away, and handlers of every kind. A case is a function of the bytes that it is made of, so that a
//! seed and a number replay it, and whatever draws bytes (a property test, a fuzzer) draws cases.

use arbitrary::{Arbitrary, Result, Unstructured};
use cors_adapters::Middleware;
use cors_policy::{
    Policy,
    capability::{Capabilities, Support},
};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

use crate::case::Case;

mod handlers;
mod mutation;
pub mod near_origins;
mod policies;
mod raw;
mod systematic;
mod visits;

pub use mutation::{cross, mutate};
pub use systematic::systematic;

/// How many bytes a case is made of, at most.
const BYTES: usize = 512;

/// What is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What a policy may ask for.
    pub capabilities: Capabilities,
    /// The policy of every case; where there is none, each has its own.
    pub policy: Option<Policy>,
    /// The most visits that a case has; at least one.
    pub visits: usize,
    /// The most entries that a list has.
    pub entries: usize,
    /// Of a hundred visits, how many are of clients that are no browsers.
    pub raw: u16,
    /// Of a thousand visits by such clients, how many have a header that grows where costs are counted.
    pub growing: u16,
    /// Of a hundred handlers, how many fail, or stand behind a router that leads nowhere.
    pub failing: u16,
    /// Of a hundred handlers, how many say something of CORS by themselves, or stand behind one more layer.
    pub layered: u16,
}

impl Default for Settings {
    fn default() -> Self {
        let capabilities = Capabilities::ALL;
        Self { capabilities, policy: None, visits: 3, entries: 4, raw: 20, growing: 0, failing: 10, layered: 3 }
    }
}

impl Settings {
    /// Cases whose policies that middleware can say, by its own word.
    pub fn of(middleware: &dyn Middleware) -> Self {
        let says = |capability: &_| matches!(middleware.support(*capability), Support::Yes(_));
        Self { capabilities: Capabilities::of(says), policy: middleware.fixed(), ..Self::default() }
    }

    /// Cases whose policies both of these can say, where each does by its own settings.
    pub fn and(self, other: Self) -> Self {
        let (one, two) = (self.capabilities, other.capabilities);
        let capabilities = Capabilities::of(|capability| one.contains(*capability) && two.contains(*capability));
        Self { capabilities, policy: self.policy.or(other.policy), ..self }
    }

    /// A case made of bytes. Where they run out, what is left is as plain as can be.
    ///
    /// # Errors
    ///
    /// Those of `arbitrary`.
    pub fn case(&self, bytes: &mut Unstructured<'_>) -> Result<Case> {
        let policy = match &self.policy {
            Some(policy) => policy.clone(),
            None => policies::policy(bytes, self)?,
        };
        let handler = handlers::handler(bytes, self)?;
        let visits = visits::visits(bytes, self, &policy)?;
        Ok(Case { policy, handler, visits })
    }

    /// The case of that number under a seed.
    pub fn numbered(&self, seed: u64, number: u64) -> Option<Case> {
        self.case(&mut Unstructured::new(&bytes_of(seed, number))).ok()
    }
}

fn bytes_of(seed: u64, number: u64) -> [u8; BYTES] {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number);
    let mut bytes = [0; BYTES];
    random.fill_bytes(&mut bytes);
    bytes
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Settings::default().case(bytes)
    }
}

/// One of some, or nothing where there is none.
fn one<'s, T>(bytes: &mut Unstructured<'_>, of: &'s [T]) -> Result<Option<&'s T>> {
    if of.is_empty() { Ok(None) } else { bytes.choose(of).map(Some) }
}

/// Yes, so many times of that many; never, where it is 0.
fn chance(bytes: &mut Unstructured<'_>, times: u16, of: u16) -> Result<bool> {
    Ok(times > 0 && bytes.ratio(times.min(of), of)?)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_a_function_of_its_seed_and_number() {
        let settings = Settings::default();
        assert_eq!(settings.numbered(7, 3), settings.numbered(7, 3));
        assert_ne!(settings.numbered(7, 3), settings.numbered(7, 4));
        assert_ne!(settings.numbered(7, 3), settings.numbered(8, 3));
    }

    #[test]
    fn every_case_can_be_driven() {
        for number in 0..5_000 {
            let case = Settings { growing: 500, ..Settings::default() }.numbered(1, number).unwrap();
            assert_eq!(case.validate(), Ok(()), "{number}");
        }
    }

    #[test]
    fn a_policy_asks_for_nothing_that_cannot_be_said() {
        use cors_policy::capability::Capability;
        for missing in Capability::ALL {
            let capabilities = Capabilities::of(|capability| *capability != missing);
            let settings = Settings { capabilities, ..Settings::default() };
            // A list that says no exact origin is empty, unless it has a pattern.
            let asks = |number| missing.is_needed_by(&settings.numbered(1, number).unwrap().policy);
            assert_eq!((0..2_000).find(|number| asks(*number)), None, "{missing}");
        }
    }
}
