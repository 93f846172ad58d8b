//! The measuring: allocations, and the calls whose time and instructions are taken.

use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};
use cors_adapters::{Middleware, Server, build, handler::Handler, observe};
use cors_reference::{policy::Policy, request::WireRequest};

use super::verified::{Definition, Servers};
use crate::matching::BareSet;

/// A call that is measured: a request that is answered, or a server that is built.
pub enum Call<'c> {
    /// The server is asked this.
    Ask(&'c mut dyn Server, &'c WireRequest),
    /// A server is built for the policy, or without one.
    Build(&'c dyn Middleware, Option<&'c Policy>),
}

impl Servers {
    /// The call with the middleware and the call without it: of a request, or, where there is none, of the building.
    pub fn calls<'c>(
        &'c mut self,
        middleware: &'c dyn Middleware,
        definition: &'c Definition,
        request: Option<&'c WireRequest>,
    ) -> [Call<'c>; 2] {
        match request {
            Some(request) => [Call::Ask(self.with.as_mut(), request), Call::Ask(self.floor.as_mut(), request)],
            None => [Call::Build(middleware, Some(&definition.policy)), Call::Build(middleware, None)],
        }
    }
}

impl Call<'_> {
    /// Makes it once.
    pub fn make(&mut self) {
        match self {
            Self::Ask(server, request) => drop(black_box(observe(*server, black_box(request)))),
            Self::Build(middleware, policy) => {
                drop(black_box(build(*middleware, black_box(*policy), &Handler::default())));
            }
        }
    }

    /// Makes what is made at first use; what is built is new each time.
    pub fn warm_up(&mut self) {
        if let Self::Ask(..) = self {
            self.make();
        }
    }

    /// What it allocates, once what is made at first use is made.
    pub fn allocations(&mut self) -> AllocationInfo {
        self.warm_up();
        measure(|| self.make())
    }
}

/// What no middleware can do without: a set of the listed origins' hashes, and one compare.
pub struct Limit {
    origins: BareSet,
    asked: Vec<u8>,
}

impl Limit {
    /// The set of a definition, where it is about listed origins and asks by one.
    pub fn of(definition: &Definition) -> Option<Self> {
        let listed = definition.policy.origins.list().iter();
        let origins = listed.map(|origin| origin.as_str().as_bytes().into()).collect();
        let asked = definition.request()?.headers.get("Origin")?.to_vec();
        Some(Self { origins, asked })
    }

    /// Looks the origin up.
    pub fn look_up(&self) -> bool {
        self.origins.contains(black_box(&self.asked[..]))
    }
}
