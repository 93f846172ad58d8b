//! Patterns that cover exactly one origin each, including `null`.

use std::{collections::BTreeSet, hash::Hasher};

use foldhash::fast::FoldHasher;

use super::{pattern::OriginPattern, table::Table};

/// Up to this number, comparing the origins one by one is faster than hashing.
const FEW: usize = 4;

#[derive(Debug, Clone)]
pub(super) enum Exact {
    Few(Box<[Vec<u8>]>),
    Many {
        /// The length of the longest origin, in bytes.
        longest: usize,
        table: Table<Vec<u8>>,
    },
}

impl Exact {
    pub(super) fn new(patterns: &[OriginPattern]) -> Self {
        let origins = patterns.iter().filter(|pattern| pattern.is_exact()).map(|pattern| pattern.as_str().as_bytes());
        let origins: BTreeSet<&[u8]> = origins.collect();
        let longest = origins.iter().map(|origin| origin.len()).max().unwrap_or_default();
        let origins: Vec<Vec<u8>> = origins.into_iter().map(Vec::from).collect();
        let hash = |mut hasher: FoldHasher<'static>, origin: &Vec<u8>| {
            hasher.write(origin);
            hasher.finish()
        };
        let is_few = origins.len() <= FEW;
        if is_few { Self::Few(origins.into()) } else { Self::Many { longest, table: Table::new(origins, hash) } }
    }

    #[inline]
    pub(super) fn contains(&self, origin: &[u8]) -> bool {
        match self {
            Self::Few(origins) => origins.iter().any(|own| **own == *origin),
            Self::Many { longest, .. } if origin.len() > *longest => false,
            Self::Many { table, .. } => {
                let mut hasher = table.hasher();
                hasher.write(origin);
                table.find(hasher.finish(), |own| **own == *origin).is_some()
            }
        }
    }

    pub(super) fn longest_probe(&self) -> usize {
        match self {
            Self::Few(origins) => origins.len(),
            Self::Many { table, .. } => table.longest_chain(),
        }
    }
}
