//! Generated cases.
//!
//! The generator makes policies of every shape that a configuration can express, pages and raw clients with allowed
//! origins or origins one mistake away, and handlers of every kind. A case is a function of bytes. A seed and a number
//! therefore replay it, and a property test or a fuzzer can supply the bytes instead.

mod cases;
mod draw;
mod handlers;
mod mutation;
pub mod near_origins;
mod origins;
mod policies;
mod raw;
mod settings;
mod systematic;
mod visits;

pub use mutation::{cross, mutate};
pub use settings::Settings;
pub use systematic::systematic;
