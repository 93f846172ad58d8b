//! What a CORS middleware costs on each request: its own part, beside the framework and application that carry it.
//!
//! [`models`] says what is asked, [`verified`] lets nothing be timed that is answered wrong, [`measure`] takes time,
//! allocations and, by callgrind, [`instructions`]; [`growth`] names how a cost grows with its size, and [`report`] writes
//! it all down.

pub mod figures;
pub mod growth;
pub mod instructions;
pub mod measure;
pub mod models;
pub mod plot;
pub mod report;
pub mod verified;

use cors_adapters::{Middleware, reference_server::ReferenceServer, registry};

use self::{models::MODELS, verified::Definition};

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every row that is configured from a policy, at every size.
    Whole,
    /// One row a middleware, at the first and the last size: two minutes.
    Quick,
    /// Nothing is timed: what would be is verified, at the first two sizes.
    Verify,
}

impl Extent {
    /// The definitions, in order.
    ///
    /// # Errors
    ///
    /// A model that does not parse; none of [`MODELS`] does.
    pub fn definitions(self) -> serde_json::Result<Vec<Definition>> {
        let of_model = |model: &'static models::Model| {
            let sizes = match (self, model.sizes) {
                (Self::Quick, [first, .., last]) => vec![*first, *last],
                (Self::Verify, [first, second, ..]) => vec![*first, *second],
                (_, sizes) => sizes.to_vec(),
            };
            sizes.into_iter().map(move |size| Definition::new(model, size))
        };
        MODELS.iter().flat_map(of_model).collect()
    }

    /// The rows, in order: those that are configured from a policy, and the reference server.
    pub fn rows(self) -> impl Iterator<Item = &'static dyn Middleware> {
        let rows = registry::middlewares().filter(|middleware| middleware.fixed().is_none());
        rows.filter(move |row| self != Self::Quick || !row.describe().name.contains(':'))
            .chain([&ReferenceServer as &dyn Middleware])
    }
}
