//! Random choices, drawn from bytes.

use arbitrary::{Result, Unstructured};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// The number of bytes that a numbered case is made of.
const BYTES: usize = 512;

/// Returns the random bytes of one number under a seed.
pub(super) fn bytes_of(seed: u64, number: u64) -> [u8; BYTES] {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number);
    let mut bytes = [0; BYTES];
    random.fill_bytes(&mut bytes);
    bytes
}

/// Chooses one of the items. Returns `None` if there are none.
pub(super) fn one<'s, T>(bytes: &mut Unstructured<'_>, of: &'s [T]) -> Result<Option<&'s T>> {
    if of.is_empty() { Ok(None) } else { bytes.choose(of).map(Some) }
}

/// Returns true with the probability `times / of`.
pub(super) fn chance(bytes: &mut Unstructured<'_>, times: u16, of: u16) -> Result<bool> {
    Ok(times > 0 && bytes.ratio(times.min(of), of)?)
}

/// Chooses at most `most` of the items and keeps their order.
pub(super) fn some<T: Clone>(bytes: &mut Unstructured<'_>, of: &[T], most: usize) -> Result<Vec<T>> {
    let mut chosen = Vec::new();
    for item in of {
        if chosen.len() < most && bytes.ratio(1_u8, 3_u8)? {
            chosen.push(item.clone());
        }
    }
    Ok(chosen)
}
