//! The decision whether a page gets more or less than the policy intends.

use std::fmt;

use cors_policy::intent::{Exposure, Intent};
use cors_reference::fetch::Verdict;

/// A deviation from the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// The page gets what the policy denies.
    OverGrant,
    /// The page is refused what the policy permits.
    UnderGrant,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OverGrant => "over-grant",
            Self::UnderGrant => "under-grant",
        })
    }
}

impl Deviation {
    /// Returns the deviation of a fetch that ended with `verdict`. `passed_preflight` is true if the fetch needed a
    /// preflight and its request was sent.
    pub fn of_fetch(intent: &Intent, verdict: Verdict, passed_preflight: bool) -> Option<Self> {
        match intent {
            // "If the preflight fails, the browser won't send the actual request."
            Intent::Deny(_) => Self::new(Some(false), verdict == Verdict::Readable || passed_preflight),
            Intent::Permit => Self::new(Some(true), verdict != Verdict::NetworkError),
            Intent::Unspecified(_) => None,
        }
    }

    /// Returns the deviation of a response header that the page can read or not.
    pub fn of_header(exposure: &Exposure, is_readable: bool) -> Option<Self> {
        match exposure {
            Exposure::Hidden => Self::new(Some(false), is_readable),
            Exposure::Readable => Self::new(Some(true), is_readable),
            Exposure::Unspecified(_) => None,
        }
    }

    /// Returns the deviation if `is_granted` differs from `is_permitted`, which is `None` if the policy leaves it open.
    pub(crate) fn new(is_permitted: Option<bool>, is_granted: bool) -> Option<Self> {
        match (is_permitted?, is_granted) {
            (false, true) => Some(Self::OverGrant),
            (true, false) => Some(Self::UnderGrant),
            (true, true) | (false, false) => None,
        }
    }
}
