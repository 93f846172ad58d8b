//! What a server's owner wants of CORS.
//!
//! The Fetch standard defines what a browser does ([`cors_reference`]). It leaves to the server which pages may read its
//! responses. This crate holds the server's side:
//!
//! * [`Policy`]: what the owner wants, in neutral terms.
//! * [`intent`]: what a policy says about one fetch.
//! * [`origin_set`]: the matcher for the origins of a policy.
//! * [`capability`]: which policies a middleware can express.
//! * [`review`]: what is dangerous, contradictory or unreachable in a policy.
//! * [`server`]: a model server that serves a policy exactly.
//!
//! Nothing here performs I/O, reads a clock, or panics.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod capability;
pub mod intent;
pub mod origin_set;
mod policy;
pub mod review;
pub mod server;

pub use policy::{AllowList, Method, Policy};
