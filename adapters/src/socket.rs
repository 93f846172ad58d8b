//! Servers under test behind a real socket, for clients that are programs of their own, such as browsers.

use std::{net::SocketAddr, thread::JoinHandle};

use cors_policy::Policy;

use crate::{
    Middleware, NoServer, catch,
    handler::{Handler, ScriptedHandler},
    unsupported_reason,
};

/// The headers by which a server carries an answer; in process there is nothing to carry.
pub const FRAMING_HEADERS: [&str; 5] = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

/// Has a middleware listen; a panic is a refusal.
///
/// # Errors
///
/// Why there is no server.
pub fn listen(middleware: &dyn Middleware, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
    match policy.and_then(|policy| unsupported_reason(middleware, policy)) {
        Some(why) => Err(NoServer::Unsupported(why)),
        None => catch::quietly(|| middleware.listen(policy, handler)).map_err(NoServer::Rejected)?,
    }
}

/// A server that listens on a thread of its own until this is dropped. A handler that fails ends its
/// connection without an answer.
pub struct Listening {
    address: SocketAddr,
    handler: ScriptedHandler,
    stop: Option<Box<dyn FnOnce() + Send + Sync>>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// A server that ends its thread once `stop` is called.
    #[cfg(feature = "socket")]
    pub(crate) fn new(
        address: SocketAddr,
        handler: ScriptedHandler,
        thread: JoinHandle<()>,
        stop: impl FnOnce() + Send + Sync + 'static,
    ) -> Self {
        Self { address, handler, stop: Some(Box::new(stop)), thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often the handler was called since this was last asked.
    pub fn take_handler_calls(&self) -> u32 {
        self.handler.take_calls()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
        if let Some(thread) = self.thread.take() {
            // A server that panicked has stopped too.
            thread.join().unwrap_or_default();
        }
    }
}
