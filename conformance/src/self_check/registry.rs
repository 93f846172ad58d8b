//! Lookup by name of everything that can be put under test: middlewares, the reference server and the mutants.

use cors_adapters::{Middleware, reference_server::ReferenceServer, registry::middlewares};

use super::mutants::{deadly_mutants, mutants};

/// Returns every middleware that is built in, then the reference server, then the mutants.
pub fn all() -> impl Iterator<Item = &'static dyn Middleware> {
    let mutants = mutants().chain(deadly_mutants()).map(|mutant| mutant as &'static dyn Middleware);
    middlewares().chain([&ReferenceServer as &dyn Middleware]).chain(mutants)
}

/// Returns the middleware with the given name, if there is one.
pub fn named(name: &str) -> Option<&'static dyn Middleware> {
    all().find(|middleware| middleware.describe().name == name)
}
