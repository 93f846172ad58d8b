//! The handler: the application behind the middleware, scripted.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use cors_reference::{header_list::HeaderList, response::Response};
use serde::{Deserialize, Serialize};

/// What the application behind the middleware is, and what it answers.
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
    /// Which requests the framework's router leads to it.
    pub route: Route,
    /// How it fails instead of answering; null where it does not.
    pub fail: Option<Failing>,
    /// Headers that a layer around the middleware appends to every answer.
    pub outer_headers: HeaderList,
}

/// Which requests the framework's router leads to the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Route {
    /// Every method of every path, OPTIONS too.
    #[default]
    Every,
    /// GET of every path; another method gets the framework's own answer, such as 405.
    GetOnly,
    /// None: every path gets the framework's own 404.
    Missing,
}

/// How a handler fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Failing {
    /// It panics.
    Panic,
    /// It returns the framework's error type, with the script's status where that is one of an error and else 500.
    Error,
    /// A middleware between the one under test and the handler returns the framework's error type instead of
    /// calling the handler, with that same status.
    InnerMiddleware,
}

impl Default for Handler {
    fn default() -> Self {
        Self {
            status: 200,
            headers: HeaderList::default(),
            body: "ok".to_owned(),
            route: Route::default(),
            fail: None,
            outer_headers: HeaderList::default(),
        }
    }
}

impl Handler {
    /// What it answers where it does not fail.
    pub fn answer(&self) -> Response {
        Response { status: self.status, headers: self.headers.clone(), body: self.body.clone().into_bytes() }
    }

    /// The status of the framework's error: the script's where that is one of an error, and else 500.
    pub fn error_status(&self) -> u16 {
        if (400..=599).contains(&self.status) { self.status } else { 500 }
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

    /// What it follows.
    pub fn script(&self) -> &Handler {
        &self.script
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// If the script says so: the status of the framework's error that is to be returned.
    ///
    /// # Panics
    ///
    /// If the script says so.
    pub fn call(&self) -> Result<(), u16> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match self.script.fail {
            Some(Failing::Panic) => panic!("the handler panics, as scripted"),
            Some(Failing::Error) => Err(self.script.error_status()),
            Some(Failing::InnerMiddleware) | None => Ok(()),
        }
    }

    /// Counts a call, and answers; its errors and panics are those of [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// If the script says so: the status of the framework's error that is to be returned.
    ///
    /// # Panics
    ///
    /// If the script says so.
    pub fn respond(&self) -> Result<Response, u16> {
        self.call()?;
        Ok(self.script.answer())
    }

    /// The status with which a middleware before the handler fails, where the script says so.
    pub fn inner_failure(&self) -> Option<u16> {
        (self.script.fail == Some(Failing::InnerMiddleware)).then(|| self.script.error_status())
    }

    /// How often it was called since this was last asked.
    pub fn take_calls(&self) -> u32 {
        self.calls.swap(0, Ordering::Relaxed)
    }
}
