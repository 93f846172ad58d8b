//! A policy read before any server serves it: what in it is dangerous, contradicts itself, or is within
//! the reach of no browser; and what differs between two.
//!
//! A [`Check`] is a small pure function with the sentence behind it.

use crate::{Policy, origin_set::OriginPattern};
use serde::Serialize;

use parts::Parts;

mod advice;
mod contradictions;
mod dangers;
mod differences;
mod grants;
mod parts;
mod unreachable;

pub use differences::{Difference, Effect, differences};

/// What a remark says of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkKind {
    /// It grants what no owner should want to grant, or invites a server to.
    Danger,
    /// Two parts of it say different things, or one says a thing twice.
    Contradiction,
    /// No browser ever does what it grants.
    Unreachable,
    /// It works, and could be said better.
    Advice,
}

impl RemarkKind {
    /// Its name: `danger`, `contradiction`, `unreachable` or `advice`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::Contradiction => "contradiction",
            Self::Unreachable => "unreachable",
            Self::Advice => "advice",
        }
    }
}

/// Something to say about a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The id of its [`Check`].
    pub id: &'static str,
    /// What it says of the policy.
    pub kind: RemarkKind,
    /// The field, such as `origins[0]`.
    pub field: String,
    /// What is there, why that matters, and what to do.
    pub message: String,
    /// The sentence behind it.
    pub quote: &'static str,
    /// Where that sentence stands, or for one of the security checklist, the section that it is about.
    pub link: &'static str,
}

/// What is looked for in a policy.
#[derive(Debug)]
pub struct Check {
    /// Its name for good.
    pub id: &'static str,
    /// What its remarks say of a policy.
    pub kind: RemarkKind,
    /// The sentence behind it.
    pub quote: &'static str,
    /// Where that sentence stands, or for one of the security checklist, the section that it is about.
    pub link: &'static str,
    find: fn(&Policy) -> Vec<Found>,
}

/// The field and the message of a remark.
type Found = (String, String);

/// Every check, the dangers first.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    [dangers::CHECKS, contradictions::CHECKS, unreachable::CHECKS, advice::CHECKS].into_iter().flatten()
}

/// What there is to say about a policy, the dangers first.
pub fn review(policy: &Policy) -> Vec<Remark> {
    let remarks_of = |check: &'static Check| {
        let Check { id, kind, quote, link, find } = *check;
        find(policy).into_iter().map(move |(field, message)| Remark { id, kind, field, message, quote, link })
    };
    checks().flat_map(remarks_of).collect()
}

/// A message about a field, where it applies.
fn whole(field: &str, applies: bool, message: &str) -> Vec<Found> {
    if applies { vec![(field.to_owned(), message.to_owned())] } else { Vec::new() }
}

/// A message about each item of a list that has one.
fn each<T>(field: &str, items: &[T], message: impl Fn(usize, &T) -> Option<String>) -> Vec<Found> {
    let found = items.iter().enumerate().filter_map(|(index, item)| Some((index, message(index, item)?)));
    found.map(|(index, message)| (format!("{field}[{index}]"), message)).collect()
}

/// A message about each origin pattern that has one; `null` has no parts.
fn each_origin(policy: &Policy, message: impl Fn(&OriginPattern, Parts<'_>) -> Option<String>) -> Vec<Found> {
    each("origins", policy.origins.list(), |_, pattern| message(pattern, Parts::of(pattern)?))
}
