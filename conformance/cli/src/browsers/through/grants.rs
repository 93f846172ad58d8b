//! Whether a page gets more or less than the policy permits.
//!
//! The rules decide this for the model, from complete exchanges. This module decides it for a real browser, of which only the
//! observation of the page and the request headers are known.

use std::fmt;

use cors_conformance::{case::Case, drive::Fetched};
use cors_policy::intent::{Exposure, Intent, exposure};
use cors_reference::preflight::needs_preflight;

use crate::browsers::compare::ObservedVisit;

/// A mismatch between what a page gets and the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    pub(super) kind: MismatchKind,
    /// A sentence that describes the mismatch.
    pub(super) message: String,
}

/// The direction of a mismatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MismatchKind {
    /// The page gets what the policy denies.
    Over,
    /// The page is refused what the policy permits.
    Under,
}

impl fmt::Display for MismatchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Over => "over-grant",
            Self::Under => "under-grant",
        })
    }
}

/// Returns the mismatches between an observed fetch and the policy.
pub(super) fn mismatches(case: &Case, fetched: &Fetched, observed: &ObservedVisit) -> Vec<Mismatch> {
    let is_readable = observed.verdict == "readable";
    let mismatch = |kind, message| vec![Mismatch { kind, message }];
    match &fetched.intent {
        Intent::Deny(_) => {
            let reason = fetched.denial().unwrap_or_default();
            // "If the preflight fails, the browser won't send the actual request."
            let was_sent = observed.origins.len() > usize::from(observed.preflight_sent);
            if is_readable {
                mismatch(MismatchKind::Over, format!("The page reads the response, although {reason}."))
            } else if was_sent && needs_preflight(&fetched.request) {
                mismatch(
                    MismatchKind::Over,
                    format!("The preflight succeeds and the request is sent, although {reason}."),
                )
            } else {
                Vec::new()
            }
        }
        Intent::Permit if !is_readable => mismatch(
            MismatchKind::Under,
            format!("The fetch ends in {}, although the policy permits it.", observed.verdict),
        ),
        Intent::Permit => header_mismatches(case, fetched, observed.readable.as_deref().unwrap_or_default()),
        Intent::Unspecified(_) => Vec::new(),
    }
}

/// Returns the response headers that the page reads against the policy, and the headers of the handler that it cannot read.
fn header_mismatches(case: &Case, fetched: &Fetched, readable: &[String]) -> Vec<Mismatch> {
    let exposure = |name: &str| name.parse().map(|name| exposure(&case.policy, &fetched.request, &name));
    let over = readable.iter().filter(|name| exposure(name) == Ok(Exposure::Hidden)).map(|name| Mismatch {
        kind: MismatchKind::Over,
        message: format!("The page reads the response header {name}, which the policy does not expose."),
    });
    let own = case.handler.headers.iter().map(|(name, _)| name.as_str().to_ascii_lowercase());
    let under =
        own.filter(|name| exposure(name) == Ok(Exposure::Readable) && !readable.contains(name)).map(|name| Mismatch {
            kind: MismatchKind::Under,
            message: format!("The page cannot read the response header {name}, which the policy exposes."),
        });
    over.chain(under).collect()
}
