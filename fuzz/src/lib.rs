//! The checks of the fuzz targets, independent of libFuzzer. Tests run the same checks on stable Rust.
//!
//! An input is a case in the format of the vectors. The corpus, crash files and vectors therefore share one format. The
//! checks return findings, and only the last line of a fuzz target panics.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod collection;
pub mod inputs;
pub mod model;
pub mod targets;
