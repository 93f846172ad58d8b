//! To come.

/// Every row.
pub(crate) const ROWS: &[&dyn crate::Middleware] = &[];
