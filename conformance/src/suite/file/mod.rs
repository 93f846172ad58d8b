//! The result file, version 2.
//!
//! A run has thousands of divergences, and most of them share their vectors, requests and responses with others. The file
//! stores each of these once, in tables, and refers to them by index. Nothing is lost: `decode` returns the report that
//! `encode` was given.

mod decode;
mod encode;
mod layout;
mod types;

pub use decode::decode;
pub use encode::encode;
pub use layout::write;
pub use types::ResultFile;
