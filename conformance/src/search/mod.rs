//! The search for cases that no vector covers.
//!
//! [`generate`] makes cases, [`campaign`] runs them by number and records what they show, [`shrink()`] finds the smallest
//! case that shows a divergence, and [`minimise`] makes a case smaller while it keeps any property.

pub mod campaign;
pub mod generate;
pub mod minimise;
mod shrink;

pub use shrink::{reproduce, shrink};
