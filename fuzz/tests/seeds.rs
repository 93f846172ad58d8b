//! The checked-in seeds pass the checks of the fuzz targets, on stable Rust and without libFuzzer.

use std::{fs, path::Path};

use cors_conformance::report::reproduction::file_name;
use cors_fuzz::{collection::Collection, inputs, model, targets::Targets};

/// Returns the seeds of a target with their file names.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |path: std::path::PathBuf| (path.display().to_string(), fs::read(&path).unwrap());
    let mut seeds: Vec<_> = files.map(read).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "no seeds of {target}");
    seeds
}

#[test]
fn the_seeds_of_case_show_nothing_beyond_the_baseline() {
    let targets = Targets::named(&[]).unwrap();
    for (file, bytes) in seeds("case") {
        let vectors = inputs::vectors(&bytes);
        assert_eq!(vectors.len(), 1, "{file} is not a case");
        let findings: Vec<_> = vectors.iter().flat_map(|vector| targets.findings(vector)).collect();
        assert_eq!(findings, [], "{file}");
    }
}

#[test]
fn the_seeds_of_model_and_judge_pass_all_checks() {
    type Check = fn(&[u8]) -> Result<(), String>;
    let checks: [(&str, Check); 5] = [
        ("model", model::origins),
        ("model", model::headers),
        ("model", model::cases),
        ("case", model::cases),
        ("judge", model::judge),
    ];
    for (target, check) in checks {
        for (file, bytes) in seeds(target) {
            assert_eq!(check(&bytes), Ok(()), "{file}");
        }
    }
}

#[test]
fn the_error_for_an_unknown_name_lists_the_known_names() {
    let error = Targets::named(&["tower-http", "towerhttp"]).err().unwrap();
    assert!(
        error.contains("`towerhttp`") && error.contains("tower-http-0-6") && error.contains("reference"),
        "{error}"
    );
}

#[test]
fn a_finding_says_how_to_replay_it() {
    let case = br#"{"policy": {"origins": ["https://app.example.com"]},
        "visits": [{"fetch": {"page_origin": "https://appxexample.com"}}]}"#;
    let targets = Targets::named(&["unescaped-dot"]).unwrap();
    let vectors = inputs::vectors(case);
    let finding = targets.findings(&vectors[0]).next().unwrap().to_string();
    assert!(finding.starts_with("unescaped-dot/over-grant/origin/dot."), "{finding}");
    assert!(finding.contains("cors-conformance run --adapter unescaped-dot --vector "), "{finding}");
}

#[test]
fn a_finding_is_collected_once_with_its_smallest_case() {
    let case = br#"{"policy": {"origins": ["https://app.example.com"], "max_age": 7}, "visits": [
        {"fetch": {"page_origin": "https://app.example.com"}}, {"fetch": {"page_origin": "https://appxexample.com"}}]}"#;
    let folder = tempfile::tempdir().unwrap();
    let targets = Targets::named(&["unescaped-dot"]).unwrap();
    let vector = &inputs::vectors(case)[0];
    let finding = targets.findings(vector).next().unwrap();
    for is_new in [true, false] {
        let collection = Collection::of(folder.path().to_owned()).unwrap();
        assert_eq!(collection.keep(&targets, &finding, vector).unwrap(), is_new);
    }
    let file = folder.path().join(format!("{}.json", file_name(&finding.fingerprint)));
    let kept = &inputs::vectors(&fs::read(file).unwrap())[0];
    assert_eq!((kept.case.visits.len(), kept.case.policy.max_age), (1, None));
    assert_eq!(targets.findings(kept).next().unwrap().fingerprint, finding.fingerprint);
}
