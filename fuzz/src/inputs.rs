//! Inputs: what libFuzzer keeps as bytes, read, changed and written as cases.

use cors_conformance::{
    case::{
        Case,
        vectors::{Loaded, Vector},
    },
    search::generate::{Settings, cross, mutate},
};

/// The vectors of an input, which is a case or a file of vectors; none where it is neither.
pub fn vectors(bytes: &[u8]) -> Vec<Vector> {
    let mut loaded = Loaded::default();
    if let Ok(text) = std::str::from_utf8(bytes) {
        loaded.read("input", text);
    }
    loaded.vectors
}

/// The input after this one: the case mutated as a case, or a generated one, or nothing where it is the bytes' turn.
pub fn mutated(bytes: &[u8], seed: u32) -> Option<Vec<u8>> {
    // One in sixteen is for the reader of inputs.
    if seed.is_multiple_of(16) {
        return None;
    }
    match vectors(bytes).first() {
        Some(vector) => write(&mutate(&vector.case, seed.into())),
        None => write(&Settings::default().numbered(seed.into(), 0)?),
    }
}

/// A child of two inputs, or nothing where one of them is no case.
pub fn crossed(one: &[u8], other: &[u8], seed: u32) -> Option<Vec<u8>> {
    let (one, other) = (vectors(one), vectors(other));
    write(&cross(&one.first()?.case, &other.first()?.case, seed.into()))
}

/// Writes an input where there is room for it, and tells how long it is.
pub fn put(input: Option<&[u8]>, room: &mut [u8]) -> Option<usize> {
    let input = input?;
    room.get_mut(..input.len())?.copy_from_slice(input);
    Some(input.len())
}

fn write(case: &Case) -> Option<Vec<u8>> {
    serde_json::to_vec(case).ok()
}
