//! The Fetch standard's CORS algorithms, as pure functions.
//!
//! This is the browser's side: [`cors_check`](cors_check::cors_check), the
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
//! | [Requests](https://fetch.spec.whatwg.org/#requests), [Request class](https://fetch.spec.whatwg.org/#request-class), [Headers class](https://fetch.spec.whatwg.org/#headers-class), [`BodyInit` unions](https://fetch.spec.whatwg.org/#bodyinit-unions) | [`request`]; a body is a text |
//! | [Port blocking](https://fetch.spec.whatwg.org/#port-blocking) | [`port_blocking`] |
//! | [`Origin` header](https://fetch.spec.whatwg.org/#origin-header) | [`origin`], [`request::Request::serialize_origin`], [`fetch`] |
//! | [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol): [General](https://fetch.spec.whatwg.org/#general), [HTTP requests](https://fetch.spec.whatwg.org/#http-requests), [HTTP responses](https://fetch.spec.whatwg.org/#http-responses), for servers | [`policy`], [`intent`], [`origin_set`], [`server`] |
//! | [HTTP new-header syntax](https://fetch.spec.whatwg.org/#http-new-header-syntax) | [`extract`] |
//! | [CORS protocol and credentials](https://fetch.spec.whatwg.org/#cors-protocol-and-credentials), [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches), [Basic safe CORS protocol setup](https://fetch.spec.whatwg.org/#basic-safe-cors-protocol-setup) | advice to servers, which [`server`] follows |
//! | [`Cross-Origin-Resource-Policy` header](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header) | [`cross_origin_resource_policy`], [`site`] |
//! | [Fetching](https://fetch.spec.whatwg.org/#fetching), [Main fetch](https://fetch.spec.whatwg.org/#main-fetch), [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), [Fetch methods](https://fetch.spec.whatwg.org/#fetch-method) | [`fetch`] |
//! | [Scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch), [`data:` URLs](https://fetch.spec.whatwg.org/#data-urls) | [`fetch`]: `about:blank` and `data:`, without their bodies |
//! | [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), [Atomic HTTP redirect handling](https://fetch.spec.whatwg.org/#atomic-http-redirect-handling) | [`redirect`], [`fetch`] |
//! | [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch), [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111) | [`http_cache`] |
//! | [Network partition keys](https://fetch.spec.whatwg.org/#network-partition-keys), [HTTP cache partitions](https://fetch.spec.whatwg.org/#http-cache-partitions) | [`http_cache::Partitions`]; the CORS-preflight cache needs none, since its entries tell the origin |
//! | [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) | [`preflight`] |
//! | [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache) | [`preflight_cache`] |
//! | [CORS check](https://fetch.spec.whatwg.org/#cors-check) | [`mod@cors_check`] |
//! | [TAO check](https://fetch.spec.whatwg.org/#tao-check) | [`timing_allow_origin`]; its navigation check is no script's |
//! | [Private Network Access](https://wicg.github.io/private-network-access/), [Local Network Access](https://wicg.github.io/local-network-access/): drafts beside the standard | [`local_network`] |
//!
//! The rest of the standard has no function here, because no header of the CORS protocol decides there:
//!
//! | section | why it is left out |
//! |---|---|
//! | [URL](https://fetch.spec.whatwg.org/#url), [HTTP](https://fetch.spec.whatwg.org/#http), [Bodies](https://fetch.spec.whatwg.org/#bodies), [Miscellaneous](https://fetch.spec.whatwg.org/#miscellaneous), [Fetch groups](https://fetch.spec.whatwg.org/#fetch-groups), [Resolving domains](https://fetch.spec.whatwg.org/#resolving-domains), [Connections](https://fetch.spec.whatwg.org/#connections), [Body mixin](https://fetch.spec.whatwg.org/#body-mixin), [Response class](https://fetch.spec.whatwg.org/#response-class), [Garbage collection](https://fetch.spec.whatwg.org/#garbage-collection) | what a fetch is made of, not whether a page may read it |
//! | [Authentication entries](https://fetch.spec.whatwg.org/#authentication-entries), [Cookies](https://fetch.spec.whatwg.org/#cookies), [`Cookie`](https://fetch.spec.whatwg.org/#cookie-header), [`Set-Cookie`](https://fetch.spec.whatwg.org/#set-cookie-header), [Cookie infrastructure](https://fetch.spec.whatwg.org/#cookie-infrastructure) | the credentials themselves; whether they are included is the credentials mode's |
//! | [Should response be blocked due to its MIME type](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?), [due to nosniff](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?), [`X-Content-Type-Options`](https://fetch.spec.whatwg.org/#x-content-type-options-header) | destinations script and style, which are not `fetch()`'s; [ORB](https://github.com/annevk/orb) is in no standard yet |
//! | [Examples](https://fetch.spec.whatwg.org/#cors-protocol-examples) of the CORS protocol | nothing that the rest does not say |
//! | [CORS protocol exceptions](https://fetch.spec.whatwg.org/#cors-protocol-exceptions) | reports that a browser sends by itself; no script sets their `Content-Type` without a preflight |
//! | [`Content-Length`](https://fetch.spec.whatwg.org/#content-length-header), [`Content-Type`](https://fetch.spec.whatwg.org/#content-type-header), [`Sec-Purpose`](https://fetch.spec.whatwg.org/#sec-purpose-header) | of answers, and of prefetches; a request's `Content-Type` is [`safelist`]'s |
//! | [Override fetch](https://fetch.spec.whatwg.org/#override-fetch) | the user agent's own choice |
//! | [HTTP-network fetch](https://fetch.spec.whatwg.org/#http-network-fetch) | the caller's I/O, but for answers that are not well-formed ([`fetch`]) |
//! | [Deferred fetching](https://fetch.spec.whatwg.org/#deferred-fetch), [its quota](https://fetch.spec.whatwg.org/#deferred-fetch-quota) | `fetchLater()`, whose answer nobody reads |
//! | [HTTP header layer division](https://fetch.spec.whatwg.org/#http-header-layer-division), [WebSockets](https://fetch.spec.whatwg.org/#websocket-protocol), [Using fetch in other standards](https://fetch.spec.whatwg.org/#fetch-elsewhere) | for those who write other standards |
//!
//! Nor are Content Security Policy, mixed content, service workers, upload listeners and streams (the
//! use-CORS-preflight flag).
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

pub mod address_space;
pub mod agent;
pub mod cors_check;
pub mod cross_origin_resource_policy;
pub mod explain;
pub mod extract;
pub mod fetch;
pub mod filtered_response;
pub mod header;
pub mod header_list;
pub mod headers;
pub mod http_cache;
pub mod local_network;
pub mod location_url;
pub mod origin;
pub mod origin_header;
pub mod port_blocking;
pub mod preflight;
pub mod preflight_cache;
pub mod range;
pub mod redirect;
pub mod request;
mod request_class;
pub mod response;
pub mod safelist;
pub mod site;
pub mod spec;
pub mod timing_allow_origin;
pub mod user_agent;
