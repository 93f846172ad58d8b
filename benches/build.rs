//! Links `src/repeatable.c` into the benchmarks on Linux, where instructions are counted. It makes seeds and the wall clock
//! equal in every run.

fn main() {
    println!("cargo::rerun-if-changed=src/repeatable.c");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        for object in cc::Build::new().file("src/repeatable.c").compile_intermediates() {
            println!("cargo::rustc-link-arg-benches={}", object.display());
        }
    }
}
