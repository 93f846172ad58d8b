//! The matchers that the origin set is compared with: the cheapest possible look-up, and the simplest implementation.

use std::{collections::HashSet, hint::black_box};

use cors_policy::origin_set::{OriginPattern, OriginSet};
use foldhash::fast::FixedState;

use crate::listed::{host, origin, pattern};

/// The cheapest possible look-up: the hash of a key and one comparison.
pub type BareSet = HashSet<Box<[u8]>, FixedState>;

/// Queries of one kind for a list of one size.
pub struct Matching {
    /// The kind of the queries.
    pub kind: &'static str,
    /// The number of listed entries.
    pub size: usize,
    listed: Vec<OriginPattern>,
    /// The content of the bare set: the listed origins, or the queries themselves if the entries are patterns.
    hashed: Vec<String>,
    queries: Vec<String>,
    contained: bool,
}

/// A kind of queries: its name, the entry and the query with a number, and whether the list contains the query.
type QueryKind = (&'static str, fn(usize) -> String, fn(usize) -> String, bool);

const KINDS: [QueryKind; 5] = [
    ("hit", origin, origin, true),
    ("miss", origin, |number| format!("https://own-{number:05}.visitors.example"), false),
    ("near miss", origin, |number| origin(number).replace("example", "examplf"), false),
    ("pattern hit", pattern, |number| format!("https://deep.sub.{}", host(number)), true),
    ("pattern miss", pattern, |number| format!("https://deep.sub.x{}", host(number)), false),
];

/// Sizes from a few entries, which favour a scan, to as many as the largest services list.
const SIZES: [usize; 8] = [1, 2, 3, 4, 10, 100, 1_000, 10_000];

/// The number of queries that take turns. Branch prediction cannot learn the order of so many.
const QUERIES: usize = 256;

/// Returns the queries of every kind at every size.
///
/// # Errors
///
/// Fails if an entry is not a pattern.
pub fn matchings() -> Result<Vec<Matching>, cors_policy::origin_set::PatternError> {
    let all = KINDS.iter().flat_map(|kind| SIZES.iter().map(move |size| (kind, *size)));
    all.map(|((kind, entry, query, contained), size)| {
        let listed = (0..size).map(|number| entry(number).parse()).collect::<Result<Vec<OriginPattern>, _>>()?;
        // The step has no common factor with any size, which spreads the queries over the list.
        let queries: Vec<String> = (0..QUERIES).map(|turn| query(turn * 7_919 % size)).collect();
        let is_exact = listed.iter().all(OriginPattern::is_exact);
        let hashed = if is_exact { (0..size).map(entry).collect() } else { (0..size).map(query).collect() };
        Ok(Matching { kind, size, listed, hashed, queries, contained: *contained })
    })
    .collect()
}

/// A matcher that answers queries.
pub enum Matcher {
    /// A plain hash set of the texts.
    Bare(BareSet),
    /// The origin set of the reference server.
    Set(OriginSet),
    /// A scan over all entries.
    Scan(Vec<OriginPattern>),
}

impl Matcher {
    /// Returns the name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bare(_) => "bare hash set",
            Self::Set(_) => "origin_set",
            Self::Scan(_) => "scan",
        }
    }
}

impl Matching {
    /// Returns the matchers of this list.
    pub fn matchers(&self) -> [Matcher; 3] {
        let hashed = self.hashed.iter().map(|text| text.as_bytes().into()).collect();
        [Matcher::Bare(hashed), Matcher::Set(OriginSet::new(&self.listed)), Matcher::Scan(self.listed.clone())]
    }

    /// Returns true if a matcher answers every query correctly. The bare set contains every query if the entries are patterns.
    pub fn is_right(&self, matcher: &Matcher) -> bool {
        let is_foreign = matches!(matcher, Matcher::Bare(_)) && !self.listed.iter().all(OriginPattern::is_exact);
        let expected = if self.contained || is_foreign { self.queries.len() } else { 0 };
        self.ask(matcher, self.queries.len() as u64) == expected
    }

    /// Makes `count` queries and returns the number of contained ones.
    pub fn ask(&self, matcher: &Matcher, count: u64) -> usize {
        let queries = self.queries.iter().cycle().take(count as usize).map(|query| black_box(query.as_bytes()));
        match matcher {
            Matcher::Bare(set) => queries.filter(|query| set.contains(*query)).count(),
            Matcher::Set(set) => queries.filter(|query| set.contains(query)).count(),
            Matcher::Scan(patterns) => {
                queries.filter(|query| patterns.iter().any(|pattern| pattern.matches(query))).count()
            }
        }
    }
}
