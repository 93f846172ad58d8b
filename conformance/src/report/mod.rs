//! Reports: the result of a run in the formats that people and programs read.

pub mod badge;
pub mod by_fingerprint;
pub mod campaign;
pub mod changes;
pub mod compact_json;
pub mod comparison;
pub mod finding_page;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod markup;
pub mod merge;
mod replay;
pub mod reproduction;
pub mod sarif;
mod shell;
pub mod terminal;
pub mod transcript;
