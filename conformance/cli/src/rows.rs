//! Whatever can be put under test, by name.

use cors_adapters::{
    Middleware,
    mutants::{deadly_mutants, mutants},
    reference_server::ReferenceServer,
    registry,
};

/// Everything that has a name: the middlewares, the reference server, and the mutants.
pub(crate) fn all() -> impl Iterator<Item = &'static dyn Middleware> {
    let mutants = mutants().chain(deadly_mutants()).map(|mutant| mutant as &'static dyn Middleware);
    registry::middlewares().chain([&ReferenceServer as &dyn Middleware]).chain(mutants)
}

/// What has that name.
pub(crate) fn named(name: &str) -> Option<&'static dyn Middleware> {
    all().find(|middleware| middleware.describe().name == name)
}

/// The names that are told to someone who asks for another.
pub(crate) fn known() -> String {
    let rows = registry::middlewares().chain([&ReferenceServer as &dyn Middleware]);
    rows.map(|middleware| middleware.describe().name).collect::<Vec<_>>().join(", ")
}
