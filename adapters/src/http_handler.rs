//! The scripted handler, with its answer in the `http` crate's types.
#![allow(dead_code, reason = "no framework needs all of its methods")]

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use crate::{
    convert::{to_http_headers, to_http_response},
    handler::{Handler, Route, ScriptedHandler},
    server::NotRepresentable,
};

/// The scripted handler for frameworks that use the `http` crate. It converts its answer once.
#[derive(Debug, Clone)]
pub(crate) struct HttpHandler {
    handler: ScriptedHandler,
    response: Response<Bytes>,
    outer_headers: HeaderMap,
}

impl HttpHandler {
    /// Creates a handler that follows a script.
    ///
    /// # Errors
    ///
    /// Returns an error if the `http` crate's types cannot hold the scripted answer.
    pub(crate) fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        let handler = ScriptedHandler::new(script);
        let response = to_http_response(script.answer())?;
        Ok(Self { handler, response, outer_headers: to_http_headers(&script.outer_headers)? })
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
    pub(crate) fn respond<B: From<Bytes>>(&self) -> Result<Response<B>, StatusCode> {
        self.handler.call().map_err(error_status)?;
        Ok(self.response.clone().map(B::from))
    }

    /// Returns which requests the framework's router passes to the handler.
    pub(crate) fn route(&self) -> Route {
        self.handler.script().route
    }

    /// Returns the status of the error that a middleware before the handler returns, if the script has one.
    pub(crate) fn inner_failure(&self) -> Option<StatusCode> {
        self.handler.inner_failure().map(error_status)
    }

    /// Returns true if the handler, or a middleware before it, fails.
    pub(crate) fn fails(&self) -> bool {
        self.handler.script().fail.is_some()
    }

    /// Returns true if a layer around the middleware appends headers.
    pub(crate) fn has_outer_headers(&self) -> bool {
        !self.outer_headers.is_empty()
    }

    /// Appends the headers of the layer around the middleware.
    pub(crate) fn append_outer_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.outer_headers {
            headers.append(name, value.clone());
        }
    }

    /// Returns a handle that counts the calls of this handler.
    pub(crate) fn counter(&self) -> ScriptedHandler {
        self.handler.clone()
    }
}

fn error_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
