//! What was measured.

use serde::Serialize;

/// The name under which stands what no middleware can do without: the hash of the `Origin`, and one compare.
pub const LIMIT: &str = "limit";

/// A cost with the middleware, and without it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// With the middleware.
    pub with: f64,
    /// The same framework and application without it.
    pub floor: f64,
}

impl Cost {
    /// The middleware's own part. What is below nothing is noise.
    pub fn own(self) -> f64 {
        (self.with - self.floor).max(0.0)
    }

    /// How many times the floor it is.
    pub fn to_floor(self) -> f64 {
        self.with / self.floor
    }
}

/// What one middleware costs in one model at one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The model.
    pub model: &'static str,
    /// The size.
    pub size: usize,
    /// The middleware's row.
    pub adapter: &'static str,
    /// Nanoseconds, of the fastest sample.
    pub time: Cost,
    /// Instructions, where valgrind is there.
    pub instructions: Option<Cost>,
    /// Allocations.
    pub allocations: Cost,
    /// Bytes allocated.
    pub bytes: Cost,
}

impl Figure {
    /// A figure of which nothing is measured yet.
    pub fn new(model: &'static str, size: usize, adapter: &'static str) -> Self {
        let [time, nothing] = [f64::INFINITY, 0.0].map(|cost| Cost { with: cost, floor: cost });
        Self { model, size, adapter, time, instructions: None, allocations: nothing, bytes: nothing }
    }

    /// The figure that holds across machines: the middleware's own instructions, or its own time where there are none.
    pub fn own(&self) -> f64 {
        self.instructions.unwrap_or(self.time).own()
    }
}

/// What was not measured of a middleware, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The model.
    pub model: &'static str,
    /// The size.
    pub size: usize,
    /// The middleware's row.
    pub adapter: &'static str,
    /// Why.
    pub why: String,
}
