//! Rust CORS middlewares behind two small traits. [`Middleware`] describes one configuration of a middleware and builds
//! servers; [`Server`] answers one request at a time.
//!
//! An adapter is the file that implements [`Middleware`] for one crate. It turns a policy into the configuration that a
//! careful user would write from the documentation, and it reports what the middleware does without judging it. Each
//! adapter has its own cargo feature. To add one, write its file and add a line to `registry.rs`.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

#[cfg(feature = "_actix")]
mod actix_cors;
#[doc(hidden)]
pub mod application;
#[cfg(feature = "_axum")]
mod axum_application;
#[cfg(feature = "bunner_cors_rs")]
mod bunner_cors_rs;
mod catch;
#[cfg(feature = "_http")]
mod convert;
mod fixed_policy;
pub mod handler;
#[cfg(feature = "_http")]
mod http_application;
#[cfg(feature = "_http")]
mod http_handler;
#[cfg(feature = "socket")]
mod http_server;
mod in_process;
mod middleware;
#[cfg(feature = "ntex-cors")]
mod ntex_cors;
#[cfg(feature = "ohkami")]
mod ohkami;
#[cfg(feature = "_unordered")]
mod ordered_headers;
#[cfg(feature = "poem")]
mod poem;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod program;
#[cfg(feature = "rama-http")]
mod rama_http;
#[doc(hidden)]
pub mod reference_server;
#[doc(hidden)]
pub mod registry;
#[cfg(feature = "rocket_cors")]
mod rocket_cors;
mod row;
#[cfg(feature = "rustapi-extras")]
mod rustapi_extras;
#[cfg(feature = "_salvo")]
mod salvo_cors;
mod server;
#[cfg(feature = "silent")]
mod silent;
pub mod socket;
#[cfg(feature = "tide")]
mod tide;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "_axum")]
mod tower_http;
#[cfg(feature = "viz-core")]
mod viz_core;
#[cfg(feature = "warp")]
mod warp;

pub use middleware::{Description, Middleware, NoServer};
#[doc(hidden)]
pub use middleware::{build, listen, unsupported_reason};
pub use server::{Failure, NotRepresentable, Server};
#[doc(hidden)]
pub use server::{Observation, observe};
