//! The scripted handler in the `http` crate's types, its answer made once.
#![allow(dead_code, reason = "each framework has some of these by itself")]

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use crate::{
    NotRepresentable,
    convert::{to_http_headers, to_http_response},
    handler::{Handler, Route, ScriptedHandler},
};

/// The handler of a framework that speaks the `http` crate's types.
#[derive(Debug, Clone)]
pub(crate) struct HttpHandler {
    handler: ScriptedHandler,
    response: Response<Bytes>,
    outer_headers: HeaderMap,
}

impl HttpHandler {
    /// The handler, or what of its script the types cannot hold.
    pub(crate) fn new(script: &Handler) -> Result<Self, NotRepresentable> {
        let handler = ScriptedHandler::new(script);
        let response = to_http_response(script.answer())?;
        Ok(Self { handler, response, outer_headers: to_http_headers(&script.outer_headers)? })
    }

    /// Counts a call, and answers with any body type, or with the status of the framework's error to return.
    ///
    /// # Panics
    ///
    /// If the script says so.
    pub(crate) fn respond<B: From<Bytes>>(&self) -> Result<Response<B>, StatusCode> {
        self.handler.call().map_err(error_status)?;
        Ok(self.response.clone().map(B::from))
    }

    /// Which requests lead to it.
    pub(crate) fn route(&self) -> Route {
        self.handler.script().route
    }

    /// The status with which a middleware before the handler fails, where the script says so.
    pub(crate) fn inner_failure(&self) -> Option<StatusCode> {
        self.handler.inner_failure().map(error_status)
    }

    /// Whether it, or a middleware before it, returns the framework's error.
    pub(crate) fn fails(&self) -> bool {
        self.handler.script().fail.is_some()
    }

    /// Whether there is an outer layer.
    pub(crate) fn has_outer_headers(&self) -> bool {
        !self.outer_headers.is_empty()
    }

    /// Appends what the outer layer appends.
    pub(crate) fn append_outer_headers(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.outer_headers {
            headers.append(name, value.clone());
        }
    }

    /// How often it was called since this was last asked.
    pub(crate) fn take_calls(&self) -> u32 {
        self.handler.take_calls()
    }

    /// What counts its calls.
    #[cfg(feature = "socket")]
    pub(crate) fn counter(&self) -> ScriptedHandler {
        self.handler.clone()
    }
}

fn error_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
