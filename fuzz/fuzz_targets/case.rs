//! Runs a case or a file of vectors on every middleware. Panics if a divergence is not in the baseline.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod target {
    use std::{panic, process, sync::LazyLock};

    use cors_fuzz::{collection::Collection, inputs, targets::Targets};
    use libfuzzer_sys::{Corpus, fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

    static SETUP: LazyLock<(Targets, Option<Collection>)> = LazyLock::new(|| {
        // The hook of libFuzzer ends the process at any panic, but a panic of a middleware is an observation.
        drop(panic::take_hook());
        let collection = Collection::from_environment().map_err(|error| error.to_string());
        Targets::from_environment().and_then(|targets| Ok((targets, collection?))).unwrap_or_else(|error| {
            eprintln!("error: {error}");
            process::exit(2)
        })
    });

    fuzz_target!(init: LazyLock::force(&SETUP), |bytes: &[u8]| -> Corpus {
        let (targets, collection) = &*SETUP;
        let vectors = inputs::vectors(bytes);
        for (vector, finding) in vectors.iter().flat_map(|vector| targets.findings(vector).map(move |finding| (vector, finding))) {
            match collection.as_ref().map(|collection| collection.keep(targets, &finding, vector)) {
                None => panic!("{finding}"),
                Some(Ok(true)) => eprintln!("found: {}", finding.fingerprint),
                Some(Ok(false)) => {}
                Some(Err(error)) => panic!("{}: {error}", finding.fingerprint),
            }
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
    eprintln!("run this target with `cargo fuzz run case`");
}
