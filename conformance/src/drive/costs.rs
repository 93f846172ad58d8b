//! What a request costs as it grows.

use std::time::Duration;

use cors_adapters::{Server, observe};

use crate::case::RawRequest;

/// The sizes of the growing header, in bytes.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// What takes longer is not asked for with ten times as much, nor a second time.
const LONG: Duration = Duration::from_millis(50);

/// How often a short request is measured; the least counts.
const TIMES: usize = 3;

/// Calls something once, and tells what it allocated in bytes and how long this thread worked for it.
pub type Meter = fn(&mut dyn FnMut()) -> (u64, Duration);

/// What a request of some size costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// The size of the header that grows, in bytes.
    pub size: usize,
    /// What is allocated for it, in bytes, whether it is freed or not.
    pub allocated: u64,
    /// For how long a thread works on it.
    pub time: Duration,
}

/// The costs of a request whose header grows, up to the size that takes long or that the framework cannot carry.
pub(super) fn costs(server: &mut dyn Server, raw: &RawRequest, meter: Meter) -> Vec<Cost> {
    let mut costs = Vec::new();
    for size in SIZES {
        let Some(request) = raw.to_wire_of(size).filter(|_| raw.grow.is_some()) else { break };
        let mut is_answered = true;
        let mut measure = || {
            let (allocated, time) = meter(&mut || is_answered = observe(server, &request).result.is_ok());
            Cost { size, allocated, time }
        };
        let mut least = measure();
        for _ in 1..TIMES {
            if least.time < LONG {
                let again = measure();
                least.allocated = least.allocated.min(again.allocated);
                least.time = least.time.min(again.time);
            }
        }
        if !is_answered {
            break;
        }
        costs.push(least);
        if least.time >= LONG {
            break;
        }
    }
    costs
}
