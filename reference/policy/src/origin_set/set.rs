//! A set of patterns.

use std::collections::HashMap;

use super::{
    error::{EntryError, Fault},
    exact::Exact,
    hosts::Hosts,
    pattern::OriginPattern,
};

/// A set of origin patterns, for repeated queries.
///
/// A query allocates nothing. It performs one look-up among the exact origins, and one look-up per label of the host
/// among the other patterns, up to the number of labels of the longest pattern. Each look-up compares at most
/// [`longest_probe`](Self::longest_probe) entries. A query reads no more bytes than the longest exact origin has, or the
/// longest host of a pattern, unless the origin ends in that host.
#[derive(Debug, Clone)]
pub struct OriginSet {
    exact: Exact,
    hosts: Hosts,
}

impl OriginSet {
    /// Creates a set of patterns. A repeated pattern counts once.
    pub fn new(patterns: &[OriginPattern]) -> Self {
        Self { exact: Exact::new(patterns), hosts: Hosts::new(patterns) }
    }

    /// Parses patterns and creates a set of them.
    ///
    /// # Errors
    ///
    /// Returns one error for each text that is not an [`OriginPattern`] or repeats an earlier text, in order.
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, Vec<EntryError>> {
        let (mut patterns, mut errors, mut seen) = (Vec::new(), Vec::new(), HashMap::new());
        for (index, text) in texts.into_iter().enumerate() {
            let first = *seen.entry(text).or_insert(index);
            let pattern = if first < index { Err(Fault::Duplicate(first).of(text)) } else { text.parse() };
            match pattern {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => errors.push(EntryError { index, error }),
            }
        }
        if errors.is_empty() { Ok(Self::new(&patterns)) } else { Err(errors) }
    }

    /// Returns true if a pattern covers the bytes of an `Origin` header.
    #[inline]
    pub fn contains(&self, origin: &[u8]) -> bool {
        self.exact.contains(origin) || self.hosts.contains(origin)
    }

    /// Returns the largest number of entries that one look-up compares. It is fixed when the set is created.
    pub fn longest_probe(&self) -> usize {
        self.exact.longest_probe().max(self.hosts.longest_probe())
    }
}

impl Default for OriginSet {
    /// Creates the empty set.
    fn default() -> Self {
        Self::new(&[])
    }
}
