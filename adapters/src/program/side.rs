//! One of the two processes of a program.

use std::sync::{Arc, Mutex};

use super::{client::Client, process::Process};

/// One of the two processes, if it runs, with the connection to its server.
pub(super) type Side = Arc<Mutex<Option<Running>>>;

/// A running process.
pub(super) struct Running {
    pub(super) process: Process,
    pub(super) client: Option<Client>,
    /// The number of servers that the process was asked for.
    pub(super) server_count: u64,
}
