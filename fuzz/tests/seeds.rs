//! The checked-in seeds, asked as the fuzz targets ask them, on stable Rust and without libFuzzer.

use std::{fs, path::Path};

use cors_conformance::report::reproduction::file_name;
use cors_fuzz::{asked::Asked, collection::Collection, inputs, model};

/// The seeds of a target, by name.
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
fn no_seed_of_case_finds_anything_beyond_the_baseline() {
    let asked = Asked::named(&[]).unwrap();
    for (file, bytes) in seeds("case") {
        let vectors = inputs::vectors(&bytes);
        assert_eq!(vectors.len(), 1, "{file} is no case");
        let findings: Vec<_> = vectors.iter().flat_map(|vector| asked.findings(vector)).collect();
        assert_eq!(findings, [], "{file}");
    }
}

#[test]
fn no_seed_of_model_or_judge_finds_anything() {
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
fn a_name_that_nothing_has_is_told_with_those_that_there_are() {
    let error = Asked::named(&["tower-http", "towerhttp"]).err().unwrap();
    assert!(
        error.contains("`towerhttp`") && error.contains("tower-http-0-6") && error.contains("reference"),
        "{error}"
    );
}

#[test]
fn a_wrong_server_is_found_and_how_to_replay_it_is_told() {
    let case = br#"{"policy": {"origins": ["https://app.example.com"]},
        "visits": [{"fetch": {"page_origin": "https://appxexample.com"}}]}"#;
    let asked = Asked::named(&["unescaped-dot"]).unwrap();
    let vectors = inputs::vectors(case);
    let finding = asked.findings(&vectors[0]).next().unwrap().to_string();
    assert!(finding.starts_with("unescaped-dot/over-grant/origin/dot."), "{finding}");
    assert!(finding.contains("cors-conformance run --adapter unescaped-dot --vector "), "{finding}");
}

#[test]
fn a_finding_is_collected_once_and_with_the_smallest_case_that_shows_it() {
    let case = br#"{"policy": {"origins": ["https://app.example.com"], "max_age": 7}, "visits": [
        {"fetch": {"page_origin": "https://app.example.com"}}, {"fetch": {"page_origin": "https://appxexample.com"}}]}"#;
    let folder = tempfile::tempdir().unwrap();
    let asked = Asked::named(&["unescaped-dot"]).unwrap();
    let vector = &inputs::vectors(case)[0];
    let finding = asked.findings(vector).next().unwrap();
    for is_new in [true, false] {
        let collection = Collection::of(folder.path().to_owned()).unwrap();
        assert_eq!(collection.keep(&asked, &finding, vector).unwrap(), is_new);
    }
    let file = folder.path().join(format!("{}.json", file_name(&finding.fingerprint)));
    let kept = &inputs::vectors(&fs::read(file).unwrap())[0];
    assert_eq!((kept.case.visits.len(), kept.case.policy.max_age), (1, None));
    assert_eq!(asked.findings(kept).next().unwrap().fingerprint, finding.fingerprint);
}
