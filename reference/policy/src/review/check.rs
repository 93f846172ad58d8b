//! Checks of a policy, and the remarks that they produce.

use crate::{Policy, origin_set::OriginPattern};
use serde::Serialize;

use super::parts::Parts;

/// The kind of problem that a remark reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkKind {
    /// The policy grants access that no owner should want to grant, or leads servers to grant it.
    Danger,
    /// Two parts of the policy contradict or repeat each other.
    Contradiction,
    /// A part of the policy grants something that no browser ever uses.
    Unreachable,
    /// The policy works, but there is a better way to write it.
    Advice,
}

impl RemarkKind {
    /// Returns the name of the kind: `danger`, `contradiction`, `unreachable` or `advice`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::Contradiction => "contradiction",
            Self::Unreachable => "unreachable",
            Self::Advice => "advice",
        }
    }
}

/// A remark on a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The id of the [`Check`] that produced the remark.
    pub id: &'static str,
    /// The kind of problem.
    pub kind: RemarkKind,
    /// The field of the policy, such as `origins[0]`.
    pub field: String,
    /// The problem, its effect, and a fix.
    pub message: String,
    /// The sentence on which the check is based.
    pub quote: &'static str,
    /// The source of the sentence. For a sentence of the security checklist, the section of the standard on its topic.
    pub link: &'static str,
}

/// A check of a policy.
#[derive(Debug)]
#[non_exhaustive]
pub struct Check {
    /// The id of the check, which never changes.
    pub id: &'static str,
    /// The kind of problem that the check looks for.
    pub kind: RemarkKind,
    /// The sentence on which the check is based.
    pub quote: &'static str,
    /// The source of the sentence. For a sentence of the security checklist, the section of the standard on its topic.
    pub link: &'static str,
    pub(super) find: fn(&Policy) -> Vec<Problem>,
}

impl Check {
    /// Returns the remarks of this check on a policy.
    pub(super) fn remarks(&self, policy: &Policy) -> Vec<Remark> {
        let Self { id, kind, quote, link, find } = *self;
        let remark = |Problem { field, message }| Remark { id, kind, field, message, quote, link };
        find(policy).into_iter().map(remark).collect()
    }
}

/// A problem in one field of a policy.
pub(super) struct Problem {
    field: String,
    message: String,
}

/// Returns a problem of a whole field if `applies` is true.
pub(super) fn of_field(field: &str, applies: bool, message: &str) -> Vec<Problem> {
    if applies { vec![Problem { field: field.to_owned(), message: message.to_owned() }] } else { Vec::new() }
}

/// Returns a problem for each item of a list for which `message` returns a message.
pub(super) fn of_items<T>(field: &str, items: &[T], message: impl Fn(usize, &T) -> Option<String>) -> Vec<Problem> {
    let problem = |(index, item)| Some(Problem { field: format!("{field}[{index}]"), message: message(index, item)? });
    items.iter().enumerate().filter_map(problem).collect()
}

/// Returns a problem for each origin pattern other than `null` for which `message` returns a message.
pub(super) fn of_origins(
    policy: &Policy,
    message: impl Fn(&OriginPattern, Parts<'_>) -> Option<String>,
) -> Vec<Problem> {
    of_items("origins", policy.origins.list(), |_, pattern| message(pattern, Parts::of(pattern)?))
}
