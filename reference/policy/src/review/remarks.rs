//! All checks.

use crate::Policy;

use super::{
    advice,
    check::{Check, Remark},
    contradictions, dangers, unreachable,
};

/// Returns every check. Checks for dangers come first.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    [dangers::CHECKS, contradictions::CHECKS, unreachable::CHECKS, advice::CHECKS].into_iter().flatten()
}

/// Returns the remarks of every check on a policy. Dangers come first.
pub fn review(policy: &Policy) -> Vec<Remark> {
    checks().flat_map(|check| check.remarks(policy)).collect()
}
