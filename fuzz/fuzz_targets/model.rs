//! Any bytes to the reference model and to what reads and shrinks cases: they agree with naive readings.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    use cors_fuzz::model::{cases, headers, origins};
    let checked = origins(bytes).and_then(|()| headers(bytes)).and_then(|()| cases(bytes));
    checked.unwrap_or_else(|wrong| panic!("{wrong}"));
});

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("this is run by `cargo fuzz run model`");
}
