//! Mutants: servers that are wrong on purpose, each in exactly one way. They exist to prove that a rule
//! can fail, so each names the rule that it is made for.

use cors_reference::{
    capability::{Capability, Says},
    policy::Policy,
    request::WireRequest,
    response::Response,
};

use crate::{
    Description, Middleware, NoServer, Server,
    handler::Handler,
    reference_server::{ReferenceServer, Serve, build_serving, listen_serving},
    socket::Listening,
};

mod credentials;
mod deadly;
mod interference;
mod lists;
mod origin;

/// A server that is wrong in one way.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// Its name.
    pub id: &'static str,
    /// What it does wrong, in a sentence.
    pub wrong: &'static str,
    /// The id of the rule that is to catch it.
    pub rule: &'static str,
    /// Where the mistake is described, or was made.
    pub source: &'static str,
    serve: Serve,
}

impl Middleware for Mutant {
    fn describe(&self) -> Description {
        Description { name: self.id, ..ReferenceServer.describe() }
    }

    fn says(&self, capability: Capability) -> Says {
        ReferenceServer.says(capability)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        build_serving(policy, handler, self.serve)
    }

    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        listen_serving(policy, handler, self.serve)
    }
}

/// Every mutant that answers or panics.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    [origin::MUTANTS, credentials::MUTANTS, lists::MUTANTS, interference::MUTANTS].into_iter().flatten()
}

/// Every mutant that never answers, or ends its process: to be run by a worker under a watchdog alone.
pub fn deadly_mutants() -> impl Iterator<Item = &'static Mutant> {
    deadly::MUTANTS.iter()
}

/// Sets a header of a response.
pub(crate) fn set(response: &mut Response, name: &str, value: &str) {
    if let Ok(name) = name.parse() {
        response.headers.set(name, value.into());
    }
}

/// The text of a request's header, or nothing.
pub(crate) fn text(request: &WireRequest, name: &str) -> String {
    request.headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned()).unwrap_or_default()
}
