//! Mutants: servers that are wrong on purpose, each in exactly one way. They exist to prove that a rule
//! can fail, so each names the rule that it is made for.

use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use cors_reference::{request::WireRequest, response::Response};

use cors_adapters::{
    Description, Middleware, NoServer, Server,
    handler::Handler,
    reference_server::{ReferenceServer, Serve, build_serving, listen_serving},
    socket::Listening,
};

use crate::rules::Rule;

mod caches;
mod credentials;
mod dangers;
mod deadly;
mod errors;
mod hygiene;
mod interference;
mod layers;
mod lists;
mod origin;
mod private_network;
mod robustness;

/// A server that is wrong in one way.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// Its name.
    pub id: &'static str,
    /// What it does wrong, in a sentence.
    pub wrong: &'static str,
    /// The rule that must catch it.
    pub rule: &'static Rule,
    /// Where the mistake is described, or was made.
    pub source: &'static str,
    serve: Serve,
}

impl Middleware for Mutant {
    fn describe(&self) -> Description<'_> {
        Description { name: self.id, ..ReferenceServer.describe() }
    }

    fn support(&self, capability: Capability) -> Support {
        ReferenceServer.support(capability)
    }

    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        // One that is made for a danger of policies says nothing of it.
        build_serving(policy, handler, self.serve, self.rule.id.strip_prefix("unsafe-config/"))
    }

    fn listen(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Listening, NoServer> {
        listen_serving(policy, handler, self.serve)
    }
}

/// Every mutant that answers or panics.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    [
        origin::MUTANTS,
        credentials::MUTANTS,
        lists::MUTANTS,
        private_network::MUTANTS,
        caches::MUTANTS,
        interference::MUTANTS,
        layers::MUTANTS,
        errors::MUTANTS,
        dangers::MUTANTS,
        hygiene::MUTANTS,
        robustness::MUTANTS,
    ]
    .into_iter()
    .flatten()
}

/// Every mutant that shows only from outside: it never answers, ends its process, or costs too much. It is to be run by a
/// worker under a watchdog alone.
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

/// Rewrites a header of a response, where it has it.
pub(crate) fn rewrite(response: &mut Response, name: &str, change: impl FnOnce(&str) -> String) {
    if let Some(value) = response.headers.get(name) {
        let value = change(&String::from_utf8_lossy(&value.to_vec()));
        set(response, name, &value);
    }
}

/// Removes a member of a response's `Vary`.
pub(crate) fn drop_from_vary(response: &mut Response, member: &str) {
    let lines: Vec<String> = response.headers.named("Vary").map(|(_, value)| value.isomorphic_decode()).collect();
    response.headers.delete("Vary");
    for line in lines {
        let kept: Vec<&str> = line.split(',').map(str::trim).filter(|own| !own.eq_ignore_ascii_case(member)).collect();
        if !kept.is_empty() {
            response.headers = std::mem::take(&mut response.headers).with("Vary", &kept.join(", "));
        }
    }
}
