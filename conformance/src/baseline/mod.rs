//! The baseline: a file of the divergences that are expected, each with a reason and a link.
//!
//! An entry that matches no divergence is an error, so that the file stays accurate.

mod entry;
mod file;
mod update;

pub use entry::{BaselineFile, Entry};
pub use file::Baseline;
pub use update::{Change, Update};
