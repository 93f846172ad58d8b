//! The extent of a run.

use cors_adapters::{Middleware, reference_server::ReferenceServer, registry};

use super::{
    definition::Definition,
    models::{MODELS, Model},
};

/// The error of a run.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The extent of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Measures every row that is configured from a policy, at every size.
    Whole,
    /// Measures one row of each middleware, at the first size and the last but one. This takes two minutes.
    Quick,
    /// Only verifies the answers, at the first two sizes.
    Verify,
}

impl Extent {
    /// Returns the definitions. Those with the same policy are adjacent, so that one server can serve them.
    ///
    /// # Errors
    ///
    /// Fails if a model does not parse. All [`MODELS`] parse.
    pub fn definitions(self) -> serde_json::Result<Vec<Definition>> {
        let of_model = |model: &'static Model| {
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

    /// Returns the rows that are configured from a policy, and then the reference server.
    pub fn rows(self) -> impl Iterator<Item = &'static dyn Middleware> {
        let rows = registry::middlewares().filter(|middleware| middleware.fixed().is_none());
        rows.filter(move |row| self != Self::Quick || !row.describe().name.contains(':'))
            .chain([&ReferenceServer as &dyn Middleware])
    }
}
