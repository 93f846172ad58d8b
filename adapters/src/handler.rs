//! The handler: the application behind the middleware, scripted.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use cors_reference::{header_list::HeaderList, response::Response};
use serde::{Deserialize, Serialize};

/// What the handler answers to every request, whatever its method and path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handler {
    /// The status.
    pub status: u16,
    /// The headers, in order, repeats kept.
    pub headers: HeaderList,
    /// The body.
    pub body: String,
    /// Whether it panics instead.
    pub fail: bool,
}

impl Default for Handler {
    fn default() -> Self {
        Self { status: 200, headers: HeaderList::default(), body: "ok".to_owned(), fail: false }
    }
}

/// A handler at work: it counts how often it was called.
#[derive(Debug, Clone)]
pub struct ScriptedHandler {
    script: Arc<Handler>,
    calls: Arc<AtomicU32>,
}

impl ScriptedHandler {
    /// A handler that follows the script.
    pub fn new(script: &Handler) -> Self {
        Self { script: Arc::new(script.clone()), calls: Arc::default() }
    }

    /// The scripted answer.
    ///
    /// # Panics
    ///
    /// If the script says so.
    pub fn respond(&self) -> Response {
        self.calls.fetch_add(1, Ordering::Relaxed);
        assert!(!self.script.fail, "the handler fails, as scripted");
        Response {
            status: self.script.status,
            headers: self.script.headers.clone(),
            body: self.script.body.clone().into_bytes(),
        }
    }

    /// How often it was called since this was last asked.
    pub fn take_calls(&self) -> u32 {
        self.calls.swap(0, Ordering::Relaxed)
    }
}
