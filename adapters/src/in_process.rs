//! Servers in this process that answer by a function.

use cors_reference::{request::WireRequest, response::Response};

use crate::{
    handler::ScriptedHandler,
    server::{Failure, Server},
};

/// A function that answers requests, and the handler whose calls are counted.
struct InProcess<A> {
    handler: ScriptedHandler,
    answer: A,
}

/// Returns a server that answers by a function. `handler` must be a clone of the handler that the function calls.
pub(crate) fn in_process(
    handler: ScriptedHandler,
    answer: impl FnMut(&WireRequest) -> Result<Response, Failure> + 'static,
) -> Box<dyn Server> {
    Box::new(InProcess { handler, answer })
}

impl<A: FnMut(&WireRequest) -> Result<Response, Failure>> Server for InProcess<A> {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        (self.answer)(request)
    }

    fn take_handler_calls(&mut self) -> u32 {
        self.handler.take_calls()
    }
}
