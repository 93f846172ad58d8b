//! Does a CORS middleware serve its policy? A middleware is right when a standard-conforming browser,
//! talking to it, lets a page do exactly what the server's policy permits: no more, no less.
//!
//! A [`case`] is a policy, a handler and who visits; a [vector](vectors) is a case in a file. The
//! [driver](drive) leads it through the reference browser against one middleware and its control, the
//! [`rules`] compare what the page got with what the policy intends, and what they find is a
//! [`divergence`], with its evidence and a fingerprint. The [`suite`] does so for many; a [`report`] is
//! written for a reader. The oracle is the standard's own algorithms ([`cors_reference`]), never another
//! middleware.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod assess;
pub mod baseline;
pub mod case;
pub mod compare;
pub mod divergence;
pub mod drive;
pub mod input;
pub mod judge;
#[cfg(feature = "kit")]
pub mod kit;
pub mod lines;
pub mod parallel;
pub mod report;
pub mod rules;
pub mod schema;
#[doc(hidden)]
pub mod search;
#[doc(hidden)]
pub mod self_check;
pub mod suite;
