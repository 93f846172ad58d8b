//! A case, or a file of vectors, against every middleware: nothing beyond the baseline.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod target {
    use std::{panic, process, sync::LazyLock};

    use cors_fuzz::{asked::Asked, collection::Collection, inputs};
    use libfuzzer_sys::{Corpus, fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

    static SETUP: LazyLock<(Asked, Option<Collection>)> = LazyLock::new(|| {
        // libFuzzer's own hook ends the process at any panic; those of the middlewares are observations.
        drop(panic::take_hook());
        let collection = Collection::of_environment().map_err(|error| error.to_string());
        Asked::of_environment().and_then(|asked| Ok((asked, collection?))).unwrap_or_else(|error| {
            eprintln!("error: {error}");
            process::exit(2)
        })
    });

    fuzz_target!(init: LazyLock::force(&SETUP), |bytes: &[u8]| -> Corpus {
        let (asked, collection) = &*SETUP;
        let vectors = inputs::vectors(bytes);
        for (vector, finding) in vectors.iter().flat_map(|vector| asked.findings(vector).map(move |it| (vector, it))) {
            match collection.as_ref().map(|collection| collection.keep(asked, &finding, vector)) {
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
    eprintln!("this is run by `cargo fuzz run case`");
}
