//! Browsers, as small tables of deviations from the standard: [`CHROMIUM`], [`FIREFOX`], [`WEBKIT`], and
//! [`STANDARD`] with none. `conformance/BROWSERS.md` tells by which runs they were measured.

mod deviation;
mod headers;
mod max_age;
mod tables;

pub use deviation::Deviation;
pub use max_age::DEFAULT_MAX_AGE;
pub use tables::{CHROMIUM, FIREFOX, STANDARD, WEBKIT};

/// A user agent: the standard's own, or a browser with its deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// The name given to `--agent`.
    pub name: &'static str,
    /// The [imposed limit on max-age](https://fetch.spec.whatwg.org/#concept-cache-max-age), in seconds.
    pub max_age_limit: Option<u64>,
    /// The statuses that its HTTP cache reuses; none where it reuses all that it may.
    pub http_cache_statuses: Option<&'static [u16]>,
    /// The statuses whose answers its HTTP cache keeps fresh where they say nothing of it.
    pub http_cache_permanent: &'static [u16],
    /// How it guards local networks.
    pub local_networks: LocalNetworks,
    /// What it does otherwise than the standard says.
    pub table: &'static [KnownDeviation],
    left_out: Option<Deviation>,
}

/// What stands between the public web and a [local network](crate::local_network), in an agent as it comes.
/// `Access-Control-Request-Private-Network` is sent by none of the browsers that were measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LocalNetworks {
    /// Nothing.
    Open,
    /// The user's permission.
    LocalNetworkAccess,
}

/// A row of an agent's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownDeviation {
    /// What the agent does otherwise.
    pub deviation: Deviation,
    /// Where that is known from: documentation, source code, or the id of a case of `cors-conformance browsers`
    /// that shows it.
    pub source: &'static str,
}

/// Every agent.
pub const AGENTS: &[Agent] = &[STANDARD, CHROMIUM, FIREFOX, WEBKIT];

impl Agent {
    /// The agent of that name.
    pub fn named(name: &str) -> Option<Self> {
        AGENTS.iter().copied().find(|agent| agent.name == name)
    }

    /// Whether it deviates so.
    pub fn has(&self, deviation: Deviation) -> bool {
        self.left_out != Some(deviation) && self.table.iter().any(|row| row.deviation == deviation)
    }

    /// The same agent as if it did not deviate so, and in this alone: what shows whether a deviation decides a
    /// case.
    #[must_use]
    pub fn without(self, deviation: Deviation) -> Self {
        Self { left_out: Some(deviation), ..self }
    }
}

impl Default for Agent {
    fn default() -> Self {
        STANDARD
    }
}
