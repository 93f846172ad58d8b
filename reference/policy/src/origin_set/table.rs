//! An immutable hash table with a known longest chain.

use std::hash::BuildHasher;

use foldhash::fast::{FixedState, FoldHasher};

/// A hash table. The entries of bucket `b` are `starts[b]..starts[b + 1]`. There are at least four buckets per entry, so
/// most buckets are empty and most misses need no comparison.
///
/// The table's owner chooses the keys, and queries cannot add any. Therefore a fixed seed is safe: `new` chooses one that
/// suits the keys, and the same keys always give the same table.
#[derive(Debug, Clone)]
pub(super) struct Table<T> {
    seed: FixedState,
    starts: Box<[u32]>,
    entries: Box<[Entry<T>]>,
    longest_chain: usize,
}

#[derive(Debug, Clone)]
struct Entry<T> {
    hash: u64,
    value: T,
}

const BUCKETS_PER_ENTRY: usize = 4;
/// The search for a seed ends at the first seed whose chains are no longer than this.
const GOOD_CHAIN: usize = 2;
/// The number of seeds to try. If none is good, the best one is taken.
const SEEDS: u64 = 64;

impl<T> Table<T> {
    pub(super) fn new(values: Vec<T>, hash: impl Fn(FoldHasher<'static>, &T) -> u64) -> Self {
        let buckets = (values.len() * BUCKETS_PER_ENTRY).next_power_of_two();
        let mut sizes = vec![0_u32; buckets];
        let mut longest_chain = |seed: u64| {
            sizes.fill(0);
            for value in &values {
                sizes[bucket(hash(FixedState::with_seed(seed).build_hasher(), value), buckets)] += 1;
            }
            sizes.iter().copied().max().unwrap_or_default() as usize
        };
        let (mut seed, mut longest) = (0, longest_chain(0));
        for other in 1..SEEDS {
            if longest <= GOOD_CHAIN {
                break;
            }
            let chain = longest_chain(other);
            if chain < longest {
                (seed, longest) = (other, chain);
            }
        }
        let seed = FixedState::with_seed(seed);
        let with_hash = |value| Entry { hash: hash(seed.build_hasher(), &value), value };
        let mut entries: Vec<Entry<T>> = values.into_iter().map(with_hash).collect();
        entries.sort_by_key(|entry| bucket(entry.hash, buckets));
        let mut starts = vec![0; buckets + 1];
        for entry in &entries {
            starts[bucket(entry.hash, buckets) + 1] += 1;
        }
        for b in 0..buckets {
            starts[b + 1] += starts[b];
        }
        Self { seed, starts: starts.into(), entries: entries.into(), longest_chain: longest }
    }

    #[inline]
    pub(super) fn hasher(&self) -> FoldHasher<'static> {
        self.seed.build_hasher()
    }

    /// Returns the entry with this hash for which `is` returns true.
    #[inline]
    pub(super) fn find(&self, hash: u64, mut is: impl FnMut(&T) -> bool) -> Option<&T> {
        let bucket = bucket(hash, self.starts.len() - 1);
        let [start, end] = *self.starts.get(bucket..bucket + 2)? else { return None };
        let chain = self.entries.get(start as usize..end as usize)?;
        chain.iter().find(|entry| entry.hash == hash && is(&entry.value)).map(|entry| &entry.value)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn longest_chain(&self) -> usize {
        self.longest_chain
    }
}

/// Returns the bucket of a hash. The number of buckets must be a power of two.
#[inline]
fn bucket(hash: u64, buckets: usize) -> usize {
    hash as usize & (buckets - 1)
}
