//! Two middlewares compared over many cases.

use std::{cmp::Reverse, collections::BTreeMap};

use cors_adapters::Middleware;
use cors_policy::Policy;
use serde::Serialize;

use super::{
    example::Example,
    kind::{Aspect, DifferenceKind, Intended, Key, Side},
    runs::differences,
    shape::shape,
};
use crate::{
    case::{Case, outcome::Outcome},
    drive::{NotRun, drive},
    parallel,
    search::minimise::minimise,
};

/// The number of cases that a thread takes at once.
const BATCH_SIZE: usize = 50;

/// The result of comparing two middlewares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The version of this format: 1.
    pub schema: u32,
    /// The middleware to migrate from.
    pub a: ComparedMiddleware,
    /// The middleware to migrate to.
    pub b: ComparedMiddleware,
    /// The number of cases.
    pub cases: usize,
    /// The number of cases that ran with both middlewares.
    pub compared: usize,
    /// The reasons why the other cases were not compared, each once.
    pub left_out: Vec<LeftOut>,
    /// The differences; the worst one for a migration from A to B comes first.
    pub differences: Vec<Difference>,
}

/// The name and version of a compared middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparedMiddleware {
    /// The name of the adapter.
    pub name: String,
    /// The version of the middleware.
    pub version: String,
}

/// Cases that were not compared, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The middleware that could not run the cases.
    pub side: Side,
    /// True if the harness failed; false if the adapter does not support the policy or the framework cannot carry a
    /// message.
    pub broken: bool,
    /// The reason.
    #[serde(rename = "why")]
    pub reason: String,
    /// The number of cases.
    pub cases: usize,
}

/// All differences of one kind and shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The kind of difference.
    #[serde(flatten)]
    pub kind: DifferenceKind,
    /// The shape of the visits, built like the shape in a fingerprint; for a refused policy, the middleware's message.
    pub shape: String,
    /// The number of visits that show the difference; for a refused policy, the number of cases.
    pub visits: usize,
    /// The smallest case that shows the difference.
    pub example: Example,
}

/// Compares two middlewares over `cases`. Calls `done` after each case.
pub fn compare(a: &dyn Middleware, b: &dyn Middleware, cases: &[Case], done: &(dyn Fn() + Sync)) -> Comparison {
    let batches: Vec<&[Case]> = cases.chunks(BATCH_SIZE).collect();
    let tallies = parallel::map(&batches, None, |batch| {
        let mut tally = Tally::default();
        for case in *batch {
            tally.add_case(a, b, case);
            done();
        }
        tally
    });
    let tally = tallies.into_iter().fold(Tally::default(), Tally::merge);
    let compared_middleware = |middleware: &dyn Middleware| {
        let description = middleware.describe();
        ComparedMiddleware { name: description.name.to_owned(), version: description.version.to_owned() }
    };
    let left_out = tally.left_out.into_iter();
    Comparison {
        schema: 1,
        a: compared_middleware(a),
        b: compared_middleware(b),
        cases: cases.len(),
        compared: tally.compared,
        left_out: left_out.map(|((side, broken, reason), cases)| LeftOut { side, broken, reason, cases }).collect(),
        differences: tally.occurrences.into_iter().map(|(key, seen)| seen.into_difference(a, b, key)).collect(),
    }
}

/// The counts of a comparison. The result of merging does not depend on the order.
#[derive(Default)]
struct Tally<'a> {
    compared: usize,
    left_out: BTreeMap<LeftOutKey, usize>,
    occurrences: BTreeMap<Key, Occurrences<'a>>,
}

/// The middleware that could not run a case, whether the harness failed, and the reason.
type LeftOutKey = (Side, bool, String);

/// The occurrences of one difference.
struct Occurrences<'a> {
    visits: usize,
    smallest: Candidate<'a>,
}

/// A case that shows a difference, with its JSON text as a measure of size.
#[derive(Clone)]
struct Candidate<'a> {
    case: &'a Case,
    json: String,
}

impl<'a> Candidate<'a> {
    fn new(case: &'a Case) -> Self {
        Self { case, json: serde_json::to_string(case).unwrap_or_default() }
    }

    fn size(&self) -> (usize, usize, &str) {
        (self.case.visits.len(), self.json.len(), &self.json)
    }
}

