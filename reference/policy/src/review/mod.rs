//! The review of a policy before a server uses it, and the differences between two policies.
//!
//! A [`Check`] looks for one problem: a danger, a contradiction, a part that no browser can reach, or a better way to
//! write the policy. Each check quotes the sentence on which it is based.

mod advice;
mod check;
mod contradictions;
mod dangers;
mod differences;
mod grants;
mod max_age;
mod parts;
mod remarks;
mod unreachable;

pub use check::{Check, Remark, RemarkKind};
pub use differences::{Difference, Effect, differences};
pub use remarks::{checks, review};
