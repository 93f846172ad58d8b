//! Where two middlewares, or two versions of one, differ in what a browser would then let through under the same
//! policy: what someone who migrates from one to the other has to know. The text of an answer is no difference.

use std::collections::BTreeMap;

use cors_adapters::Middleware;
use cors_policy::Policy;
use serde::Serialize;

use crate::{
    case::Case,
    drive::{Driven, drive},
    parallel,
    search::minimise::minimise,
};

mod example;
mod kind;
mod pages;
mod runs;

pub use example::{Example, Shown};
pub use kind::{Intended, Kind, Side, Standing, What};

/// How many cases a thread takes at once.
const AT_ONCE: usize = 50;

/// How two middlewares compare; the worst difference for whoever goes from A to B is first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The version of this format: 1.
    pub schema: u32,
    /// The one to go from.
    pub a: Row,
    /// The one to go to.
    pub b: Row,
    /// How many cases there were.
    pub cases: usize,
    /// How many of them both could be led through.
    pub compared: usize,
    /// Why the others could not be compared, each reason once.
    pub left_out: Vec<LeftOut>,
    /// The differences.
    pub differences: Vec<Difference>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Cases that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// With which of the two.
    pub side: Side,
    /// Whether the harness failed; else the policy, or a message, cannot be said.
    pub broken: bool,
    /// Why.
    pub why: String,
    /// How many.
    pub cases: usize,
}

/// A difference, of one kind and shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Its kind.
    #[serde(flatten)]
    pub kind: Kind,
    /// The shape of the visits that show it, as in a fingerprint; of a refused policy the message.
    pub shape: String,
    /// How many visits show it; of a refused policy how many cases.
    pub visits: usize,
    /// The smallest case that shows it.
    pub example: Example,
}

/// Compares two middlewares over cases. `done` is called after each.
pub fn compare(a: &dyn Middleware, b: &dyn Middleware, cases: &[Case], done: &(dyn Fn() + Sync)) -> Comparison {
    let batches: Vec<&[Case]> = cases.chunks(AT_ONCE).collect();
    let tallies = parallel::map(&batches, None, |batch| {
        let mut tally = Tally::default();
        for case in *batch {
            tally.add(a, b, case);
            done();
        }
        tally
    });
    let tally = tallies.into_iter().fold(Tally::default(), Tally::merge);
    let row = |middleware: &dyn Middleware| {
        let description = middleware.describe();
        Row { name: description.name.to_owned(), version: description.version.to_owned() }
    };
    let left_out = tally.left_out.into_iter();
    Comparison {
        schema: 1,
        a: row(a),
        b: row(b),
        cases: cases.len(),
        compared: tally.compared,
        left_out: left_out.map(|((side, broken, why), cases)| LeftOut { side, broken, why, cases }).collect(),
        differences: tally.seen.into_iter().map(|(key, seen)| seen.difference(a, b, key)).collect(),
    }
}

/// A kind, and a shape.
type Key = (Kind, String);

/// What is counted. It is the same whoever counted what, and when.
#[derive(Default)]
struct Tally<'a> {
    compared: usize,
    left_out: BTreeMap<Why, usize>,
    seen: BTreeMap<Key, Seen<'a>>,
}

/// Where a difference was seen.
struct Seen<'a> {
    visits: usize,
    smallest: Candidate<'a>,
}

/// A case that may be the smallest.
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
    fn add(&mut self, a: &dyn Middleware, b: &dyn Middleware, case: &'a Case) {
        let keys = match keys(a, b, case) {
            Ok(keys) => keys,
            Err(left_out) => {
                left_out.into_iter().for_each(|why| *self.left_out.entry(why).or_default() += 1);
                return;
            }
        };
        self.compared += 1;
        if !keys.is_empty() {
            let candidate = Candidate::new(case);
            keys.into_iter().for_each(|key| self.see(key, Seen { visits: 1, smallest: candidate.clone() }));
        }
    }

    fn see(&mut self, key: Key, new: Seen<'a>) {
        let seen = self.seen.entry(key).or_insert_with(|| Seen { visits: 0, smallest: new.smallest.clone() });
        seen.visits += new.visits;
        if new.smallest.size() < seen.smallest.size() {
            seen.smallest = new.smallest;
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.compared += other.compared;
        other.left_out.into_iter().for_each(|(why, cases)| *self.left_out.entry(why).or_default() += cases);
        other.seen.into_iter().for_each(|(key, seen)| self.see(key, seen));
        self
    }
}

/// Why a case is left out: by which of the two, whether the harness failed, and the reason.
type Why = (Side, bool, String);

/// What differs in a case, or why it says nothing.
fn keys(a: &dyn Middleware, b: &dyn Middleware, case: &Case) -> Result<Vec<Key>, Vec<Why>> {
    match (drive(a, case), drive(b, case)) {
        (Driven::Ran(a), Driven::Ran(b)) => {
            let found = runs::differences(&a, &b).into_iter();
            Ok(found.map(|found| (found.kind, runs::shape(&a, &b, &found))).collect())
        }
        (Driven::Rejected(message), Driven::Ran(_)) => Ok(vec![refused(Side::A, &message, &case.policy)]),
        (Driven::Ran(_), Driven::Rejected(message)) => Ok(vec![refused(Side::B, &message, &case.policy)]),
        (Driven::Rejected(_), Driven::Rejected(_)) => Ok(Vec::new()),
        (a, b) => {
            let why = [(Side::A, a), (Side::B, b)].into_iter().filter_map(|(side, driven)| match driven {
                Driven::Unsupported(why) => Some((side, false, why)),
                Driven::Broken(why) => Some((side, true, why)),
                Driven::Ran(_) | Driven::Rejected(_) => None,
            });
            Err(why.collect())
        }
    }
}

impl Seen<'_> {
    fn difference(self, a: &dyn Middleware, b: &dyn Middleware, key: Key) -> Difference {
        let small = minimise(self.smallest.case, &mut |case| keys(a, b, case).is_ok_and(|keys| keys.contains(&key)));
        let example = Example::new(a, b, &small, &key);
        Difference { kind: key.0, shape: key.1, visits: self.visits, example }
    }
}

/// A policy that one refuses: with a message that is the same for every policy of its kind.
fn refused(by: Side, message: &str, policy: &Policy) -> Key {
    let mut names: Vec<&str> = policy.origins.list().iter().map(|origin| origin.as_str()).collect();
    names.extend(policy.methods.list().iter().map(|method| method.as_str()));
    names.extend(policy.request_headers.list().iter().chain(policy.exposed_headers.list()).map(|name| name.as_str()));
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let masked = names.into_iter().fold(message.to_owned(), |message, name| message.replace(name, "…"));
    // A list of names is as good as one.
    let is_between = |part: &&str| part.is_empty() || part.contains(char::is_alphanumeric);
    let message = masked.split('…').filter(is_between).collect::<Vec<_>>().join("…");
    (Kind::new(What::Server, by.other(), Intended::Permits), message)
}
