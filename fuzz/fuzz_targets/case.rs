//! A case, or a file of vectors, against every middleware: nothing beyond the baseline.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod target {
    use std::{panic, process, sync::LazyLock};

    use cors_fuzz::{asked::Asked, inputs};
    use libfuzzer_sys::{Corpus, fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

    static ASKED: LazyLock<Asked> = LazyLock::new(|| {
        // libFuzzer's own hook ends the process at any panic; those of the middlewares are observations.
        drop(panic::take_hook());
        Asked::of_environment().unwrap_or_else(|error| {
            eprintln!("error: {error}");
            process::exit(2)
        })
    });

    fuzz_target!(init: LazyLock::force(&ASKED), |bytes: &[u8]| -> Corpus {
        let vectors = inputs::vectors(bytes);
        if let Some(finding) = vectors.iter().flat_map(|vector| ASKED.findings(vector)).next() {
            panic!("{finding}");
        }
        if vectors.is_empty() { Corpus::Reject } else { Corpus::Keep }
    });

    fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
        let mutant = inputs::mutated(&data[..size], seed);
        inputs::put(mutant.as_deref(), &mut data[..max_size]).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
    });

    fuzz_crossover!(|one: &[u8], other: &[u8], out: &mut [u8], seed: u32| {
        inputs::put(inputs::crossed(one, other, seed).as_deref(), out).unwrap_or(0)
    });
}

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("this is run by `cargo fuzz run case`");
}
