//! The cost of a CORS middleware for each request, apart from the cost of its framework and application.
//!
//! [`models`] lists the requests and policies, [`definition`] is a model at one size, [`verified`] excludes wrong answers,
//! [`measure`] has the measured calls, [`run`] times them, and [`counts`] counts their instructions and allocations.
//! [`growth`] classifies how a cost grows, [`report`] writes the results, and [`compare`] compares two runs.

pub mod compare;
pub mod counts;
pub mod definition;
mod extent;
pub mod figures;
pub mod growth;
pub mod measure;
pub mod models;
pub mod plot;
pub mod report;
pub mod run;
pub mod verified;

pub use extent::{Extent, Failed};
