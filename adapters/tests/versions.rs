//! The version that an adapter tells is the one that is built.

use std::{fs, path::Path};

use cors_adapters::registry::middlewares;

#[test]
fn an_adapter_tells_the_version_in_the_lock_file() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).unwrap();
    for middleware in middlewares() {
        let description = middleware.describe();
        let entry = format!("name = \"{}\"\nversion = \"{}\"\n", description.package, description.version);
        assert!(lock.contains(&entry), "{entry}");
    }
}
