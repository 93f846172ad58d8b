//! Servers under test behind a real socket, for clients that are separate programs, such as browsers.

use std::{net::SocketAddr, thread::JoinHandle};

use crate::handler::ScriptedHandler;

/// The headers that a server adds to frame an answer on the wire. Servers in this process do not add them.
pub const FRAMING_HEADERS: [&str; 5] = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

/// A server that listens on its own thread until this value is dropped. A handler that fails closes its connection
/// without an answer.
pub struct Listening {
    address: SocketAddr,
    handler: ScriptedHandler,
    stop: Option<Box<dyn FnOnce() + Send + Sync>>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// Wraps a server whose thread ends after `stop` is called.
    #[cfg(feature = "socket")]
    pub(crate) fn new(
        address: SocketAddr,
        handler: ScriptedHandler,
        thread: JoinHandle<()>,
        stop: impl FnOnce() + Send + Sync + 'static,
    ) -> Self {
        Self { address, handler, stop: Some(Box::new(stop)), thread: Some(thread) }
    }

    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the number of calls of the handler since the previous call of this method.
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
            // A server that panicked has stopped, too.
            thread.join().unwrap_or_default();
        }
    }
}
