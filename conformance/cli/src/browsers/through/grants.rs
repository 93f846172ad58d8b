//! The mismatches between what a real browser's page gets and the policy.
//!
//! Only the observation of the page and the request headers are known of a real browser.

use cors_conformance::{case::Case, drive::Fetched, rules::Deviation};
use cors_policy::intent::{Intent, exposure};
use cors_reference::{fetch::Verdict, preflight::needs_preflight};

use crate::browsers::compare::ObservedVisit;

/// A mismatch between what a page gets and the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    pub(super) deviation: Deviation,
    /// A sentence that describes the mismatch.
    pub(super) message: String,
}

/// Returns the mismatches between an observed fetch and the policy.
pub(super) fn mismatches(case: &Case, fetched: &Fetched, observed: &ObservedVisit) -> Vec<Mismatch> {
    let is_readable = observed.verdict == "readable";
    let was_sent = observed.origins.len() > usize::from(observed.preflight_sent);
    let passed_preflight = was_sent && needs_preflight(&fetched.request);
    let verdict = if is_readable { Verdict::Readable } else { Verdict::NetworkError };
    let Some(deviation) = Deviation::of_fetch(&fetched.intent, verdict, passed_preflight) else {
        let is_permitted = fetched.intent == Intent::Permit;
        let readable = observed.readable.as_deref().unwrap_or_default();
        return if is_permitted { header_mismatches(case, fetched, readable) } else { Vec::new() };
    };
    let reason = fetched.denial().unwrap_or_default();
    let message = match deviation {
        Deviation::OverGrant if is_readable => format!("The page reads the response, although {reason}."),
        Deviation::OverGrant => format!("The preflight succeeds and the request is sent, although {reason}."),
        Deviation::UnderGrant => format!("The fetch ends in {}, although the policy permits it.", observed.verdict),
    };
    vec![Mismatch { deviation, message }]
}

/// Returns the response headers that the page reads against the policy, and the headers of the handler that it cannot read.
fn header_mismatches(case: &Case, fetched: &Fetched, readable: &[String]) -> Vec<Mismatch> {
    let own = case.handler.headers.iter().map(|(name, _)| name.as_str().to_ascii_lowercase());
    let unreadable = own.filter(|name| !readable.contains(name)).map(|name| (name, false));
    let names = readable.iter().map(|name| (name.clone(), true)).chain(unreadable);
    let mismatches = names.filter_map(|(name, is_readable)| {
        let exposure = exposure(&case.policy, &fetched.request, &name.parse().ok()?);
        let deviation = Deviation::of_header(&exposure, is_readable)?;
        let message = match deviation {
            Deviation::OverGrant => {
                format!("The page reads the response header {name}, which the policy does not expose.")
            }
            Deviation::UnderGrant => {
                format!("The page cannot read the response header {name}, which the policy exposes.")
            }
        };
        Some(Mismatch { deviation, message })
    });
    mismatches.collect()
}
