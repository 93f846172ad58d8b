//! The memory of an agent.

use crate::header_list::HeaderList;

/// The state that an agent keeps between the requests of one fetch.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The header list before any redirect.
    pub(super) first_headers: HeaderList,
    /// The header names that the last redirect removed.
    pub(super) just_removed: Vec<&'static str>,
    /// True if the request is sent with `Origin` because an earlier request was.
    pub(super) keeps_origin: bool,
    /// True if the request is preflighted for a reason that the standard does not have.
    pub(super) is_forced: bool,
    /// True if the agent cached the grant of a preflight that it refused.
    pub(super) keeps_grants: bool,
}
