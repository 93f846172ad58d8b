#!/bin/bash -eu
# Builds every fuzz target, and writes it with its seeds, dictionary, and options to $OUT, in the layout of ClusterFuzzLite
# and OSS-Fuzz.
cd "$SRC/cors-conformance"
cargo fuzz build -O --fuzz-dir fuzz --target-dir "$WORK/target"
for source in fuzz/fuzz_targets/*.rs; do
  target=$(basename "$source" .rs)
  cp "$WORK/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
  zip --quiet --junk-paths --recurse-paths "$OUT/${target}_seed_corpus.zip" "fuzz/seeds/$target"
  cp fuzz/cors.dict "$OUT/$target.dict"
  # .cargo/config.toml explains why leaks are not reported.
  printf '[libfuzzer]\ndict = %s.dict\nmax_len = 8192\nlen_control = 0\n[asan]\ndetect_leaks = 0\n' "$target" >"$OUT/$target.options"
done
