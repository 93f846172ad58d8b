//! Tests whether a CORS middleware enforces its policy.
//!
//! A middleware is correct if a standard-conforming browser that talks to it lets a page do exactly what the policy permits:
//! no more and no less. The oracle is the standard's own algorithms ([`cors_reference`]), never another middleware.
//!
//! The module [`kit`] turns the suite into tests of a middleware's own crate. It needs the feature `kit`. Only [`kit`] and
//! the file formats are stable. All other modules serve the command `cors-conformance` and may change in any release.
//!
//! A [`case`] is a policy, a handler and the visits of a browser. A vector is a case in a file. The [driver](drive) runs a case
//! through the reference browser, against a middleware and against its control. The [`rules`] compare the results with the
//! policy. A finding with its evidence is a [`divergence`]. The [`suite`] runs many vectors, and a [`report`] presents the
//! results.

#![cfg_attr(not(feature = "kit"), allow(rustdoc::broken_intra_doc_links))]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

#[doc(hidden)]
pub mod assess;
#[doc(hidden)]
pub mod baseline;
#[doc(hidden)]
pub mod case;
#[doc(hidden)]
pub mod compare;
#[doc(hidden)]
pub mod divergence;
#[doc(hidden)]
pub mod drive;
#[doc(hidden)]
pub mod input;
#[doc(hidden)]
pub mod judge;
#[cfg(feature = "kit")]
pub mod kit;
#[doc(hidden)]
pub mod lines;
#[doc(hidden)]
pub mod parallel;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod search;
#[doc(hidden)]
pub mod self_check;
#[doc(hidden)]
pub mod suite;
