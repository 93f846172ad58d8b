//! The published schemas are those of the types. `UPDATE_SCHEMAS=1 cargo test` writes them anew.

use std::{fs, path::Path};

use cors_conformance::schema::schemas;

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
