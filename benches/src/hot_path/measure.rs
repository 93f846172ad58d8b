//! The measured calls.

use std::hint::black_box;

use allocation_counter::measure;
use cors_adapters::{Middleware, Server, build, handler::Handler, observe};
use cors_policy::Policy;
use cors_reference::request::WireRequest;

use super::{
    definition::{Definition, Servers},
    figures::LIMIT,
};
use crate::matching::BareSet;

/// The subject of a row in the report, for one policy.
pub enum Subject {
    /// A middleware with its servers, or the reason why it has none.
    Middleware(&'static dyn Middleware, Result<Servers, String>),
    /// The lower limit for every middleware: a look-up in a hash set of the listed origins.
    Limit,
}

impl Subject {
    /// Creates the subject for a middleware.
    pub fn of(middleware: &'static dyn Middleware, policy: &Policy) -> Self {
        Self::Middleware(middleware, Servers::new(middleware, policy))
    }

    /// Returns the name in the report.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Middleware(middleware, _) => middleware.describe().name,
            Self::Limit => LIMIT,
        }
    }

    /// Returns the call with the middleware and the call without it. The calls build a server if there is no request.
    ///
    /// Returns `None` if there is no server, or if the limit has nothing to look up.
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

/// A measured call.
pub enum Call<'c> {
    /// Sends a request to a server.
    Ask(&'c mut dyn Server, &'c WireRequest),
    /// Builds a server for a policy, or without one.
    Build(&'c dyn Middleware, Option<&'c Policy>),
    /// Looks an origin up in a bare set.
    LookUp(BareSet, Vec<u8>),
    /// Does nothing. This is the floor of a look-up.
    Nothing,
}

impl Call<'_> {
    /// Makes the call once.
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

    /// Makes the call once if it initializes anything at the first use. Building a server does not.
    pub fn warm_up(&mut self) {
        if let Self::Ask(..) = self {
            self.make();
        }
    }

    /// Returns the mean number of allocations and of allocated bytes of `calls` calls, after a warm-up.
    pub fn allocations(&mut self, calls: usize) -> [f64; 2] {
        self.warm_up();
        let all = measure(|| (0..calls).for_each(|_| self.make()));
        [all.count_total, all.bytes_total].map(|sum| sum as f64 / calls as f64)
    }
}

/// Returns the number of calls for a mean. A mean is needed because each hash map has its own seed. Large sizes even
/// the seeds out.
pub fn calls_for_mean(size: usize) -> usize {
    if size > 1_024 { 1 } else { 16 }
}
