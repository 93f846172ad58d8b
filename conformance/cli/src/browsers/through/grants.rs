//! What a page got beside what the policy says of its fetch.

use std::fmt;

use cors_conformance::{case::Case, drive::Fetched};
use cors_policy::intent::{Exposure, Intent, exposure};
use cors_reference::preflight::needs_preflight;

use crate::browsers::compare::Observed;

/// More or less than the policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) kind: Kind,
    /// One sentence for a person.
    pub(super) message: String,
}

/// Which way it errs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The page gets what the policy denies.
    Over,
    /// The page is refused what the policy permits.
    Under,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Over => "over-grant",
            Self::Under => "under-grant",
        })
    }
}

/// Where what was observed of a fetch is not what the policy says.
pub(super) fn grants(case: &Case, fetched: &Fetched, observed: &Observed) -> Vec<Grant> {
    let is_readable = observed.verdict == "readable";
    let grant = |kind, message| vec![Grant { kind, message }];
    match &fetched.intent {
        Intent::Deny(_) => {
            let why = fetched.denial().unwrap_or_default();
            // "If the preflight fails, the browser won't send the actual request."
            let was_sent = observed.origins.len() > usize::from(observed.preflight_sent);
            if is_readable {
                grant(Kind::Over, format!("The page reads the answer, though {why}."))
            } else if was_sent && needs_preflight(&fetched.request) {
                grant(Kind::Over, format!("The page has its request sent past the preflight, though {why}."))
            } else {
                Vec::new()
            }
        }
        Intent::Permit if !is_readable => {
            grant(Kind::Under, format!("The page ends in {}, though the policy permits it.", observed.verdict))
        }
        Intent::Permit => exposed(case, fetched, observed.readable.as_deref().unwrap_or_default()),
        Intent::Unspecified(_) => Vec::new(),
    }
}

/// Headers that are read against the policy, and those of the handler's that are not.
fn exposed(case: &Case, fetched: &Fetched, readable: &[String]) -> Vec<Grant> {
    let says = |name: &str| name.parse().map(|name| exposure(&case.policy, &fetched.request, &name));
    let over = readable.iter().filter(|name| says(name) == Ok(Exposure::Hidden)).map(|name| Grant {
        kind: Kind::Over,
        message: format!("The page reads the response header {name}, which the policy does not expose."),
    });
    let own = case.handler.headers.iter().map(|(name, _)| name.as_str().to_ascii_lowercase());
    let under = own.filter(|name| says(name) == Ok(Exposure::Readable) && !readable.contains(name)).map(|name| Grant {
        kind: Kind::Under,
        message: format!("The page does not read the response header {name}, which the policy exposes."),
    });
    over.chain(under).collect()
}
