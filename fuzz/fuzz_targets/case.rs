//! A file of vectors or a bare case, against the reference server: no rule finds anything that weighs.

#![no_main]

use cors_adapters::reference_server::ReferenceServer;
use cors_conformance::{
    drive::{Driven, drive},
    rules::{Severity, evaluate},
    vectors::Loaded,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut loaded = Loaded::default();
    loaded.read("input", text);
    for vector in &loaded.vectors {
        if let Driven::Ran(run) = drive(&ReferenceServer, &vector.case) {
            let mut findings = evaluate(&run).findings;
            findings.retain(|(_, finding)| finding.severity > Severity::Low);
            assert!(findings.is_empty(), "{findings:#?}");
        }
    }
});