impl<'a> Tally<'a> {
    fn add_case(&mut self, a: &dyn Middleware, b: &dyn Middleware, case: &'a Case) {
        let keys = match difference_keys(a, b, case) {
            Ok(keys) => keys,
            Err(left_out) => {
                left_out.into_iter().for_each(|key| *self.left_out.entry(key).or_default() += 1);
                return;
            }
        };
        self.compared += 1;
        if !keys.is_empty() {
            let candidate = Candidate::new(case);
            keys.into_iter().for_each(|key| self.add(key, Occurrences { visits: 1, smallest: candidate.clone() }));
        }
    }

    fn add(&mut self, key: Key, new: Occurrences<'a>) {
        let none = || Occurrences { visits: 0, smallest: new.smallest.clone() };
        let occurrences = self.occurrences.entry(key).or_insert_with(none);
        occurrences.visits += new.visits;
        if new.smallest.size() < occurrences.smallest.size() {
            occurrences.smallest = new.smallest;
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.compared += other.compared;
        other.left_out.into_iter().for_each(|(key, cases)| *self.left_out.entry(key).or_default() += cases);
        other.occurrences.into_iter().for_each(|(key, occurrences)| self.add(key, occurrences));
        self
    }
}

impl Occurrences<'_> {
    fn into_difference(self, a: &dyn Middleware, b: &dyn Middleware, key: Key) -> Difference {
        let shows_key = |case: &Case| difference_keys(a, b, case).is_ok_and(|keys| keys.contains(&key));
        let smallest = minimise(self.smallest.case, &mut { shows_key });
        let example = Example::new(a, b, &smallest, &key);
        Difference { kind: key.kind, shape: key.shape, visits: self.visits, example }
    }
}

/// Returns the differences that a case shows, or the reasons why the case cannot be compared.
fn difference_keys(a: &dyn Middleware, b: &dyn Middleware, case: &Case) -> Result<Vec<Key>, Vec<LeftOutKey>> {
    match (drive(a, case), drive(b, case)) {
        (Ok(a), Ok(b)) => {
            let differences = differences(&a, &b).into_iter();
            Ok(differences.map(|found| Key { kind: found.kind, shape: shape(&a, &b, &found) }).collect())
        }
        (Err(NotRun { outcome: Outcome::Rejected, reason }), Ok(_)) => {
            Ok(vec![refused_policy(Side::A, &reason, &case.policy)])
        }
        (Ok(_), Err(NotRun { outcome: Outcome::Rejected, reason })) => {
            Ok(vec![refused_policy(Side::B, &reason, &case.policy)])
        }
        (a, b) => {
            let not_run = [(Side::A, a.err()), (Side::B, b.err())].into_iter();
            let not_run = not_run.filter_map(|(side, not_run)| Some((side, not_run?)));
            let left_out = not_run.filter(|(_, not_run)| not_run.outcome != Outcome::Rejected);
            let left_out: Vec<LeftOutKey> =
                left_out.map(|(side, NotRun { outcome, reason })| (side, outcome == Outcome::Broken, reason)).collect();
            // If both reject the policy, they do not differ.
            if left_out.is_empty() { Ok(Vec::new()) } else { Err(left_out) }
        }
    }
}

/// Returns the difference for a policy that only `side` refuses. The names of the policy are masked in the message, so
/// that similar policies share a difference.
fn refused_policy(side: Side, message: &str, policy: &Policy) -> Key {
    let mut names: Vec<&str> = policy.origins.list().iter().map(|origin| origin.as_str()).collect();
    names.extend(policy.methods.list().iter().map(|method| method.as_str()));
    names.extend(policy.request_headers.list().iter().chain(policy.exposed_headers.list()).map(|name| name.as_str()));
    names.sort_by_key(|name| Reverse(name.len()));
    let masked = names.into_iter().fold(message.to_owned(), |message, name| message.replace(name, "…"));
    // Separators between masked names are dropped, so that a list of names masks to the same text as one name.
    let is_text = |part: &&str| part.is_empty() || part.contains(char::is_alphanumeric);
    let shape = masked.split('…').filter(is_text).collect::<Vec<_>>().join("…");
    Key { kind: DifferenceKind::new(Aspect::Server, side.other(), Intended::Permits), shape }
}
