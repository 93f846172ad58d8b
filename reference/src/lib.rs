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
//! # Where each section is
//!
//! | section of the standard | here |
//! |---|---|
//! | [Methods](https://fetch.spec.whatwg.org/#methods) | [`safelist`]: safelisted, forbidden, normalize |
//! | [Headers](https://fetch.spec.whatwg.org/#terminology-headers) | [`header`], [`header_list`], [`extract`], [`safelist`] |
//! | [Statuses](https://fetch.spec.whatwg.org/#statuses), [Responses](https://fetch.spec.whatwg.org/#responses) | [`response`], [`filtered_response`] |
//! | [Requests](https://fetch.spec.whatwg.org/#requests), [Request class](https://fetch.spec.whatwg.org/#request-class), [Headers class](https://fetch.spec.whatwg.org/#headers-class) | [`request`] |
//! | [Port blocking](https://fetch.spec.whatwg.org/#port-blocking) | [`port_blocking`] |
//! | [`Origin` header](https://fetch.spec.whatwg.org/#origin-header) | [`origin`], [`request::Request::serialize_origin`], [`fetch`] |
//! | [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol), for servers | [`policy`], [`intent`], [`origin_set`], [`server`] |
//! | [Main fetch](https://fetch.spec.whatwg.org/#main-fetch), [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch) | [`fetch`] |
//! | [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch) | [`redirect`] |
//! | [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) | [`preflight`] |
//! | [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache) | [`preflight_cache`] |
//! | [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch), [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111) | [`http_cache`] |
//! | [CORS check](https://fetch.spec.whatwg.org/#cors-check) | [`mod@cors_check`] |
//!
//! Left out, since no CORS header decides there: Content Security Policy, mixed content, service workers,
//! HTTP authentication, upload listeners and streams (the use-CORS-preflight flag). Not here yet:
//! `Cross-Origin-Resource-Policy`, the TAO check, and local networks.
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
pub mod cross_origin_resource_policy;
pub mod explain;
pub mod extract;
pub mod fetch;
pub mod filtered_response;
pub mod header;
pub mod header_list;
pub mod http_cache;
pub mod intent;
pub mod local_network;
pub mod origin;
pub mod origin_set;
pub mod policy;
pub mod port_blocking;
pub mod preflight;
pub mod preflight_cache;
pub mod range;
pub mod redirect;
pub mod request;
pub mod response;
pub mod safelist;
pub mod server;
pub mod site;
pub mod spec;
pub mod timing_allow_origin;
