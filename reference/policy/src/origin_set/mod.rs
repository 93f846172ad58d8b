//! The origins of a policy, and the matcher for the bytes of an `Origin` header.
//!
//! [`OriginPattern::matches`] compares an origin with one pattern. [`OriginSet::contains`] gives the same answer for many
//! patterns, in a time that does not grow with their number.

mod bytes;
mod error;
mod exact;
mod hosts;
mod pattern;
mod set;
mod syntax;
mod table;

pub use error::{EntryError, Fault, PatternError};
pub use pattern::OriginPattern;
pub use set::OriginSet;
