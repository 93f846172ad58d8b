//! An HTTP cache ([RFC 9111](https://www.rfc-editor.org/rfc/rfc9111)). It models freshness, validation, `Vary`, and
//! private and shared storage. Time is a parameter, in milliseconds since any fixed moment.
//!
//! Call [`HttpCache::lookup`] before a request is sent, and pass each response to [`HttpCache::receive`]:
//!
//! ```
//! use cors_reference::{http_cache::{CacheKind, HttpCache, Reuse}, request::WireRequest, response::Response};
//!
//! let mut cache = HttpCache::new(CacheKind::Private);
//! let url = "https://api.example/data".parse()?;
//! let request = WireRequest { method: "GET".to_owned(), url, headers: Default::default(), body: None };
//! assert_eq!(cache.lookup(&request, 0), Reuse::Miss);
//!
//! let answer = Response::new(200).with("Cache-Control", "max-age=600");
//! assert_eq!(*cache.receive(&request, &answer, 0), answer);
//! assert_eq!(cache.lookup(&request, 599_999), Reuse::Fresh(answer));
//! assert_eq!(cache.lookup(&request, 600_000), Reuse::Miss);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Not modelled: partial content, stale responses, the request directives `max-stale`, `min-fresh` and
//! `only-if-cached`, and responses to `HEAD`. The caller chooses the partition and the credentials of a request.

mod cache;
mod cache_control;
mod freshness;
mod kind;
mod options;
mod partitions;
mod storing;
mod validation;
mod vary;

pub use self::{
    cache::{HttpCache, Reuse},
    kind::CacheKind,
    options::{CacheOptions, Invalidation},
    partitions::Partitions,
};
