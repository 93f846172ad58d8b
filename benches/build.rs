//! Gives the benchmarks, and nothing else, seeds and a wall clock that are the same in every run: see `src/repeatable.c`.
//! On Linux alone, where instructions are counted.

fn main() {
    println!("cargo::rerun-if-changed=src/repeatable.c");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        for object in cc::Build::new().file("src/repeatable.c").compile_intermediates() {
            println!("cargo::rustc-link-arg-benches={}", object.display());
        }
    }
}
