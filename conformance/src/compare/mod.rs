//! Comparison of two middlewares, or of two versions of one, under the same policy.
//!
//! Two middlewares differ if a page, or the application, gets something with one and not with the other. A different
//! response text is not a difference.

mod answers;
mod comparison;
mod example;
mod kind;
mod pages;
mod raw;
mod runs;
mod shape;

pub use comparison::{ComparedMiddleware, Comparison, Difference, LeftOut, compare};
pub use example::{Example, SideExample};
pub use kind::{Aspect, Consequence, DifferenceKind, Intended, Side};
