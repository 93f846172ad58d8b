//! Checks of the rules themselves: wrong servers that they must catch, and correct servers that they must not accuse.

pub mod false_alarms;
pub mod freedoms;
pub mod kill_matrix;
pub mod mutants;
pub mod registry;
pub mod relations;
mod response_edits;
