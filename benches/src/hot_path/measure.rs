//! What is measured: the calls whose time, instructions and allocations are taken.

use std::hint::black_box;

use allocation_counter::measure;
use cors_adapters::{Middleware, Server, build, handler::Handler, observe};
use cors_policy::Policy;
use cors_reference::request::WireRequest;

use super::{
    figures::LIMIT,
    verified::{Definition, Servers},
};
use crate::matching::BareSet;

/// What has a row in the report, for one policy.
pub enum Row {
    /// A middleware and its servers, or why it has none.
    Middleware(&'static dyn Middleware, Result<Servers, String>),
    /// What no middleware can do without: a look-up in a set of the listed origins' hashes, with one compare.
    Limit,
}

impl Row {
    /// The row of a middleware.
    pub fn of(middleware: &'static dyn Middleware, policy: &Policy) -> Self {
        Self::Middleware(middleware, Servers::new(middleware, policy))
    }

    /// Its name in the report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Middleware(middleware, _) => middleware.describe().name,
            Self::Limit => LIMIT,
        }
    }

    /// The call with the middleware and the call without it, of a request, or, where the definition has none, of the
    /// building. None where there is no server, or where the limit has nothing to look up.
    pub fn calls<'c>(
        &'c mut self,
        definition: &'c Definition,
        request: Option<&'c WireRequest>,
    ) -> Option<[Call<'c>; 2]> {
        match (self, request) {
            (Self::Middleware(_, Ok(servers)), Some(request)) => {
                Some([Call::Ask(servers.with.as_mut(), request), Call::Ask(servers.floor.as_mut(), request)])
            }
            (Self::Middleware(middleware, Ok(_)), None) => {
                Some([Call::Build(*middleware, Some(&definition.policy)), Call::Build(*middleware, None)])
            }
            (Self::Middleware(_, Err(_)), _) => None,
            (Self::Limit, request) if definition.model.unit == "origins" => {
                let asked = request?.headers.get("Origin")?;
                let listed = definition.policy.origins.list().iter();
                let origins = listed.map(|origin| origin.as_str().as_bytes().into()).collect();
                Some([Call::LookUp(origins, asked.to_vec()), Call::Nothing])
            }
            (Self::Limit, _) => None,
        }
    }
}

/// A call that is measured.
pub enum Call<'c> {
    /// The server is asked this.
    Ask(&'c mut dyn Server, &'c WireRequest),
    /// A server is built for the policy, or without one.
    Build(&'c dyn Middleware, Option<&'c Policy>),
    /// A bare set is asked for an origin.
    LookUp(BareSet, Vec<u8>),
    /// The floor of a look-up.
    Nothing,
}

impl Call<'_> {
    /// Makes it once.
    pub fn make(&mut self) {
        match self {
            Self::Ask(server, request) => drop(black_box(observe(*server, black_box(request)))),
            Self::Build(middleware, policy) => {
                drop(black_box(build(*middleware, black_box(*policy), &Handler::default())));
            }
            Self::LookUp(origins, asked) => {
                black_box(origins.contains(black_box(&asked[..])));
            }
            Self::Nothing => {}
        }
    }

    /// Makes what is made at first use; what is built is new each time.
    pub fn warm_up(&mut self) {
        if let Self::Ask(..) = self {
            self.make();
        }
    }

    /// How often it allocates and how many bytes, once what is made at first use is made: the mean of so many calls.
    pub fn allocations(&mut self, calls: usize) -> [f64; 2] {
        self.warm_up();
        let all = measure(|| (0..calls).for_each(|_| self.make()));
        [all.count_total, all.bytes_total].map(|sum| sum as f64 / calls as f64)
    }
}

/// How many calls are counted for a mean, since each new hash map has a seed of its own: what is large is left to its size.
pub fn often(size: usize) -> usize {
    if size > 1_024 { 1 } else { 16 }
}
