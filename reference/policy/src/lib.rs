//! The server side of CORS.
//!
//! The Fetch standard defines what a browser does ([`cors_reference`]). It leaves to the server which pages may read its
//! responses. This crate describes that choice:
//!
//! * [`Policy`]: what a server's owner permits, in neutral terms.
//! * [`intent`]: whether a policy permits one fetch.
//! * [`origin_set`]: the matcher for the origins of a policy.
//! * [`capability`]: the parts of a policy that a middleware may or may not support.
//! * [`review`]: dangerous, contradictory and unreachable parts of a policy.
//! * [`server`]: a model server that grants exactly what a policy permits.
//!
//! No function performs I/O, reads a clock, or panics.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod capability;
pub mod intent;
pub mod origin_set;
mod policy;
pub mod review;
pub mod server;

pub use policy::{AllowList, Method, Policy};
