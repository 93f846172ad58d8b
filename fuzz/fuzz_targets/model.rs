//! Passes any bytes to the reference model, to the reader of cases and to the minimiser. Panics if they differ from naive
//! implementations.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    use cors_fuzz::model::{cases, headers, origins};
    let checked = origins(bytes).and_then(|()| headers(bytes)).and_then(|()| cases(bytes));
    checked.unwrap_or_else(|wrong| panic!("{wrong}"));
});

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("run this target with `cargo fuzz run model`");
}
