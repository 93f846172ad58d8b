//! The types of the result file.

use cors_policy::Policy;
use cors_reference::header_list::HeaderList;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{selection::Part, vectors::Vector},
    drive::MessageKind,
    rules::{Class, Severity},
    suite::{outcome::Counts, result::CaseOutcome},
};

/// A result file, version 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResultFile {
    /// The version of this format: 2.
    pub schema: u32,
    /// The vectors with divergences, each once.
    pub vectors: Vec<Vector>,
    /// The requests of the exchanges, each once.
    pub requests: Vec<StoredRequest>,
    /// The responses of the exchanges, each once.
    pub responses: Vec<StoredResponse>,
    /// The exchanges of the divergences, each once.
    pub exchanges: Vec<StoredExchange>,
    /// The results of each middleware.
    pub adapters: Vec<StoredRow>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredRequest {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: HeaderList,
}

/// A response, or the failure of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredResponse {
    /// The status. `null` if the server failed.
    pub status: Option<u16>,
    /// The headers.
    pub headers: HeaderList,
    /// How the server failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// A request with its response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredExchange {
    /// The visit, from 0.
    pub visit: usize,
    /// The kind of request.
    pub kind: MessageKind,
    /// The index of the request in `requests`.
    pub request: usize,
    /// The index of the response in `responses`.
    pub response: usize,
    /// The number of calls to the handler.
    pub handler_calls: u32,
}

/// The results of one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredRow {
    /// The adapter's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// The language in which a program is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The URL at which a program's issues are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// The command that runs a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The part of the suite that ran. Missing if the whole suite ran.
    #[serde(default, skip_serializing_if = "Part::is_whole")]
    pub part: Part,
    /// The numbers of cases by outcome.
    pub counts: Counts,
    /// The middleware's own policy, if it is fixed. It replaces the policies of the vectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// Vectors that differ from those with the same id in the file's `vectors`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vectors: Vec<Vector>,
    /// The outcome of each case. Empty if the cases have no ids, as in a campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseOutcome>,
    /// The divergences. Those that differ only in case and exchanges share an entry.
    pub divergences: Vec<StoredDivergences>,
    /// The reason why the run ended early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// Divergences that differ only in their case and exchanges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredDivergences {
    /// The adapter, the rule and the shape of the finding. It contains no text of a case.
    pub fingerprint: String,
    /// The rule's id.
    pub rule: Box<str>,
    /// The rule's class.
    pub class: Class,
    /// How bad they are.
    pub severity: Severity,
    /// True if the baseline expects them.
    pub known: bool,
    /// What diverged, in one sentence.
    pub message: String,
    /// The step of the standard that ended the fetch, such as `cors-check/4`. `null` if no page made a fetch.
    pub reason: Option<String>,
    /// The URL of the sentence that the rule is based on.
    pub spec: String,
    /// The line of a response that decided: the name of a header in lower case, or `status`. Missing if no single line
    /// decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// The cases that show the divergence.
    pub cases: Vec<Occurrence>,
}

/// A case that shows a divergence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Occurrence {
    /// The vector's id.
    pub case: String,
    /// The index of this divergence among all divergences of the case.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub index: usize,
    /// The visit that diverged, from 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub visit: usize,
    /// Every request with its response, in order, as indices in the file's `exchanges`.
    pub exchanges: Vec<usize>,
    /// The position in this entry's `exchanges` of the exchange whose `line` decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisive: Option<usize>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
