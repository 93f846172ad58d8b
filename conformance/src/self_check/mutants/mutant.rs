//! The type of mutants.

use cors_adapters::{
    Description, Middleware, NoServer, Server,
    handler::Handler,
    reference_server::{ReferenceServer, Serve, build_serving, listen_serving},
    socket::Listening,
};
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};

use crate::rules::Rule;

/// A server that is deliberately wrong in one way.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// The name of the mutant.
    pub id: &'static str,
    /// A sentence that describes the mistake.
    pub wrong: &'static str,
    /// The rule that must catch it.
    pub rule: &'static Rule,
    /// The URL of a description or of an instance of the mistake.
    pub source: &'static str,
    /// Computes the response.
    pub(super) serve: Serve,
}

impl Middleware for Mutant {
    fn describe(&self) -> Description<'_> {
        Description { name: self.id, ..ReferenceServer.describe() }
    }

    fn support(&self, capability: Capability) -> Support {
        ReferenceServer.support(capability)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        // A mutant for a rule about dangerous policies suppresses the warning for that danger.
        build_serving(policy, handler, self.serve, self.rule.id.strip_prefix("unsafe-config/"))
    }

    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        listen_serving(policy, handler, self.serve)
    }
}
