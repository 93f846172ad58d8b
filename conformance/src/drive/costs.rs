//! The cost of a request as one of its headers grows.
//!
//! Costs are counted in allocations and never timed. A count is the same on every machine, however busy it is.

use cors_adapters::{Server, observe};

use crate::case::RawRequest;

/// The sizes of the growing header, in bytes.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// The most that one request may cost for a greater one to be sent. A quadratic cost beyond it would keep the server
/// busy for a long time, and shows at the smaller sizes.
const BUDGET: Allocations = Allocations { count: 100_000, bytes: 10_000_000 };

/// Calls a function once and returns what the call allocates on this thread.
pub type Meter = fn(&mut dyn FnMut()) -> Allocations;

/// The allocations of one call. Memory that is freed again counts as well, and a reallocation counts as a new
/// allocation of the whole size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocations {
    /// The number of allocations.
    pub count: u64,
    /// Their size in all, in bytes.
    pub bytes: u64,
}

/// The cost of a request of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// The size of the header that grows, in bytes.
    pub size: usize,
    /// The allocations that the server makes to answer the request.
    pub allocations: Allocations,
}

/// Measures a request at each size, up to the size that exceeds the budget or that the framework cannot carry.
///
/// Returns no costs if the request has no header that grows.
pub(super) fn costs(server: &mut dyn Server, raw: &RawRequest, meter: Meter) -> Vec<Cost> {
    let mut costs = Vec::new();
    if raw.grow.is_none() {
        return costs;
    }
    for size in SIZES {
        let Some(request) = raw.to_wire_of(size) else { break };
        let mut is_answered = true;
        let allocations = meter(&mut || is_answered = observe(server, &request).result.is_ok());
        if !is_answered {
            break;
        }
        costs.push(Cost { size, allocations });
        if allocations.count > BUDGET.count || allocations.bytes > BUDGET.bytes {
            break;
        }
    }
    costs
}
