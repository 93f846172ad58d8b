//! A real middleware behind a socket, in front of a real browser.
//!
//! What the page observes is compared with the model, which drives the same middleware in this process, and with the policy.
//! Requests reach the middleware through the recording server, which forwards requests and responses byte for byte.

mod fetches;
mod grants;
mod groups;
mod middleware_run;
pub(crate) mod report;
mod result;

pub(crate) use middleware_run::{middleware, run};
