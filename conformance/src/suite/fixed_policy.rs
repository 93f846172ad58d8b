//! Vectors for middlewares whose policy is fixed.

use std::borrow::Cow;

use cors_adapters::Middleware;

use crate::case::{Case, vectors::Vector};

/// Returns the vector as a middleware runs it: with the middleware's own policy, if that is fixed.
pub fn with_fixed_policy<'v>(middleware: &dyn Middleware, vector: &'v Vector) -> Cow<'v, Vector> {
    let Some(policy) = middleware.fixed() else { return Cow::Borrowed(vector) };
    let case = Case { policy, ..vector.case.clone() };
    Cow::Owned(Vector { case, ..vector.clone() })
}
