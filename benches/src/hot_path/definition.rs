//! The definition of a measurement, and the servers that are measured.

use cors_adapters::{Middleware, Server, build, handler::Handler};
use cors_conformance::{
    case::{PageFetch, RawRequest, Visit},
    drive::NotRun,
};
use cors_policy::Policy;
use cors_reference::{
    fetch::{Browser, Fetch, Next},
    request::WireRequest,
};

use super::models::{Asks, Listing, Model};

/// A model at one size.
pub struct Definition {
    /// The model.
    pub model: &'static Model,
    /// The size.
    pub size: usize,
    /// The policy that the server is built for.
    pub policy: Policy,
    /// The visit whose first request is measured. It is `None` if building the server is measured.
    pub(super) visit: Option<Visit>,
}

/// The server of a middleware for a policy, and a server with the same framework and application without it.
pub struct Servers {
    /// The server with the middleware.
    pub with: Box<dyn Server>,
    /// The server without the middleware.
    pub floor: Box<dyn Server>,
}

impl Servers {
    /// Builds the servers of a middleware.
    ///
    /// # Errors
    ///
    /// Returns the reason if a server cannot be built.
    pub fn new(middleware: &dyn Middleware, policy: &Policy) -> Result<Self, String> {
        let build = |policy| build(middleware, policy, &Handler::default()).map_err(|no| NotRun::from(no).to_string());
        Ok(Self { with: build(Some(policy))?, floor: build(None)? })
    }
}

impl Definition {
    /// Creates the definition of a model at a size.
    ///
    /// # Errors
    ///
    /// Fails if the policy or the request does not parse. All [models](super::models::MODELS) parse.
    pub fn new(model: &'static Model, size: usize) -> serde_json::Result<Self> {
        let visit = match (model.asks)(size) {
            Asks::Build => None,
            Asks::Fetch(fetch) => Some(Visit::Fetch(serde_json::from_str::<PageFetch>(&fetch)?)),
            Asks::Raw(raw) => Some(Visit::Raw(serde_json::from_str::<RawRequest>(&raw)?)),
        };
        Ok(Self { model, size, policy: serde_json::from_str(&model.policy.json(size))?, visit })
    }

    /// Returns the name of the model with the size.
    pub fn name(&self) -> String {
        format!("{}/{}", self.model.id, self.size)
    }

    /// Returns a key that is equal for definitions with the same policy.
    pub fn key(&self) -> (Listing, usize) {
        self.model.policy.key(self.size)
    }

    /// Returns the measured request, which is the first that a page's `fetch()` sends. Returns `None` if building the server
    /// is measured.
    pub fn request(&self) -> Option<WireRequest> {
        match self.visit.as_ref()? {
            Visit::Raw(raw) => raw.to_wire(),
            Visit::Fetch(page) => {
                let fetch = Fetch::start(&mut Browser::default(), &page.page_origin, &page.url, &page.request, 0);
                match fetch.next() {
                    Next::Send(request) => Some(request.clone()),
                    Next::Done(_) => None,
                }
            }
        }
    }
}
