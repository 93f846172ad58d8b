//! The limits of browsers on `Access-Control-Max-Age`.

use cors_reference::agent::AGENTS;

/// The number of seconds in a year.
pub(super) const YEAR: u64 = 31_536_000;

/// Returns the largest limit of any browser, in seconds.
pub(super) fn largest_limit() -> u64 {
    AGENTS.iter().filter_map(|agent| agent.max_age_limit).max().unwrap_or(u64::MAX)
}

/// Lists the limit of each browser, as in "chromium: 7200 seconds".
pub(super) fn limits_in_words() -> String {
    let with_limit = AGENTS.iter().filter_map(|agent| Some((agent.name, agent.max_age_limit?)));
    with_limit.map(|(name, limit)| format!("{name}: {limit} seconds")).collect::<Vec<_>>().join(", ")
}
