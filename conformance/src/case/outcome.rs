//! The outcomes of a case.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The outcome of a case for one middleware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// No rule has a finding.
    Conform,
    /// A rule has a finding.
    Diverge,
    /// The adapter cannot express the policy, or the framework cannot carry a message.
    Unsupported,
    /// The middleware rejects the policy.
    Rejected,
    /// A finding proves nothing because another rule has a finding too, or the case was not tried.
    Inconclusive,
    /// The harness failed.
    Broken,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::Conform, Self::Diverge, Self::Unsupported, Self::Rejected, Self::Inconclusive, Self::Broken];
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Conform => "conform",
            Self::Diverge => "diverge",
            Self::Unsupported => "unsupported",
            Self::Rejected => "rejected",
            Self::Inconclusive => "inconclusive",
            Self::Broken => "broken",
        })
    }
}
