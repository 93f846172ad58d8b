//! Mutants that are observed from another process: they hang, end their process or cost too much.

use super::mutant::Mutant;
use crate::{rules::robustness, self_check::response_edits::text};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "loops-on-three-names",
        wrong: "Loops forever on an Access-Control-Request-Headers with three or more names.",
        rule: &robustness::HANG,
        source: "https://github.com/advisories/GHSA-vh9x-phq6-fx54",
        serve: |served, request| {
            let names = text(request, "Access-Control-Request-Headers");
            let mut rest = names.as_str();
            while rest.matches(',').count() > 1 {
                // The correct code continues after the comma. This code reads the same bytes again.
                rest = std::hint::black_box(names.as_str());
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "ends-its-process",
        wrong: "Ends the process if Access-Control-Request-Headers has three or more names.",
        rule: &robustness::ABORT,
        source: "https://doc.rust-lang.org/std/process/fn.abort.html",
        serve: |served, request| {
            if text(request, "Access-Control-Request-Headers").matches(',').count() > 1 {
                // A stack overflow aborts the process like this, and so does a panic in a build with `panic = "abort"`.
                std::process::abort();
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "copies-what-is-left",
        wrong: "Copies the rest of Access-Control-Request-Headers for each name.",
        rule: &robustness::ALLOCATIONS,
        source: "https://github.com/advisories/GHSA-mh55-gqvf-xfwm",
        serve: |served, request| {
            let mut rest = text(request, "Access-Control-Request-Headers");
            while let Some((_, behind)) = rest.split_once(',') {
                rest = std::hint::black_box(behind.to_owned());
            }
            served.serve(request)
        },
    },
    Mutant {
        id: "looks-back-at-every-name",
        wrong: "Compares every name of Access-Control-Request-Headers with every earlier name, in lower-case copies.",
        rule: &robustness::TIME,
        source: "https://cwe.mitre.org/data/definitions/407.html",
        serve: |served, request| {
            let names = text(request, "Access-Control-Request-Headers");
            let mut repeats = 0_usize;
            for (index, name) in names.split(',').enumerate() {
                let name = name.to_ascii_lowercase();
                repeats += names.split(',').take(index).filter(|other| other.to_ascii_lowercase() == name).count();
            }
            std::hint::black_box(repeats);
            served.serve(request)
        },
    },
];
