//! What kind of a divergence it is, and how bad.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A divergence class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The page gets what the policy denies.
    OverGrant,
    /// The page is refused what the policy permits.
    UnderGrant,
    /// The outcome changes where an HTTP cache sits in between.
    CacheUnsafe,
    /// The middleware harms what is not CORS.
    Interference,
    /// Right on success, wrong on another status.
    MissingOnError,
    /// A dangerous policy is served without a word.
    UnsafeConfig,
    /// It works in a browser, and is not what the grammar or the security checklist wants.
    Hygiene,
    /// A panic, a hang, a process that ends, or an answer that is no HTTP.
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

/// How bad a divergence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It works in a browser.
    Low,
    /// Something permitted does not work, or something else is harmed.
    Medium,
    /// A page gets what it should not.
    High,
    /// The same, with the user's credentials.
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
