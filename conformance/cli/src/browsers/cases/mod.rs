//! The cases for browsers: fetches of one visit for each step of the algorithms, and several visits over time for the
//! caches.

mod all;
mod caches;
mod collection;
mod headers;
mod http_cache;
mod named;
mod preflights;
mod random;
mod redirects;
mod requests;
mod visit_builder;
mod world;

pub(crate) use all::cases;
pub(crate) use world::World;
