//! What an origin set is held against: the least that a look-up can cost, and the plainest that there is.

use std::{collections::HashSet, hint::black_box};

use cors_policy::origin_set::{OriginPattern, OriginSet};
use foldhash::fast::FixedState;

use crate::listed::{host, origin, pattern};

/// The least that a look-up can cost: the hash of a key and one compare.
pub type BareSet = HashSet<Box<[u8]>, FixedState>;

/// Queries of one kind to a list of one size.
pub struct Matching {
    /// What is asked.
    pub asks: &'static str,
    /// How many entries are listed.
    pub size: usize,
    listed: Vec<OriginPattern>,
    /// What the bare set holds: the listed origins, or, where they are patterns, the queries themselves.
    hashed: Vec<String>,
    queries: Vec<String>,
    contained: bool,
}

/// The kinds of queries, each with the entry and the query of a number, and whether the list contains it.
type Kind = (&'static str, fn(usize) -> String, fn(usize) -> String, bool);

const KINDS: [Kind; 5] = [
    ("hit", origin, origin, true),
    ("miss", origin, |number| format!("https://own-{number:05}.visitors.example"), false),
    ("near miss", origin, |number| origin(number).replace("example", "examplf"), false),
    ("pattern hit", pattern, |number| format!("https://deep.sub.{}", host(number)), true),
    ("pattern miss", pattern, |number| format!("https://deep.sub.x{}", host(number)), false),
];

/// Few entries, as a scan does them well, and as many as the greatest services list.
const SIZES: [usize; 8] = [1, 2, 3, 4, 10, 100, 1_000, 10_000];

/// So many queries take turns, so that no branch is foreseen by their order.
const QUERIES: usize = 256;

/// Every kind at every size.
///
/// # Errors
///
/// If an entry were no pattern.
pub fn matchings() -> Result<Vec<Matching>, cors_policy::origin_set::PatternError> {
    let all = KINDS.iter().flat_map(|kind| SIZES.iter().map(move |size| (kind, *size)));
    all.map(|((asks, entry, query, contained), size)| {
        let listed = (0..size).map(|number| entry(number).parse()).collect::<Result<Vec<OriginPattern>, _>>()?;
        // A step that shares no factor with any size, so that the queries are spread over the list.
        let queries: Vec<String> = (0..QUERIES).map(|turn| query(turn * 7_919 % size)).collect();
        let is_exact = listed.iter().all(OriginPattern::is_exact);
        let hashed = if is_exact { (0..size).map(entry).collect() } else { (0..size).map(query).collect() };
        Ok(Matching { asks, size, listed, hashed, queries, contained: *contained })
    })
    .collect()
}

/// What answers the queries.
pub enum Matcher {
    /// A hash set of the texts, and nothing else: the hash of a key and one compare.
    Bare(BareSet),
    /// The set that the reference server has.
    Set(OriginSet),
    /// One entry after another.
    Scan(Vec<OriginPattern>),
}

impl Matcher {
    /// Its name in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bare(_) => "bare hash set",
            Self::Set(_) => "origin_set",
            Self::Scan(_) => "scan",
        }
    }
}

impl Matching {
    /// The matchers of this list.
    pub fn matchers(&self) -> [Matcher; 3] {
        let hashed = self.hashed.iter().map(|text| text.as_bytes().into()).collect();
        [Matcher::Bare(hashed), Matcher::Set(OriginSet::new(&self.listed)), Matcher::Scan(self.listed.clone())]
    }

    /// Whether a matcher gives the right answer to every query. The bare set has what is asked of it where the list is
    /// of patterns.
    pub fn is_right(&self, matcher: &Matcher) -> bool {
        let is_foreign = matches!(matcher, Matcher::Bare(_)) && !self.listed.iter().all(OriginPattern::is_exact);
        let ought = if self.contained || is_foreign { self.queries.len() } else { 0 };
        self.ask(matcher, self.queries.len() as u64) == ought
    }

    /// Asks so many queries, and says how many are contained.
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
