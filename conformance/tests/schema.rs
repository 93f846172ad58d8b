//! The published schemas equal those of the types. `UPDATE_SCHEMAS=1 cargo test` updates them.

mod common;

use std::{fs, path::Path};

use cors_conformance::{case::vectors::FILES, report::json, schema::schemas};
use serde_json::Value;

fn here(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Returns the places in a JSON text that a published schema refuses, each once.
fn faults(schema: &str, text: &str) -> Vec<String> {
    let path = format!("{}/schemas/{schema}", env!("CARGO_MANIFEST_DIR"));
    let mut schemas = boon::Schemas::new();
    let index = boon::Compiler::new().compile(&path, &mut schemas).unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    let mut errors = Vec::from_iter(schemas.validate(&value, index).err());
    let mut leaves = Vec::new();
    while let Some(error) = errors.pop() {
        if error.causes.is_empty() {
            leaves.push(error.instance_location.to_string());
        }
        errors.extend(error.causes);
    }
    leaves.sort();
    leaves.dedup();
    leaves
}

#[test]
fn the_published_schemas_are_those_of_the_types() {
    for (name, schema) in schemas() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
        let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "{name}: UPDATE_SCHEMAS=1 cargo test");
    }
}

#[test]
fn a_result_file_is_what_its_schema_says() {
    let mut text = Vec::new();
    json::write(&common::report(), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("\"fingerprint\":\"unescaped-dot/over-grant/origin/"), "it has divergences");
    assert_eq!(faults("result.schema.json", &text), Vec::<String>::new());
    let wrong = text.replacen("\"severity\":\"high\"", "\"severity\":\"hihg\"", 1);
    assert_eq!(faults("result.schema.json", &wrong).len(), 1);
}

#[test]
fn the_vectors_and_the_baseline_of_this_repository_are_what_their_schemas_say() {
    for (file, text) in FILES {
        assert_eq!(faults("vectors.schema.json", text), Vec::<String>::new(), "{file}");
    }
    let baseline = here("baseline.json");
    assert_eq!(faults("baseline.schema.json", &baseline), Vec::<String>::new());
    let unsaid = baseline.replacen("\"link\": \"", "\"link\": \"\", \"ignored\": \"", 1);
    assert_eq!(faults("baseline.schema.json", &unsaid).len(), 2);
}
