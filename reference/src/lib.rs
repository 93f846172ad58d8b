//! The client side of the Fetch standard's CORS protocol, as pure functions.
//!
//! The crate holds the algorithms that a browser runs: the [CORS check](mod@cors_check), the [CORS-preflight
//! fetch](preflight) and its [cache](preflight_cache), the [safelists](safelist), the [filtered
//! responses](filtered_response), [redirects](redirect), and a [`fetch`] without I/O that connects them.
//!
//! A function of an algorithm has the standard's name, links the algorithm's section, and lists the algorithm's steps
//! as comments, with the numbers of the [pinned source](spec). A step that is left out has the comment "Not modelled"
//! with the reason.
//!
//! The algorithms call a [`UserAgent`](user_agent::UserAgent) for the parts in which implementations differ. By default
//! that is [`Standard`](user_agent::Standard). Browsers and their deviations are a layer on top: [`agent`].
//!
//! The CORS check and the preflight check read any container of [`headers`], such as `http::HeaderMap`:
//! [`cors_check::cors_check_headers`], [`preflight::check_preflight_headers`].
//!
//! No function does I/O or reads a clock. No function panics on input. Only a header name that is a constant of the
//! program must be a token ([`header::HeaderName::from_static`]).
//!
//! # Sections of the standard
//!
//! | section of the standard | module |
//! |---|---|
//! | [Methods](https://fetch.spec.whatwg.org/#methods) | [`safelist`]: safelisted, forbidden, normalize |
//! | [Headers](https://fetch.spec.whatwg.org/#terminology-headers) | [`header`], [`header_list`], [`extract`], [`safelist`] |
//! | [Statuses](https://fetch.spec.whatwg.org/#statuses), [Responses](https://fetch.spec.whatwg.org/#responses) | [`response`], [`filtered_response`] |
//! | [Requests](https://fetch.spec.whatwg.org/#requests), [Request class](https://fetch.spec.whatwg.org/#request-class), [Headers class](https://fetch.spec.whatwg.org/#headers-class), [`BodyInit` unions](https://fetch.spec.whatwg.org/#bodyinit-unions) | [`request`]; a body is a text |
//! | [Port blocking](https://fetch.spec.whatwg.org/#port-blocking) | [`port_blocking`] |
//! | [`Origin` header](https://fetch.spec.whatwg.org/#origin-header) | [`origin`], [`origin_header`], [`request::Request::serialize_origin`] |
//! | [CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol): [General](https://fetch.spec.whatwg.org/#general), [HTTP requests](https://fetch.spec.whatwg.org/#http-requests), [HTTP responses](https://fetch.spec.whatwg.org/#http-responses), for servers | the crate `cors-policy` |
//! | [HTTP new-header syntax](https://fetch.spec.whatwg.org/#http-new-header-syntax) | [`extract`] |
//! | [CORS protocol and credentials](https://fetch.spec.whatwg.org/#cors-protocol-and-credentials), [CORS protocol and HTTP caches](https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches), [Basic safe CORS protocol setup](https://fetch.spec.whatwg.org/#basic-safe-cors-protocol-setup) | advice to servers, which the model server of `cors-policy` follows |
//! | [`Cross-Origin-Resource-Policy` header](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header) | [`cross_origin_resource_policy`], [`site`] |
//! | [Fetching](https://fetch.spec.whatwg.org/#fetching), [Main fetch](https://fetch.spec.whatwg.org/#main-fetch), [HTTP fetch](https://fetch.spec.whatwg.org/#http-fetch), [Fetch methods](https://fetch.spec.whatwg.org/#fetch-method) | [`fetch`] |
//! | [Scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch), [`data:` URLs](https://fetch.spec.whatwg.org/#data-urls) | [`fetch`]: `about:blank` and `data:`, without their bodies |
//! | [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch), [Atomic HTTP redirect handling](https://fetch.spec.whatwg.org/#atomic-http-redirect-handling) | [`redirect`], [`fetch`] |
//! | [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#http-network-or-cache-fetch), [RFC 9111](https://www.rfc-editor.org/rfc/rfc9111) | [`http_cache`] |
//! | [Network partition keys](https://fetch.spec.whatwg.org/#network-partition-keys), [HTTP cache partitions](https://fetch.spec.whatwg.org/#http-cache-partitions) | [`http_cache::Partitions`]; the CORS-preflight cache has no partitions |
//! | [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) | [`preflight`] |
//! | [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache) | [`preflight_cache`] |
//! | [CORS check](https://fetch.spec.whatwg.org/#cors-check) | [`mod@cors_check`] |
//! | [TAO check](https://fetch.spec.whatwg.org/#tao-check) | [`timing_allow_origin`], without the step for navigations |
//! | [Private Network Access](https://wicg.github.io/private-network-access/), [Local Network Access](https://wicg.github.io/local-network-access/): drafts outside the standard | [`local_network`] |
//!
//! The other sections have no function here, because they do not depend on a header of the CORS protocol:
//!
//! | section | why it is left out |
//! |---|---|
//! | [URL](https://fetch.spec.whatwg.org/#url), [HTTP](https://fetch.spec.whatwg.org/#http), [Bodies](https://fetch.spec.whatwg.org/#bodies), [Miscellaneous](https://fetch.spec.whatwg.org/#miscellaneous), [Fetch groups](https://fetch.spec.whatwg.org/#fetch-groups), [Resolving domains](https://fetch.spec.whatwg.org/#resolving-domains), [Connections](https://fetch.spec.whatwg.org/#connections), [Body mixin](https://fetch.spec.whatwg.org/#body-mixin), [Response class](https://fetch.spec.whatwg.org/#response-class), [Garbage collection](https://fetch.spec.whatwg.org/#garbage-collection) | they do not decide whether a page may read a response |
//! | [Authentication entries](https://fetch.spec.whatwg.org/#authentication-entries), [Cookies](https://fetch.spec.whatwg.org/#cookies), [`Cookie`](https://fetch.spec.whatwg.org/#cookie-header), [`Set-Cookie`](https://fetch.spec.whatwg.org/#set-cookie-header), [Cookie infrastructure](https://fetch.spec.whatwg.org/#cookie-infrastructure) | they concern the credentials themselves; the credentials mode decides whether a fetch includes them |
//! | [Should response be blocked due to its MIME type](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?), [due to nosniff](https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?), [`X-Content-Type-Options`](https://fetch.spec.whatwg.org/#x-content-type-options-header) | they concern scripts and style sheets, not `fetch()`; [ORB](https://github.com/annevk/orb) is not in a standard yet |
//! | [Examples](https://fetch.spec.whatwg.org/#cors-protocol-examples) of the CORS protocol | they follow from the other sections |
//! | [CORS protocol exceptions](https://fetch.spec.whatwg.org/#cors-protocol-exceptions) | they concern reports that a browser sends; a script cannot set the `Content-Type` of such a report without a preflight |
//! | [`Content-Length`](https://fetch.spec.whatwg.org/#content-length-header), [`Content-Type`](https://fetch.spec.whatwg.org/#content-type-header), [`Sec-Purpose`](https://fetch.spec.whatwg.org/#sec-purpose-header) | they concern responses and prefetches; [`safelist`] reads the `Content-Type` of a request |
//! | [Override fetch](https://fetch.spec.whatwg.org/#override-fetch) | a choice of the user agent |
//! | [HTTP-network fetch](https://fetch.spec.whatwg.org/#http-network-fetch) | the caller does the I/O; only a malformed response is a network error here ([`fetch`]) |
//! | [Deferred fetching](https://fetch.spec.whatwg.org/#deferred-fetch), [its quota](https://fetch.spec.whatwg.org/#deferred-fetch-quota) | no script reads the response to `fetchLater()` |
//! | [HTTP header layer division](https://fetch.spec.whatwg.org/#http-header-layer-division), [WebSockets](https://fetch.spec.whatwg.org/#websocket-protocol), [Using fetch in other standards](https://fetch.spec.whatwg.org/#fetch-elsewhere) | advice to authors of other standards |
//!
//! Content Security Policy, mixed content, service workers, and the use-CORS-preflight flag (upload listeners and
//! streams) are not modelled.
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
