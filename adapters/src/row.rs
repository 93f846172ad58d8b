//! The rows of an adapter.
#![allow(dead_code, reason = "a build without any adapter has no rows")]

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::{
    fixed_policy::FixedPolicy,
    handler::Handler,
    middleware::{Description, Middleware, NoServer},
    server::Server,
    socket::Listening,
};

/// A row of the report: a middleware, configured in one way.
pub(crate) struct Row<C> {
    pub(crate) description: Description<'static>,
    /// The policy of a configuration that is not made from one, such as a default or a preset.
    pub(crate) fixed: Option<FixedPolicy>,
    pub(crate) configuration: C,
}

/// A way to configure a middleware. The methods are those of [`Middleware`].
pub(crate) trait Configuration: Sync {
    fn support(&self, capability: Capability) -> Support;

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer>;

    fn listen(&self, _policy: Option<&Policy>, _handler: &Handler) -> Result<Listening, NoServer> {
        Err(NoServer::NoSocket)
    }
}

impl<C: Configuration> Middleware for Row<C> {
    fn describe(&self) -> Description<'_> {
        self.description
    }

    fn support(&self, capability: Capability) -> Support {
        self.configuration.support(capability)
    }

    fn fixed(&self) -> Option<Policy> {
        self.fixed.map(FixedPolicy::policy)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        self.configuration.build(policy, handler)
    }

    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        self.configuration.listen(policy, handler)
    }
}
