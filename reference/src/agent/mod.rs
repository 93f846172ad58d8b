//! Browsers: [`CHROMIUM`], [`FIREFOX`] and [`WEBKIT`], as tables of deviations from the standard, and [`STANDARD`] with
//! none. `conformance/BROWSERS.md` lists the runs that measured them.
//!
//! This is a layer on top of the algorithms. An [`Agent`] implements [`UserAgent`](crate::user_agent::UserAgent) and
//! overrides a part of an algorithm if its table has a deviation from that part.

mod definition;
mod deviation;
mod max_age;
mod memory;
mod preflight_cache;
mod preflights;
mod redirects;
mod request_headers;
mod tables;
mod user_agent;

pub use self::{
    definition::{Agent, KnownDeviation, LocalNetworks},
    deviation::Deviation,
    memory::Memory,
    tables::{AGENTS, CHROMIUM, FIREFOX, STANDARD, WEBKIT},
};
pub use crate::preflight::DEFAULT_MAX_AGE;
