//! The scripted handler: the application behind the middleware.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use cors_reference::{header_list::HeaderList, response::Response};
use serde::{Deserialize, Serialize};

/// The script of the handler: which requests reach it, and what it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handler {
    /// The status of the answer.
    pub status: u16,
    /// The headers of the answer, in order, with repeats.
    pub headers: HeaderList,
    /// The body of the answer.
    pub body: String,
    /// The requests that the framework's router passes to the handler.
    pub route: Route,
    /// How the handler fails instead of answering; null if it answers.
    pub fail: Option<Failing>,
    /// The headers that a layer around the middleware appends to every answer.
    pub outer_headers: HeaderList,
}

/// The requests that the framework's router passes to the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Route {
    /// Every method of every path, `OPTIONS` included.
    #[default]
    Every,
    /// `GET` of every path. Other methods get the framework's own answer, such as 405.
    GetOnly,
    /// No request. Every path gets the framework's own 404.
    Missing,
}

/// How the handler fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Failing {
    /// The handler panics.
    Panic,
    /// The handler returns the framework's error type, with the script's status if that is 400 to 599 and 500 otherwise.
    Error,
    /// A middleware between the one under test and the handler returns the framework's error type, with the same
    /// status, and does not call the handler.
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
    /// Returns the answer of a handler that does not fail.
    pub fn answer(&self) -> Response {
        Response { status: self.status, headers: self.headers.clone(), body: self.body.clone().into_bytes() }
    }

    /// Returns the status of the framework's error: the script's status if that is 400 to 599, and 500 otherwise.
    pub fn error_status(&self) -> u16 {
        if (400..=599).contains(&self.status) { self.status } else { 500 }
    }
}

/// A handler that follows a script and counts its calls. Clones share the count.
#[derive(Debug, Clone)]
pub struct ScriptedHandler {
    script: Arc<Handler>,
    calls: Arc<AtomicU32>,
}

impl ScriptedHandler {
    /// Creates a handler that follows a script.
    pub fn new(script: &Handler) -> Self {
        Self { script: Arc::new(script.clone()), calls: Arc::default() }
    }

    /// Returns the script.
    pub fn script(&self) -> &Handler {
        &self.script
    }

    /// Counts a call.
    ///
    /// # Errors
    ///
    /// Returns the status of the framework's error if the script has the handler return that error.
    ///
    /// # Panics
    ///
    /// If the script has the handler panic.
    pub fn call(&self) -> Result<(), u16> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match self.script.fail {
            Some(Failing::Panic) => panic!("the handler panics, as scripted"),
            Some(Failing::Error) => Err(self.script.error_status()),
            Some(Failing::InnerMiddleware) | None => Ok(()),
        }
    }

    /// Counts a call, and returns the scripted answer.
    ///
    /// # Errors
    ///
    /// Returns the status of the framework's error if the script has the handler return that error.
    ///
    /// # Panics
    ///
    /// If the script has the handler panic.
    pub fn respond(&self) -> Result<Response, u16> {
        self.call()?;
        Ok(self.script.answer())
    }

    /// Returns the status of the error that a middleware before the handler returns, if the script has one.
    pub fn inner_failure(&self) -> Option<u16> {
        (self.script.fail == Some(Failing::InnerMiddleware)).then(|| self.script.error_status())
    }

    /// Returns the number of calls since the previous call of this method.
    pub fn take_calls(&self) -> u32 {
        self.calls.swap(0, Ordering::Relaxed)
    }
}
