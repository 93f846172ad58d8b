//! A policy's origins, and the matcher over the raw bytes of an `Origin` header.
//!
//! An [`OriginPattern`] says by itself what it [covers](OriginPattern::matches); an [`OriginSet`] of them gives the
//! same answer in a time that does not grow with their number.

mod bytes;
mod error;
mod exact;
mod hosts;
mod pattern;
mod table;

pub use error::{EntryError, Fault, PatternError};
pub use pattern::OriginPattern;

use std::collections::HashMap;

/// A list of patterns, built once and asked often.
///
/// A query allocates nothing. It looks once among the exact origins, and once a label, no more labels than the longest
/// pattern has, among the other patterns; each look-up compares [`longest_probe`](Self::longest_probe) entries at most.
/// No origin reads further than the longest exact origin, or the longest pattern's host, unless it ends in that host.
#[derive(Debug, Clone)]
pub struct OriginSet {
    exact: exact::Exact,
    hosts: hosts::Hosts,
}

impl OriginSet {
    /// The set of these patterns. One that is there twice counts once.
    pub fn new(patterns: &[OriginPattern]) -> Self {
        Self { exact: exact::Exact::new(patterns), hosts: hosts::Hosts::new(patterns) }
    }

    /// The set of these texts, each an [`OriginPattern`], and none listed twice.
    ///
    /// # Errors
    ///
    /// What is wrong with each entry that is wrong, in order.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, Vec<EntryError>> {
        let (mut patterns, mut errors, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
        for (index, text) in texts.into_iter().enumerate() {
            let listed = *seen.entry(text).or_insert(index);
            let pattern = if listed < index { Err(Fault::Duplicate(listed).of(text)) } else { text.parse() };
            match pattern {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => errors.push(EntryError { index, error }),
            }
        }
        if errors.is_empty() { Ok(Self::new(&patterns)) } else { Err(errors) }
    }

    /// Whether some pattern covers the bytes of an `Origin` header.
    #[inline]
    pub fn contains(&self, origin: &[u8]) -> bool {
        self.exact.contains(origin) || self.hosts.contains(origin)
    }

    /// How many entries a look-up compares at most. It is known as soon as the set is built, whatever is asked.
    pub fn longest_probe(&self) -> usize {
        self.exact.longest_probe().max(self.hosts.longest_probe())
    }
}

impl Default for OriginSet {
    /// The set that contains no origin.
    fn default() -> Self {
        Self::new(&[])
    }
}
