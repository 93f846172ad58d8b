//! A middleware under test, configured in one way.

use std::io;

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::{
    catch,
    handler::Handler,
    server::{NotRepresentable, Server},
    socket::Listening,
};

/// A row of the report: a middleware, configured in one way. The policy is not part of it.
pub trait Middleware: Sync {
    /// Returns the name, the version and the origin of the middleware.
    fn describe(&self) -> Description<'_>;

    /// Returns whether the documentation offers a way to configure one part of a policy.
    fn support(&self, capability: Capability) -> Support;

    /// Returns the policy of a fixed configuration, such as a default or a preset: the policy that the documentation
    /// promises. Every case then runs with this policy instead of its own.
    fn fixed(&self) -> Option<Policy> {
        None
    }

    /// Builds a server for a policy whose parts are all [supported](Self::support). Without a policy it builds the
    /// control: the same framework and handler without the middleware. The call may panic; the caller catches the panic.
    ///
    /// # Errors
    ///
    /// Returns the reason why there is no server.
    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer>;

    /// Starts the server that [`build`](Self::build) builds behind a socket, as its framework does. The call may panic;
    /// the caller catches the panic.
    ///
    /// # Errors
    ///
    /// Returns the reason why there is no server.
    fn listen(&self, _policy: Option<&Policy>, _handler: &Handler) -> Result<Listening, NoServer> {
        Err(NoServer::NoSocket)
    }
}

/// The description of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description<'a> {
    /// The name for `--adapter`: the crate's name, its release line if several are built in, and after a `:` the
    /// variant if the crate can be configured in several ways.
    pub name: &'a str,
    /// The crate that holds the middleware.
    pub package: &'a str,
    /// The version of the crate.
    pub version: &'a str,
    /// A summary of the configuration.
    pub configured: &'a str,
    /// The URL of the source.
    pub repository: &'a str,
    /// The URL of the issue tracker.
    pub issues: &'a str,
}

impl<'a> Description<'a> {
    /// Returns the URL of the documentation of this version.
    pub fn documentation(&self) -> String {
        format!("https://docs.rs/{}/{}", self.package, self.version)
    }

    /// Returns the description of another row of the same crate.
    #[allow(dead_code, reason = "a build without any adapter has no variants")]
    pub(crate) const fn variant(self, name: &'a str, configured: &'a str) -> Self {
        Self { name, configured, ..self }
    }
}

/// The reason why there is no server.
#[derive(Debug)]
pub enum NoServer {
    /// The middleware cannot be configured for this policy, or its framework cannot send the handler's answer.
    Unsupported(String),
    /// The middleware refuses this policy with this message: returned, panicked or failed at start.
    Rejected(String),
    /// The adapter has no socket mode, or the feature `socket` is off.
    NoSocket,
    /// The harness failed, for example because no port was free.
    Broken(io::Error),
}

impl NoServer {
    /// Returns a failure of the harness with a message.
    #[cfg(feature = "program")]
    pub(crate) fn broken(reason: impl Into<String>) -> Self {
        Self::Broken(io::Error::other(reason.into()))
    }
}

impl From<NotRepresentable> for NoServer {
    fn from(NotRepresentable(reason): NotRepresentable) -> Self {
        Self::Unsupported(format!("the framework cannot hold a message of this case: {reason}"))
    }
}

impl From<io::Error> for NoServer {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// Returns why a middleware cannot be configured for a policy, or `None` if it can.
pub fn unsupported_reason(middleware: &dyn Middleware, policy: &Policy) -> Option<String> {
    if let Some(fixed) = middleware.fixed() {
        return (fixed != *policy).then(|| "the configuration is fixed and serves only its own policy".to_owned());
    }
    Capability::ALL.into_iter().filter(|capability| capability.is_needed_by(policy)).find_map(|capability| {
        match middleware.support(capability) {
            Support::Yes(_) => None,
            Support::No(reason) => Some(format!("{capability}: {reason}")),
        }
    })
}

/// Builds a server with [`Middleware::build`]. A panic counts as [`NoServer::Rejected`].
///
/// # Errors
///
/// Returns the reason why there is no server.
pub fn build(
    middleware: &dyn Middleware,
    policy: Option<&Policy>,
    handler: &Handler,
) -> Result<Box<dyn Server>, NoServer> {
    start(middleware, policy, || middleware.build(policy, handler))
}

/// Starts a server with [`Middleware::listen`]. A panic counts as [`NoServer::Rejected`].
///
/// # Errors
///
/// Returns the reason why there is no server.
pub fn listen(middleware: &dyn Middleware, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
    start(middleware, policy, || middleware.listen(policy, handler))
}

fn start<T>(
    middleware: &dyn Middleware,
    policy: Option<&Policy>,
    start: impl FnOnce() -> Result<T, NoServer>,
) -> Result<T, NoServer> {
    match policy.and_then(|policy| unsupported_reason(middleware, policy)) {
        Some(reason) => Err(NoServer::Unsupported(reason)),
        None => catch::quietly(start).map_err(NoServer::Rejected)?,
    }
}
