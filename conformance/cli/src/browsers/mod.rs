//! Real browsers that run scripted fetches, compared with the model of a browser.
//!
//! A [`cases`] function builds each [`browser_case`]. The [`session`] starts a browser on the page of the [`server`], which
//! hands out the cases and records what the page observes and which requests arrive. [`compare`] compares the recording
//! with the model.

pub(crate) mod browser_case;
pub(crate) mod cases;
pub(crate) mod compare;
pub(crate) mod launch;
mod recording;
pub(crate) mod report;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod through;
mod wire;
