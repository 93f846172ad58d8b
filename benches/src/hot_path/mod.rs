//! What a CORS middleware costs on each request: its own part, beside the framework and application that carry it.
//!
//! [`models`] says what is asked, [`verified`] lets nothing be timed that is answered wrong, [`measure`] is the calls of
//! each row, [`run`] takes their times, and [`counts`] their instructions and allocations; [`growth`] names how a cost grows
//! with its size, [`report`] writes it all down, and [`compare`] holds two runs against each other.

pub mod compare;
pub mod counts;
pub mod figures;
pub mod growth;
pub mod measure;
pub mod models;
pub mod plot;
pub mod report;
pub mod run;
pub mod verified;

use cors_adapters::{Middleware, reference_server::ReferenceServer, registry};

use self::{models::MODELS, verified::Definition};

/// Whatever goes wrong in a run.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every row that is configured from a policy, at every size.
    Whole,
    /// One row a middleware, at the first size and the last but one: two minutes.
    Quick,
    /// Nothing is timed: what would be is verified, at the first two sizes.
    Verify,
}

impl Extent {
    /// The definitions: those of one policy and size one after another, so that one server serves them all.
    ///
    /// # Errors
    ///
    /// A model that does not parse; none of [`MODELS`] does.
    pub fn definitions(self) -> serde_json::Result<Vec<Definition>> {
        let of_model = |model: &'static models::Model| {
            let sizes = match (self, model.sizes) {
                (Self::Quick, [first, .., last_but_one, _]) => vec![*first, *last_but_one],
                (Self::Verify, [first, second, ..]) => vec![*first, *second],
                (_, sizes) => sizes.to_vec(),
            };
            sizes.into_iter().map(move |size| (model, size))
        };
        let mut all: Vec<_> = MODELS.iter().flat_map(of_model).collect();
        all.sort_by_key(|(model, size)| model.policy.key(*size));
        all.into_iter().map(|(model, size)| Definition::new(model, size)).collect()
    }

    /// The rows, in order: those that are configured from a policy, and the reference server.
    pub fn rows(self) -> impl Iterator<Item = &'static dyn Middleware> {
        let rows = registry::middlewares().filter(|middleware| middleware.fixed().is_none());
        rows.filter(move |row| self != Self::Quick || !row.describe().name.contains(':'))
            .chain([&ReferenceServer as &dyn Middleware])
    }
}
