//! Any bytes to `judge`: every line that is not blank has its line in the output, and each is JSON.

#![no_main]

use cors_conformance::judge::judge_stream;
use cors_reference::agent::STANDARD;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut output = Vec::new();
    let summary = judge_stream(bytes, &mut output, STANDARD);
    let lines = output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let judged = lines.map(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok());
    let judged = judged.collect::<Vec<_>>();
    let counted = summary.map_or(0, |summary| summary.judged + summary.errors);
    assert!(judged.len() == counted && judged.iter().all(|is_json| *is_json));
});
