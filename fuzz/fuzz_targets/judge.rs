//! Passes any bytes to `judge`. Panics unless each line that is not blank has a line of JSON in the output.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    cors_fuzz::model::judge(bytes).unwrap_or_else(|wrong| panic!("{wrong}"));
});

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("run this target with `cargo fuzz run judge`");
}
