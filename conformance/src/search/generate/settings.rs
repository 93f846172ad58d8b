//! The settings of the generator.

use cors_adapters::Middleware;
use cors_policy::{
    Policy,
    capability::{Capabilities, Support},
};

/// The kinds and amounts of what a generated case contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The capabilities that a policy may need.
    pub capabilities: Capabilities,
    /// The policy of every case. If it is `None`, a policy is generated for each case.
    pub policy: Option<Policy>,
    /// The maximum number of visits of a case, at least one.
    pub visits: usize,
    /// The maximum number of entries of a list.
    pub entries: usize,
    /// The percentage of visits that raw clients make.
    pub raw: u16,
    /// The number of raw visits in a thousand that have a growing header.
    pub growing: u16,
    /// The percentage of handlers that fail or whose route does not match.
    pub failing: u16,
    /// The percentage of handlers that send CORS headers themselves or stand behind another layer.
    pub layered: u16,
}

impl Default for Settings {
    fn default() -> Self {
        let capabilities = Capabilities::ALL;
        Self { capabilities, policy: None, visits: 3, entries: 4, raw: 20, growing: 0, failing: 10, layered: 3 }
    }
}

impl Settings {
    /// Returns settings for policies that the middleware supports.
    pub fn of(middleware: &dyn Middleware) -> Self {
        let supports = |capability: &_| matches!(middleware.support(*capability), Support::Yes(_));
        Self { capabilities: Capabilities::of(supports), policy: middleware.fixed(), ..Self::default() }
    }

    /// Returns settings for policies that both settings allow.
    pub fn and(self, other: Self) -> Self {
        let (one, two) = (self.capabilities, other.capabilities);
        let capabilities = Capabilities::of(|capability| one.contains(*capability) && two.contains(*capability));
        Self { capabilities, policy: self.policy.or(other.policy), ..self }
    }
}
