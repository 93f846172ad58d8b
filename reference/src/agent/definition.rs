//! The definition of an agent.

use super::deviation::Deviation;

/// A user agent: a browser with its deviations from the standard, or the standard itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agent {
    /// The name, as the option `--agent` takes it.
    pub name: &'static str,
    /// The [imposed limit on max-age](https://fetch.spec.whatwg.org/#concept-cache-max-age), in seconds.
    pub max_age_limit: Option<u64>,
    /// The statuses of the responses that the HTTP cache reuses, or `None` if it reuses all cacheable responses.
    pub http_cache_statuses: Option<&'static [u16]>,
    /// The statuses of the responses that the HTTP cache keeps fresh for ever if they have neither `Cache-Control` nor
    /// `Expires`.
    pub http_cache_permanent: &'static [u16],
    /// The protection of local networks.
    pub local_networks: LocalNetworks,
    /// The deviations from the standard.
    pub table: &'static [KnownDeviation],
    pub(super) left_out: Option<Deviation>,
}

/// The protection of [local networks](crate::local_network) from the public web, in the default configuration of an
/// agent. None of the measured browsers sends `Access-Control-Request-Private-Network`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LocalNetworks {
    /// No protection.
    Open,
    /// The user's permission.
    LocalNetworkAccess,
}

/// A row of an agent's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownDeviation {
    /// The deviation.
    pub deviation: Deviation,
    /// The evidence: documentation, source code, or the id of a case of `cors-conformance browsers` that shows it.
    pub source: &'static str,
}

impl KnownDeviation {
    /// Returns a row.
    pub const fn new(deviation: Deviation, source: &'static str) -> Self {
        Self { deviation, source }
    }
}

impl Agent {
    /// Returns true if the agent has the deviation.
    pub fn has(&self, deviation: Deviation) -> bool {
        self.left_out != Some(deviation) && self.table.iter().any(|row| row.deviation == deviation)
    }

    /// Returns the agent without one deviation. A case whose outcome changes shows that the deviation decides it. A
    /// second call restores the deviation that the first call removed.
    #[must_use]
    pub fn without(self, deviation: Deviation) -> Self {
        Self { left_out: Some(deviation), ..self }
    }
}
