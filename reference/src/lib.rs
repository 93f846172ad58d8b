//! The Fetch standard's CORS algorithms, as pure functions.
//!
//! Two halves that meet in a test:
//!
//! * **The browser's side** is the standard itself: [`cors_check`](cors_check::cors_check), the
//!   [CORS-preflight fetch](preflight), the [safelists](safelist), the
//!   [filtered responses](filtered_response), and the sans-I/O [`fetch`] that strings them together.
//!   A function of the standard bears the standard's name, links its section, and numbers its steps
//!   as the [pinned source](spec) does.
//! * **The server's side** is what the standard leaves to its owner: the [`policy`], what it
//!   [intends](intent) for one fetch, the [matcher](origin_set) of its origins, and a
//!   [model server](server) that serves it.
//!
//! Nothing here does I/O, reads a clock, or panics.
//!
//! ```
//! use cors_reference::{cors_check::cors_check, request::{Request, RequestInit}, response::Response};
//!
//! let page = "https://app.example".parse()?;
//! let request = Request::new(&page, "https://api.example/", &RequestInit::default())?;
//! let response = Response::new(200).with("Access-Control-Allow-Origin", "https://app.example");
//! assert_eq!(cors_check(&request, &response).unwrap().reason(), "cors-check/5");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod agent;
pub mod cors_check;
pub mod explain;
pub mod extract;
pub mod fetch;
pub mod filtered_response;
pub mod header;
pub mod header_list;
pub mod intent;
pub mod origin;
pub mod origin_set;
pub mod policy;
pub mod preflight;
pub mod preflight_cache;
pub mod redirect;
pub mod request;
pub mod response;
pub mod safelist;
pub mod server;
pub mod spec;
