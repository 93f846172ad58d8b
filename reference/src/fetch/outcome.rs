//! The result of a fetch.

use serde::{Deserialize, Serialize};

use crate::{header_list::HeaderList, spec::Step};

/// What the page observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Verdict {
    /// A basic or CORS filtered response.
    Readable,
    /// An opaque filtered response.
    Opaque,
    /// An opaque-redirect filtered response.
    OpaqueRedirect,
    /// A network error: `fetch()` rejects.
    NetworkError,
}

/// The result of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// What the page observed.
    pub verdict: Verdict,
    /// The step that ended the fetch.
    pub step: &'static Step,
    /// The reason, in English.
    pub explanation: String,
    /// The status that the page reads: 0 if the response is opaque, and none for a network error.
    pub status: Option<u16>,
    /// True if the page may see the timing of the fetch. See
    /// [`timing_allow_origin`](crate::timing_allow_origin).
    pub timing_allowed: bool,
    /// The headers that the page reads, in order.
    pub readable_headers: HeaderList,
}

impl Outcome {
    /// Returns a network error.
    pub fn network_error(step: &'static Step, explanation: String) -> Self {
        Self {
            verdict: Verdict::NetworkError,
            step,
            explanation,
            status: None,
            timing_allowed: false,
            readable_headers: HeaderList::EMPTY,
        }
    }
}

/// One of the two kinds of requests that a fetch sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// A CORS-preflight request.
    Preflight,
    /// The request itself, or the request that a redirect made of it.
    Actual,
}
