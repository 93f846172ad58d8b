//! What the fuzz targets do with an input, apart from libFuzzer, so that tests do the same on stable Rust.
//!
//! An input is a case in the format of the vectors: corpus, crash files and vectors are one thing. Each target finds
//! something or nothing; only its last line panics.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod asked;
pub mod collection;
pub mod inputs;
pub mod model;
