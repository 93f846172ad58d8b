//! Reports: one result, written for a reader.

pub mod json;
pub mod terminal;
