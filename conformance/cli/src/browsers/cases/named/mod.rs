//! Cases with names of their own: edges that the tables beside this folder step over.

use super::{World, draft::Draft};

mod answers;
mod edges;
mod policies;
mod preflights;
mod redirects;
mod requests;
mod visits;

/// A case in the making, with its group and a name that says what it is about.
pub(super) struct Named {
    pub(super) group: &'static str,
    pub(super) name: String,
    /// One draft, or several visits.
    pub(super) drafts: Vec<Draft>,
}

impl Named {
    fn one(group: &'static str, name: impl Into<String>, draft: Draft) -> Self {
        Self { group, name: name.into(), drafts: vec![draft] }
    }
}

/// Every named case of a single visit.
pub(super) fn singles(world: World) -> Vec<Named> {
    [answers::cases, preflights::cases, requests::cases, redirects::cases, edges::cases, policies::cases]
        .into_iter()
        .flat_map(|of| of(world))
        .collect()
}

/// Every named case of several visits.
pub(super) fn several(world: World) -> Vec<Named> {
    visits::cases(world)
}
