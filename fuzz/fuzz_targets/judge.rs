//! Any bytes to `judge`: every line that is not blank has its line in the output, and each is JSON.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    cors_fuzz::model::judge(bytes).unwrap_or_else(|wrong| panic!("{wrong}"));
});

#[cfg(not(fuzzing))]
fn main() {
    eprintln!("this is run by `cargo fuzz run judge`");
}
