//! The measured figures.

use serde::Serialize;

/// The name of the row for the lower limit: hashing the `Origin` and one comparison.
pub const LIMIT: &str = "limit";

/// A cost with the middleware and without it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// With the middleware.
    pub with: f64,
    /// With the same framework and application, without the middleware.
    pub floor: f64,
}

impl Cost {
    /// Returns the cost of the middleware itself. A negative difference is noise and counts as 0.
    pub fn own(self) -> f64 {
        (self.with - self.floor).max(0.0)
    }

    /// Returns the ratio to the floor.
    pub fn to_floor(self) -> f64 {
        self.with / self.floor
    }
}

/// The costs of one middleware in one model at one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The model.
    pub model: &'static str,
    /// The size.
    pub size: usize,
    /// The name of the row.
    pub adapter: &'static str,
    /// The time of the fastest sample, in nanoseconds.
    pub time: Cost,
    /// The number of instructions, if valgrind is installed.
    pub instructions: Option<Cost>,
    /// The number of allocations.
    pub allocations: Cost,
    /// The number of allocated bytes.
    pub bytes: Cost,
}

impl Figure {
    /// Creates a figure without measurements.
    pub fn new(model: &'static str, size: usize, adapter: &'static str) -> Self {
        let [time, nothing] = [f64::INFINITY, 0.0].map(|cost| Cost { with: cost, floor: cost });
        Self { model, size, adapter, time, instructions: None, allocations: nothing, bytes: nothing }
    }

    /// Returns the cost of the middleware itself: in instructions, which hold across machines, or in time if there are none.
    pub fn own(&self) -> f64 {
        self.instructions.unwrap_or(self.time).own()
    }
}

/// A measurement that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The model.
    pub model: &'static str,
    /// The size.
    pub size: usize,
    /// The name of the row.
    pub adapter: &'static str,
    /// The reason.
    pub why: String,
}
