//! The class and the severity of a divergence.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The class of a divergence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The page gets what the policy denies.
    OverGrant,
    /// The page does not get what the policy permits.
    UnderGrant,
    /// The outcome changes if an HTTP cache is in between.
    CacheUnsafe,
    /// The middleware changes behavior that is not part of CORS.
    Interference,
    /// The response is correct on success and wrong on an error or a redirect.
    MissingOnError,
    /// A server is built for a dangerous policy without a warning.
    UnsafeConfig,
    /// The response works in a browser but violates the grammar or the security checklist.
    Hygiene,
    /// A panic, a hang, a process that ends, or a response that is not HTTP.
    Robustness,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 8] = [
        Self::OverGrant,
        Self::UnderGrant,
        Self::CacheUnsafe,
        Self::Interference,
        Self::MissingOnError,
        Self::UnsafeConfig,
        Self::Hygiene,
        Self::Robustness,
    ];
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::OverGrant => "over-grant",
            Self::UnderGrant => "under-grant",
            Self::CacheUnsafe => "cache-unsafe",
            Self::Interference => "interference",
            Self::MissingOnError => "missing-on-error",
            Self::UnsafeConfig => "unsafe-config",
            Self::Hygiene => "hygiene",
            Self::Robustness => "robustness",
        })
    }
}

/// The severity of a divergence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The response works in a browser.
    Low,
    /// Something that the policy permits does not work, or unrelated behavior changes.
    Medium,
    /// A page gets what it should not get.
    High,
    /// A page gets what it should not get, with the user's credentials.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}
