//! Inputs of libFuzzer, which are bytes, as cases.

use cors_conformance::{
    case::{
        Case,
        vectors::{Loaded, Vector},
    },
    search::generate::{Settings, cross, mutate},
};

/// Reads an input as a case or as a file of vectors. Returns no vectors if it is neither.
pub fn vectors(bytes: &[u8]) -> Vec<Vector> {
    let mut loaded = Loaded::default();
    if let Ok(text) = std::str::from_utf8(bytes) {
        loaded.read("input", text);
    }
    loaded.vectors
}

/// Mutates the case of an input, or generates a case if the input has none. Returns `None` if libFuzzer should mutate the
/// bytes instead.
pub fn mutated(bytes: &[u8], seed: u32) -> Option<Vec<u8>> {
    // One input in sixteen tests the reader of inputs.
    if seed.is_multiple_of(16) {
        return None;
    }
    match vectors(bytes).first() {
        Some(vector) => write(&mutate(&vector.case, seed.into())),
        None => write(&Settings::default().numbered(seed.into(), 0)?),
    }
}

/// Crosses the cases of two inputs. Returns `None` if one of them has no case.
pub fn crossed(one: &[u8], other: &[u8], seed: u32) -> Option<Vec<u8>> {
    let (one, other) = (vectors(one), vectors(other));
    write(&cross(&one.first()?.case, &other.first()?.case, seed.into()))
}

/// Copies an input into a buffer and returns its length. Returns `None` if the buffer is too small.
pub fn put(input: Option<&[u8]>, buffer: &mut [u8]) -> Option<usize> {
    let input = input?;
    buffer.get_mut(..input.len())?.copy_from_slice(input);
    Some(input.len())
}

fn write(case: &Case) -> Option<Vec<u8>> {
    serde_json::to_vec(case).ok()
}
