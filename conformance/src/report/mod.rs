//! Reports: one result, written for a reader.

pub mod changes;
pub mod json;
pub mod terminal;
